//! Commitments: what organisations promised, how it ended, and how much of it was kept.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::scalar::Date;
use crate::standard::Standard;
use crate::standards::Standards;
use async_graphql::{Enum, ID, InputObject, Object, SimpleObject};
use domain::id::CommitmentId;
use std::sync::Arc;
use store::commitment::{Commitment as Row, Filter};

/// How a commitment ended.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::commitment::CommitmentOutcome")]
pub enum CommitmentOutcome {
    /// It was kept, by the day it was due.
    Kept,
    /// It was kept, but later.
    Late,
    /// It was given up.
    Dropped,
    /// It was not kept as promised, for a reason that is published.
    Explained,
}

/// A commitment, and what was read with it.
#[derive(Clone)]
pub struct Commitment {
    pub(crate) row: Row,
    organisations: Arc<Organisations>,
    standards: Arc<Standards>,
}

impl Commitment {
    /// Those of these rows, in their order.
    pub(crate) fn all(asked: &Arc<Asked>, rows: Vec<Row>) -> Vec<Self> {
        let bodies = rows.iter().map(|row| row.organisation_id);
        let organisations = Organisations::named(asked, bodies);
        let standards = Standards::named(asked, rows.iter().filter_map(|row| row.standard_id));
        let one = |row| Self {
            row,
            organisations: Arc::clone(&organisations),
            standards: Arc::clone(&standards),
        };
        rows.into_iter().map(one).collect()
    }

    /// The commitment with this id, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<CommitmentId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::commitment::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row]).pop())
    }
}

/// What a signatory promised for an organisation. It ends kept, late, dropped or explained: never silently.
#[Object]
impl Commitment {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Commitment(self.row.id).id()
    }

    /// Who promised it.
    async fn organisation(&self) -> Result<Organisation> {
        self.organisations.get(self.row.organisation_id).await
    }

    /// What was promised.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// The part of the declaration it follows from.
    async fn principle(&self) -> Option<&str> {
        self.row.principle.as_deref()
    }

    /// The day it was made, UTC.
    async fn made_on(&self) -> Date {
        Date(self.row.made_on)
    }

    /// The last day on which it can be kept, UTC.
    async fn due_on(&self) -> Date {
        Date(self.row.due_on)
    }

    /// Whether it is open after that day.
    async fn overdue(&self) -> bool {
        self.row.outcome.is_none() && self.organisations.asked.today() > self.row.due_on
    }

    /// The standard it is about.
    async fn standard(&self) -> Result<Option<Standard>> {
        match self.row.standard_id {
            Some(id) => self.standards.find(id).await,
            None => Ok(None),
        }
    }

    /// The id of the project it is about.
    async fn project_id(&self) -> Option<ID> {
        self.row.project_id.map(|id| Key::Project(id).id())
    }

    /// How it ended; null while it is open.
    async fn outcome(&self) -> Option<CommitmentOutcome> {
        self.row.outcome.map(Into::into)
    }

    /// The day it ended, UTC.
    async fn outcome_on(&self) -> Option<Date> {
        self.row.outcome_on.map(Date)
    }

    /// Why it ended so.
    async fn explanation(&self) -> Option<&str> {
        self.row.explanation.as_deref()
    }

    /// Counts the changes to it, from 1. Whoever says how it ended says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}

/// Which commitments a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct CommitmentFilter {
    /// Only those of this organisation: its slug or a code, such as `E07000223`.
    organisation: Option<String>,
    /// Only those about the standard at this address.
    standard: Option<String>,
    /// Only those that ended so.
    outcome: Option<CommitmentOutcome>,
    /// Only those that are (or are not) open.
    open: Option<bool>,
    /// Only those due before this day.
    due_before: Option<Date>,
}

impl CommitmentFilter {
    async fn parse(self, asked: &Asked) -> Result<Filter> {
        let mut conn = asked.read().await?;
        Ok(Filter {
            organisation: input::home(&mut conn, self.organisation.as_deref()).await?,
            standard: match self.standard {
                Some(slug) => Some(standard(&mut conn, &slug).await?),
                None => None,
            },
            project: None,
            outcome: self.outcome.map(Into::into),
            open: self.open,
            due_before: self.due_before.map(|day| day.0),
        })
    }
}

/// The standard at an address.
///
/// # Errors
/// [`domain::Error::NotFound`] when there is none.
pub(crate) async fn standard(
    conn: &mut store::Conn,
    slug: &str,
) -> domain::Result<domain::id::StandardId> {
    let row = store::standard::by_slug(conn, slug.trim()).await?;
    let missing = || domain::Error::not_found("standard", slug);
    Ok(row.ok_or_else(missing)?.id)
}

/// One page of commitments.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: CommitmentFilter,
    wanted: &Wanted,
) -> Result<Connection<Commitment>> {
    const LIST: &str = "commitments";
    let page = wanted.page(LIST)?;
    let filter = filter.parse(asked).await?;
    let rows = store::commitment::page(&mut asked.read().await?, &filter, &page).await?;
    let rows = store::page::Rows {
        rows: Commitment::all(asked, rows.rows),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let asked = Arc::clone(&asked);
        async move { Ok(store::commitment::count(&mut asked.read().await?, &filter).await?) }
    });
    let place = |one: &Commitment| (String::new(), one.row.id.to_string());
    Ok(Connection::new(LIST, &page, rows, total, place))
}

/// How commitments came out. The rate is kept / n; n counts every commitment that has ended, however it did, or is
/// overdue. Those that are open and not yet due are in no part of it.
#[derive(SimpleObject, Debug, Clone, PartialEq)]
pub struct KeptRate {
    /// The day it speaks of, UTC.
    as_of: Date,
    /// Kept by the day they were due.
    kept: i64,
    /// Kept later.
    late: i64,
    /// Given up.
    dropped: i64,
    /// Ended with an explanation.
    explained: i64,
    /// Open after the day they were due.
    overdue: i64,
    /// Open and not yet due: outside of the rate.
    open: i64,
    /// Of how many it is a rate: kept + late + dropped + explained + overdue.
    n: i64,
    /// kept / n; null when n is 0.
    rate: Option<f64>,
}

/// How the commitments of an organisation, or of all, have come out by today.
pub(crate) async fn kept_rate(asked: &Asked, organisation: Option<String>) -> Result<KeptRate> {
    let mut conn = asked.read().await?;
    let filter = Filter {
        organisation: input::home(&mut conn, organisation.as_deref()).await?,
        ..Filter::default()
    };
    let today = asked.today();
    let rate = store::commitment::kept_rate(&mut conn, &filter, today).await?;
    Ok(KeptRate {
        as_of: Date(today),
        kept: rate.kept,
        late: rate.late,
        dropped: rate.dropped,
        explained: rate.explained,
        overdue: rate.overdue,
        open: rate.open,
        n: rate.n(),
        rate: rate.rate(),
    })
}
