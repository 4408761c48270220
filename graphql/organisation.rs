//! Organisations: the bodies of the sector.

use crate::asked::Asked;
use crate::commitment::Commitment;
use crate::contact::Contact;
use crate::cost;
use crate::declaration::Signature;
use crate::error::{Nullable, Result};
use crate::group::Group;
use crate::id::Key;
use crate::invitation::Invitation;
use crate::membership::Membership;
use crate::notice::Notice;
use crate::organisations::Organisations;
use crate::page::{Connection, forward};
use crate::participation::{self, Participation};
use crate::position::{self, OrganisationAdoption};
use crate::scalar::{Date, DateTime};
use crate::succession::Succession;
use crate::token::Token;
use crate::webhook::Webhook;
use crate::words::{Nation, OrganisationKind, Tier};
use async_graphql::{ID, InputObject, Object, SimpleObject};
use domain::Error;
use std::sync::Arc;
use store::organisation::{Filter, Organisation as Row};

/// The longest text that is searched for, in bytes.
const LONGEST_SEARCH: usize = 200;

/// A body, and those that were read with it.
#[derive(Clone)]
pub struct Organisation {
    pub(crate) row: Arc<Row>,
    pub(crate) together: Arc<Organisations>,
}

/// A body of the sector: a council, an authority, a department, a supplier and so on.
#[Object]
impl Organisation {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        Key::Organisation(self.row.id).id()
    }

    /// Its address, such as `adur-district-council`.
    async fn slug(&self) -> &str {
        &self.row.slug
    }

    /// Its official name.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// What it is.
    async fn kind(&self) -> OrganisationKind {
        self.row.kind.into()
    }

    /// Its tier, when it is a council.
    async fn tier(&self) -> Option<Tier> {
        self.row.tier.map(Tier::from)
    }

    /// The nation it serves; null for the whole kingdom.
    async fn nation(&self) -> Option<Nation> {
        self.row.nation.map(Nation::from)
    }

    /// The English region it lies in.
    async fn region(&self) -> Option<&str> {
        self.row.region.as_deref()
    }

    /// Persons who live there, where it is known.
    async fn population(&self) -> Option<i64> {
        self.row.population()
    }

    /// Its first day, UTC; null when it was always there.
    async fn opened_on(&self) -> Option<Date> {
        self.row.opened_on.map(Date)
    }

    /// The first day it was no longer there, UTC; null while it is open.
    async fn closed_on(&self) -> Option<Date> {
        self.row.closed_on.map(Date)
    }

    /// The codes by which registers know it, its own first.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn codes(&self) -> Result<Vec<ExternalId>> {
        let codes = self.together.codes().await?;
        let rows = codes.get(&self.row.id).into_iter().flatten();
        Ok(rows.map(ExternalId::from).collect())
    }

    /// The bodies that closed into this one, by day and address.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn predecessors(&self) -> Result<Vec<Succession>> {
        let successions = self.together.successions().await?;
        Ok(successions.choose(|pair| pair.successor == self.row.id))
    }

    /// The bodies that this one closed into, by day and address.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn successors(&self) -> Result<Vec<Succession>> {
        let successions = self.together.successions().await?;
        Ok(successions.choose(|pair| pair.predecessor == self.row.id))
    }

    /// The groups it is a member of on a day, by kind and name.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn groups(
        &self,
        #[graphql(desc = "The day; today (UTC) if left out.")] as_of: Option<Date>,
    ) -> Result<Vec<Group>> {
        let day = self.together.asked.as_of(as_of);
        Ok(self.together.memberships().await?.on(self.row.id, day))
    }

    /// Where it stands with each standard that applies to it or of which it is known to have said something, by title.
    #[graphql(
        complexity = "cost::page(first, None, child_complexity).saturating_add(cost::STANDING)"
    )]
    async fn adoptions(
        &self,
        #[graphql(desc = "The day; today (UTC) if left out.")] as_of: Option<Date>,
        #[graphql(desc = "Only what was recorded by then counts; now if left out or yet to come.")]
        known_at: Option<DateTime>,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<OrganisationAdoption>> {
        let asked = &self.together.asked;
        let wanted = position::Wanted {
            as_of: asked.as_of(as_of),
            known_at: asked.known_at(known_at),
            page: forward(position::LIST, first, after)?,
        };
        let page = wanted.page.page();
        Ok(self
            .together
            .positions(wanted)
            .await?
            .of(self.row.id, &page))
    }

    /// The projects it takes part in, was invited to or asked for, or left, in the order in which that was proposed.
    #[graphql(complexity = "cost::page(first, None, child_complexity)")]
    async fn portfolio(
        &self,
        #[graphql(desc = "How many, 1 to 100. Required.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Participation>> {
        let wanted = forward(participation::PORTFOLIO, first, after)?;
        Ok(self
            .together
            .portfolios()
            .await?
            .portfolio(self.row.id, &wanted))
    }

    /// How it is reached: for its members and the unit. Null when nobody has said so.
    async fn contact(&self) -> Nullable<Contact> {
        let contact = self.together.affairs().contact(self.row.id).await;
        contact.transpose()
    }

    /// Who acts for it today, by the day they began: for its members and the unit.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn members(&self) -> Nullable<Vec<Membership>> {
        Some(self.together.affairs().members(Some(self.row.id)).await)
    }

    /// Its invitations that wait for an answer: for its leads.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn invitations(&self) -> Nullable<Vec<Invitation>> {
        Some(self.together.affairs().invitations(Some(self.row.id)).await)
    }

    /// Its tokens, also those that hold no more: for its leads.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn tokens(&self) -> Nullable<Vec<Token>> {
        Some(self.together.affairs().tokens(Some(self.row.id)).await)
    }

    /// What its lead was told, the newest first, at most 20: for its members and the unit.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn notices(&self) -> Nullable<Vec<Notice>> {
        Some(self.together.affairs().notices(Some(self.row.id)).await)
    }

    /// Its signatures under the declaration, the oldest first; those that hold no more as well.
    #[graphql(complexity = "cost::list(2, child_complexity)")]
    async fn signatures(&self) -> Result<Vec<Signature>> {
        self.together.promises().signatures(self.row.id).await
    }

    /// What it promised, the first due first.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn commitments(&self) -> Result<Vec<Commitment>> {
        self.together.promises().commitments(self.row.id).await
    }

    /// The addresses that changes are delivered to for it, the oldest first: for its leads.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn webhooks(&self) -> Nullable<Vec<Webhook>> {
        Some(self.together.promises().webhooks(self.row.id).await)
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }
}

/// A code by which a register knows a body.
#[derive(SimpleObject)]
pub struct ExternalId {
    /// Whose code it is, such as `gss` for the Office for National Statistics.
    scheme: String,
    /// The code.
    code: String,
    /// Whether it is another register's name for a body that has a code of its own there.
    alias: bool,
}

impl From<&store::code::ExternalId> for ExternalId {
    fn from(row: &store::code::ExternalId) -> Self {
        Self {
            scheme: row.scheme.clone(),
            code: row.code.clone(),
            alias: row.alias,
        }
    }
}

/// Which organisations a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct OrganisationFilter {
    /// Words that the name holds, in any case.
    text: Option<String>,
    /// Only bodies of this kind.
    kind: Option<OrganisationKind>,
    /// Only councils of this tier.
    tier: Option<Tier>,
    /// Only bodies of this nation.
    nation: Option<Nation>,
    /// Only bodies of this English region, by its exact name.
    region: Option<String>,
    /// Only bodies that were ever members of this group.
    group: Option<ID>,
    /// Only bodies that are (or are not) open on `asOf`, which is today (UTC) if left out.
    open: Option<bool>,
}

impl OrganisationFilter {
    /// The filter as the store takes it. `as_of` alone means: open that day.
    pub(crate) fn parse(self, asked: &Asked, as_of: Option<Date>) -> Result<Filter> {
        let group = self
            .group
            .map(|id| Key::group("filter.group", &id))
            .transpose()?;
        let day = asked.as_of(as_of);
        let open = self.open.or(as_of.map(|_| true));
        Ok(Filter {
            text: self
                .text
                .map(|text| search("filter.text", text))
                .transpose()?,
            kind: self.kind.map(Into::into),
            tier: self.tier.map(Into::into),
            nation: self.nation.map(Into::into),
            region: self.region,
            group,
            open_on: (open == Some(true)).then_some(day),
            not_open_on: (open == Some(false)).then_some(day),
        })
    }
}

/// Checks a text to search for.
pub(crate) fn search(field: &'static str, text: String) -> Result<String> {
    if text.len() > LONGEST_SEARCH {
        let reason = format!("Search for at most {LONGEST_SEARCH} bytes of text.");
        return Err(Error::invalid(field, reason).into());
    }
    Ok(text)
}

/// The one body at an address or with a code.
pub(crate) async fn organisation(
    asked: &Arc<Asked>,
    slug: Option<String>,
    code: Option<String>,
) -> Result<Option<Organisation>> {
    let mut conn = asked.read().await?;
    let row = match (slug, code) {
        (Some(slug), None) => store::organisation::by_slug(&mut conn, &slug).await?,
        (None, Some(code)) => match store::code::find(&mut conn, &code).await? {
            Some(id) => store::organisation::by_ids(&mut conn, &[id]).await?.pop(),
            None => None,
        },
        _ => return Err(Error::invalid("slug", "Give either `slug` or `code`.").into()),
    };
    Ok(row.map(|row| Organisation {
        together: Organisations::read(asked, [row.clone()]),
        row: Arc::new(row),
    }))
}
