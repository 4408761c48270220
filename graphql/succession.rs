//! Successions and reorganisations: which body follows which.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::scalar::Date;
use crate::words::SuccessionKind;
use async_graphql::{Object, SimpleObject};
use domain::Error;
use domain::succession::{Pair, kind_of};
use std::sync::Arc;

/// Successions that were read together, by day, successor and predecessor, with the bodies they name.
pub(crate) struct Successions {
    pairs: Vec<Pair>,
    organisations: Arc<Organisations>,
}

impl Successions {
    /// Reads the bodies of `pairs`, which holds every succession of each of its days.
    pub(crate) async fn read(asked: &Arc<Asked>, mut pairs: Vec<Pair>) -> Result<Arc<Self>> {
        let ids = pairs
            .iter()
            .flat_map(|pair| [pair.predecessor, pair.successor]);
        let organisations = Organisations::named(asked, ids);
        let rows = organisations.rows().await?;
        let slug = |id| rows.get(&id).map(|row| row.slug.as_str());
        pairs.sort_by_key(|pair| (pair.on, slug(pair.successor), slug(pair.predecessor)));
        Ok(Arc::new(Self {
            pairs,
            organisations,
        }))
    }

    /// Those that `wanted` chooses.
    pub(crate) fn choose(&self, wanted: impl Fn(&Pair) -> bool) -> Vec<Succession> {
        let chosen = self.pairs.iter().filter(|pair| wanted(pair));
        chosen
            .map(|pair| Succession {
                pair: *pair,
                kind: kind_of(pair, &self.pairs).into(),
                organisations: Arc::clone(&self.organisations),
            })
            .collect()
    }
}

/// One predecessor and one successor.
#[derive(Clone)]
pub struct Succession {
    pair: Pair,
    kind: SuccessionKind,
    organisations: Arc<Organisations>,
}

/// One predecessor, one successor, and the successor's first day.
#[Object]
impl Succession {
    /// The first day of the successor, UTC.
    async fn on(&self) -> Date {
        Date(self.pair.on)
    }

    /// Whether bodies merged, one split, or one changed its form: told from all the successions of the day.
    async fn kind(&self) -> SuccessionKind {
        self.kind
    }

    /// The body that closed.
    async fn predecessor(&self) -> Result<Organisation> {
        self.organisations.get(self.pair.predecessor).await
    }

    /// The body that follows it.
    async fn successor(&self) -> Result<Organisation> {
        self.organisations.get(self.pair.successor).await
    }
}

/// All the successions of one day.
#[derive(SimpleObject)]
pub struct Reorganisation {
    /// The first day of the successors, UTC.
    on: Date,
    /// The successions of that day, by the successor's address and then the predecessor's.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    successions: Vec<Succession>,
}

/// The reorganisations from one day to another, both included, by day.
pub(crate) async fn reorganisations(
    asked: &Arc<Asked>,
    from: Date,
    to: Date,
) -> Result<Vec<Reorganisation>> {
    if from > to {
        let reason = format!(
            "The first day {} is after the last, {}; swap them.",
            from.0, to.0
        );
        return Err(Error::invalid("from", reason).into());
    }
    let pairs = store::succession::between(&mut asked.read().await?, from.0, to.0).await?;
    let all = Successions::read(asked, pairs).await?.choose(|_| true);
    let days = all.chunk_by(|a, b| a.pair.on == b.pair.on);
    Ok(days
        .map(|day| Reorganisation {
            on: Date(day[0].pair.on),
            successions: day.to_vec(),
        })
        .collect())
}
