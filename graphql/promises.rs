//! What organisations that were read together signed and promised, and where they are told: read once for all.

use crate::asked::Asked;
use crate::commitment::Commitment;
use crate::declaration::Signature;
use crate::error::Result;
use crate::once::{Once, by};
use crate::webhook::Webhook;
use domain::id::OrganisationId;
use domain::policy::{About, Sight};
use std::collections::HashMap;
use std::sync::Arc;

/// Something of each.
type Each<T> = Arc<HashMap<OrganisationId, Vec<T>>>;

/// The signatures, commitments and webhooks of organisations.
pub(crate) struct Promises {
    asked: Arc<Asked>,
    ids: Vec<OrganisationId>,
    signatures: Once<(), Each<Signature>>,
    commitments: Once<(), Each<Commitment>>,
    webhooks: Once<(), Each<Webhook>>,
}

impl Promises {
    /// Those of these organisations, to be read when the first of them is wanted.
    pub(crate) fn of(asked: &Arc<Asked>, ids: &[OrganisationId]) -> Arc<Self> {
        Arc::new(Self {
            asked: Arc::clone(asked),
            ids: ids.to_vec(),
            signatures: Once::default(),
            commitments: Once::default(),
            webhooks: Once::default(),
        })
    }

    /// The signatures of one, the oldest first.
    pub(crate) async fn signatures(&self, id: OrganisationId) -> Result<Vec<Signature>> {
        let read = || {
            Box::pin(async {
                let mut conn = self.asked.read().await?;
                let rows = store::signature::of_organisations(&mut conn, &self.ids).await?;
                let all = Signature::all(&self.asked, rows);
                Ok(Arc::new(by(all, |one| one.row.organisation_id)))
            })
        };
        let all = self.signatures.get((), read).await?;
        Ok(all.get(&id).cloned().unwrap_or_default())
    }

    /// The commitments of one, the first due first.
    pub(crate) async fn commitments(&self, id: OrganisationId) -> Result<Vec<Commitment>> {
        let read = || {
            Box::pin(async {
                let mut conn = self.asked.read().await?;
                let rows = store::commitment::of_organisations(&mut conn, &self.ids).await?;
                let all = Commitment::all(&self.asked, rows);
                Ok(Arc::new(by(all, |one| one.row.organisation_id)))
            })
        };
        let all = self.commitments.get((), read).await?;
        Ok(all.get(&id).cloned().unwrap_or_default())
    }

    /// The webhooks of one, the oldest first: for who keeps its keys.
    pub(crate) async fn webhooks(&self, id: OrganisationId) -> Result<Vec<Webhook>> {
        let sees = |id: OrganisationId| {
            let viewer = &self.asked.viewer;
            viewer.sees(Sight::Keys, About::Organisation(id))
        };
        sees(id)?;
        let read = || {
            Box::pin(async {
                let seen = self.ids.iter().copied().filter(|id| sees(*id).is_ok());
                let seen: Vec<OrganisationId> = seen.collect();
                let mut conn = self.asked.read().await?;
                let rows = store::webhook::of_organisations(&mut conn, &seen).await?;
                drop(conn);
                let all = Webhook::all(&self.asked, rows).await?;
                let homed = all
                    .into_iter()
                    .filter_map(|one| Some((one.row.organisation_id?, one)));
                let mut of_each: HashMap<OrganisationId, Vec<Webhook>> = HashMap::new();
                for (home, one) in homed {
                    of_each.entry(home).or_default().push(one);
                }
                Ok(Arc::new(of_each))
            })
        };
        let all = self.webhooks.get((), read).await?;
        Ok(all.get(&id).cloned().unwrap_or_default())
    }
}
