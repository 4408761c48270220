//! Versions of the declaration, and the signatures under them.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::id::Key;
use crate::once::Once;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::scalar::Date;
use async_graphql::{Enum, ID, Object};
use domain::Error;
use domain::id::{DeclarationId, SignatureId};
use std::collections::HashMap;
use std::sync::Arc;
use store::declaration::Declaration as Row;
use store::signature::Signature as SignatureRow;

/// How a signature stands.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::declaration::SignatureState")]
pub enum SignatureState {
    /// It was given, and holds.
    Live,
    /// Who gave it took it back.
    Withdrawn,
    /// The organisation that gave it closed.
    Ended,
}

/// Every version, read when the first of them is wanted.
pub(crate) struct Declarations {
    asked: Arc<Asked>,
    rows: Once<(), Arc<Vec<Arc<Row>>>>,
    counts: Once<(), Arc<HashMap<DeclarationId, i64>>>,
}

impl Declarations {
    /// Those there are.
    pub(crate) fn of(asked: &Arc<Asked>) -> Arc<Self> {
        Arc::new(Self {
            asked: Arc::clone(asked),
            rows: Once::default(),
            counts: Once::default(),
        })
    }

    /// All of them, the newest first.
    pub(crate) async fn all(self: &Arc<Self>) -> Result<Vec<Declaration>> {
        let read = || {
            Box::pin(async {
                let rows = store::declaration::all(&mut self.asked.read().await?).await?;
                Ok(Arc::new(rows.into_iter().map(Arc::new).collect()))
            })
        };
        let rows: Arc<Vec<Arc<Row>>> = self.rows.get((), read).await?;
        let one = |row: &Arc<Row>| Declaration {
            row: Arc::clone(row),
            together: Arc::clone(self),
        };
        Ok(rows.iter().map(one).collect())
    }

    /// The one with this id.
    async fn get(self: &Arc<Self>, id: DeclarationId) -> Result<Declaration> {
        let found = self.all().await?.into_iter().find(|one| one.row.id == id);
        let missing = || Error::internal(format!("declaration {id} is referred to and not there"));
        Ok(found.ok_or_else(missing)?)
    }

    async fn count(&self, id: DeclarationId) -> Result<i64> {
        let read = || {
            Box::pin(async {
                let mut conn = self.asked.read().await?;
                let ids: Vec<_> = store::declaration::all(&mut conn).await?;
                let ids: Vec<_> = ids.iter().map(|row| row.id).collect();
                let today = self.asked.today();
                let counts = store::signature::counts(&mut conn, &ids, today).await?;
                Ok(Arc::new(counts.into_iter().collect()))
            })
        };
        let counts: Arc<HashMap<DeclarationId, i64>> = self.counts.get((), read).await?;
        Ok(counts.get(&id).copied().unwrap_or(0))
    }
}

/// A version of the declaration.
#[derive(Clone)]
pub struct Declaration {
    row: Arc<Row>,
    together: Arc<Declarations>,
}

impl Declaration {
    /// The version with this number, or the newest; `None` when there is none.
    pub(crate) async fn numbered(asked: &Arc<Asked>, number: Option<i32>) -> Result<Option<Self>> {
        let all = Declarations::of(asked).all().await?;
        let wanted = |one: &Self| number.is_none_or(|number| one.row.number == number);
        Ok(all.into_iter().find(wanted))
    }

    /// The version with this id, after a mutation made it.
    pub(crate) async fn find(
        asked: &Arc<Asked>,
        id: Option<DeclarationId>,
    ) -> Result<Option<Self>> {
        match id {
            Some(id) => Declarations::of(&asked.renewed()).get(id).await.map(Some),
            None => Ok(None),
        }
    }
}

/// A version of what bodies declare when they sign: published once, never changed.
#[Object]
impl Declaration {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Declaration(self.row.id).id()
    }

    /// 1, 2, 3 and so on.
    async fn number(&self) -> i32 {
        self.row.number
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// What it says: paragraphs with an empty line between them.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// The day it was published, UTC.
    async fn published_on(&self) -> Date {
        Date(self.row.published_on)
    }

    /// How many organisations signed it whose signatures hold today.
    async fn signatory_count(&self) -> Result<i64> {
        self.together.count(self.row.id).await
    }

    /// The signatures under it that hold today, the oldest first. Give `first` or `last`.
    #[graphql(complexity = "cost::page(first, last, child_complexity)")]
    async fn signatures(
        &self,
        #[graphql(desc = "How many from the start, 1 to 100.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Signature>> {
        const LIST: &str = "signatures";
        let wanted = Wanted {
            first,
            after,
            last,
            before,
        };
        let page = wanted.page(LIST)?;
        let asked = &self.together.asked;
        let (id, today) = (self.row.id, asked.today());
        let rows = store::signature::page(&mut asked.read().await?, id, today, &page).await?;
        let more = rows.more;
        let rows = store::page::Rows {
            rows: Signature::all(asked, rows.rows),
            more,
        };
        let together = Arc::clone(&self.together);
        let total = Total::counted(move || {
            let together = Arc::clone(&together);
            async move { together.count(id).await }
        });
        let place = |one: &Signature| (String::new(), one.row.id.to_string());
        Ok(Connection::new(LIST, &page, rows, total, place))
    }
}

/// A signature, and those that were read with it.
#[derive(Clone)]
pub struct Signature {
    pub(crate) row: SignatureRow,
    organisations: Arc<Organisations>,
    declarations: Arc<Declarations>,
}

impl Signature {
    /// Those of these rows, in their order.
    pub(crate) fn all(asked: &Arc<Asked>, rows: Vec<SignatureRow>) -> Vec<Self> {
        let bodies = rows.iter().map(|row| row.organisation_id);
        let organisations = Organisations::named(asked, bodies);
        let declarations = Declarations::of(asked);
        let one = |row| Self {
            row,
            organisations: Arc::clone(&organisations),
            declarations: Arc::clone(&declarations),
        };
        rows.into_iter().map(one).collect()
    }

    /// The signature with this id, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, id: Option<SignatureId>) -> Result<Option<Self>> {
        let Some(id) = id else { return Ok(None) };
        let asked = asked.renewed();
        let row = store::signature::by_id(&mut asked.read().await?, id).await?;
        Ok(Self::all(&asked, vec![row]).pop())
    }
}

/// A signature of an organisation under a version of the declaration. Who gave it for the organisation stands in the
/// record.
#[Object]
impl Signature {
    /// Its opaque id.
    async fn id(&self) -> ID {
        Key::Signature(self.row.id).id()
    }

    /// What is signed.
    async fn declaration(&self) -> Result<Declaration> {
        self.declarations.get(self.row.declaration_id).await
    }

    /// Who signed.
    async fn organisation(&self) -> Result<Organisation> {
        self.organisations.get(self.row.organisation_id).await
    }

    /// The day it was given, UTC.
    async fn signed_on(&self) -> Date {
        Date(self.row.signed_on)
    }

    /// How it stands today.
    async fn state(&self) -> Result<SignatureState> {
        let body = self.organisations.get(self.row.organisation_id).await?;
        let today = self.organisations.asked.today();
        Ok(self.row.state(today, body.row.closed_on).into())
    }

    /// The day it was withdrawn, UTC; null while it was not.
    async fn withdrawn_on(&self) -> Option<Date> {
        self.row.withdrawn_on.map(Date)
    }

    /// Why it was withdrawn.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// Counts the changes to it, from 1. Whoever withdraws it says which version they saw.
    async fn version(&self) -> i64 {
        self.row.version
    }
}
