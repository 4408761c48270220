//! Asks: what projects need of others, who was told, and what is offered.

use crate::asked::Asked;
use crate::cost;
use crate::error::Result;
use crate::id::Key;
use crate::input;
use crate::once::{Once, by};
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::project::Project;
use crate::projects::Projects;
use crate::scalar::DateTime;
use crate::status_words::{AskKind, AskState, RouteReason};
use async_graphql::{ID, InputObject, Object};
use domain::id::ProjectId;
use std::collections::HashMap;
use std::sync::Arc;
use store::ask::{Ask as Row, AskKey, Filter, Route};

/// The name of the list of asks in its cursors.
const LIST: &str = "asks, newest first";

/// Asks that were read together.
pub(crate) struct Asks {
    asked: Arc<Asked>,
    rows: Vec<Arc<Row>>,
    projects: Arc<Projects>,
    routes: Once<(), Arc<Routes>>,
}

/// Who was told of asks, and the bodies' rows.
struct Routes {
    rows: HashMap<AskKey, Vec<Route>>,
    organisations: Arc<Organisations>,
}

impl Asks {
    /// Asks that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: Vec<Row>) -> Arc<Self> {
        Arc::new(Self {
            asked: Arc::clone(asked),
            projects: Projects::named(asked, rows.iter().map(|row| row.project_id)),
            rows: rows.into_iter().map(Arc::new).collect(),
            routes: Once::default(),
        })
    }

    /// The asks with these keys: one statement, and none without keys.
    pub(crate) async fn with_keys(asked: &Arc<Asked>, keys: &[AskKey]) -> Result<Arc<Self>> {
        let rows = match keys {
            [] => Vec::new(),
            _ => store::ask::by_keys(&mut asked.read().await?, keys).await?,
        };
        Ok(Self::read(asked, rows))
    }

    /// One of them; `None` when there is no such ask.
    pub(crate) fn named(self: &Arc<Self>, key: AskKey) -> Option<Ask> {
        self.all().find(|ask| ask.row.key() == key)
    }

    /// All of them, in their order.
    pub(crate) fn all(self: &Arc<Self>) -> impl Iterator<Item = Ask> + '_ {
        self.rows.iter().map(|row| Ask {
            row: Arc::clone(row),
            together: Arc::clone(self),
        })
    }

    /// Those of one project, in their order.
    pub(crate) fn of(self: &Arc<Self>, project: ProjectId) -> Vec<Ask> {
        self.all()
            .filter(|ask| ask.row.project_id == project)
            .collect()
    }

    async fn routes(&self) -> Result<Arc<Routes>> {
        let read = || {
            Box::pin(async {
                let keys: Vec<AskKey> = self.rows.iter().map(|row| row.key()).collect();
                let rows = store::ask::routes(&mut self.asked.read().await?, &keys).await?;
                let bodies = rows.iter().map(|row| row.organisation_id);
                Ok(Arc::new(Routes {
                    organisations: Organisations::named(&self.asked, bodies),
                    rows: by(rows, |row| (row.project_id, row.ask_id)),
                }))
            })
        };
        self.routes.get((), read).await
    }
}

/// An ask, and those that were read with it.
#[derive(Clone)]
pub struct Ask {
    row: Arc<Row>,
    together: Arc<Asks>,
}

impl Ask {
    /// The ask with this key, after a mutation changed it.
    pub(crate) async fn find(asked: &Arc<Asked>, key: AskKey) -> Result<Self> {
        let row = store::ask::by_key(&mut asked.read().await?, key).await?;
        let asks = Asks::read(asked, vec![row.clone()]);
        Ok(Self {
            row: Arc::new(row),
            together: asks,
        })
    }
}

/// What a project asks of others. It goes to those who back one of its problems, and to those who said that they can
/// help with that kind of work; anybody may offer.
#[Object]
impl Ask {
    /// Its opaque id.
    pub(crate) async fn id(&self) -> ID {
        let (project, id) = self.row.key();
        Key::Ask(project, id).id()
    }

    /// Which project asks.
    async fn project(&self) -> Result<Project> {
        self.together.projects.get(self.row.project_id).await
    }

    /// Which kind of help.
    async fn kind(&self) -> AskKind {
        self.row.kind.into()
    }

    /// What for, in words.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// How far it has come.
    async fn state(&self) -> AskState {
        self.row.state.into()
    }

    /// When it was opened.
    async fn opened_at(&self) -> DateTime {
        DateTime(self.row.opened_at)
    }

    /// When it was closed; null while it is not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.row.closed_at.map(DateTime)
    }

    /// Who was told of it or came forward, at most 50 and who came forward, by id.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn told(&self) -> Result<Vec<Told>> {
        let routes = self.together.routes().await?;
        let rows = routes.rows.get(&self.row.key()).into_iter().flatten();
        Ok(rows
            .map(|row| Told {
                row: row.clone(),
                organisations: Arc::clone(&routes.organisations),
            })
            .collect())
    }

    /// Counts the changes to it, from 1.
    async fn version(&self) -> i64 {
        self.row.version
    }
}

/// An organisation that was told of an ask, and the bodies that were read with it.
pub struct Told {
    row: Route,
    organisations: Arc<Organisations>,
}

/// An organisation that was told of an ask or came forward, and what it offers.
#[Object]
impl Told {
    /// Which organisation.
    async fn organisation(&self) -> Result<Organisation> {
        self.organisations.get(self.row.organisation_id).await
    }

    /// Why it was told.
    async fn reason(&self) -> RouteReason {
        self.row.reason.into()
    }

    /// What it offers; null until it does.
    async fn offer(&self) -> Option<&str> {
        self.row.offer.as_deref()
    }

    /// When it offered.
    async fn offered_at(&self) -> Option<DateTime> {
        self.row.offered_at.map(DateTime)
    }
}

/// Which asks a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct AskFilter {
    /// Only asks for one of these kinds of help.
    kind: Option<Vec<AskKind>>,
    /// Only asks in one of these states.
    state: Option<Vec<AskState>>,
    /// Only asks of which this organisation was told, or to which it offered something: its slug or a code.
    organisation: Option<String>,
}

/// One page of asks, the newest first.
///
/// # Errors
/// `BAD_INPUT` for a page that is none; `NOT_FOUND` for an organisation that is not there.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: AskFilter,
    wanted: &Wanted,
) -> Result<Connection<Ask>> {
    let page = wanted.page(LIST)?;
    let mut conn = asked.read().await?;
    let filter = Filter {
        kinds: filter
            .kind
            .map(|all| all.into_iter().map(Into::into).collect()),
        states: filter
            .state
            .map(|all| all.into_iter().map(Into::into).collect()),
        told: match filter.organisation {
            Some(name) => Some(input::organisation(&mut conn, &name).await?),
            None => None,
        },
    };
    let rows = store::ask::page(&mut conn, &filter, &page).await?;
    drop(conn);
    let together = Asks::read(asked, rows.rows);
    let nodes = store::page::Rows {
        rows: together.all().collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, filter) = (Arc::clone(&asked), filter.clone());
        async move { Ok(store::ask::count(&mut asked.read().await?, &filter).await?) }
    });
    let at = |node: &Ask| (String::new(), node.row.id.to_string());
    Ok(Connection::new(LIST, &page, nodes, total, at))
}
