//! Problems that were read together, and what is read for all of them at once.

use crate::asked::Asked;
use crate::error::Result;
use crate::once::{Once, by, distinct};
use crate::organisation::search;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::problem::Problem;
use crate::problem_words::{ProblemOrder, ProblemState};
use crate::projects::Projects;
use crate::standards::Standards;
use async_graphql::InputObject;
use domain::Error;
use domain::id::{ProblemId, ProjectId};
use domain::policy::Team;
use domain::service;
use std::collections::HashMap;
use std::sync::Arc;
use store::Conn;
use store::backing::Backing;
use store::merge::Merge;
use store::problem::{Filter, Order, Problem as Row};
use store::revision::Revision;
use store::suggestion::Suggestion;

type Rows = HashMap<ProblemId, Arc<Row>>;
type Each<T> = Arc<HashMap<ProblemId, Vec<T>>>;

/// Problems that were read, or will be read, together.
pub(crate) struct Problems {
    /// The request.
    pub(crate) asked: Arc<Asked>,
    ids: Vec<ProblemId>,
    rows: Once<(), Arc<Rows>>,
    owners: Once<(), Arc<Organisations>>,
    standards: Once<(), Arc<Standards>>,
    went_to: Once<(), Arc<Problems>>,
    backings: Once<(), Each<Backing>>,
    backers: Once<(), Arc<Organisations>>,
    revisions: Once<(), Each<Revision>>,
    authors: Once<(), Arc<Organisations>>,
    merges: Once<(), Arc<Vec<Merge>>>,
    merged: Once<(), Arc<Problems>>,
    suggestions: Once<(), Each<Suggestion>>,
    askers: Once<(), Arc<Organisations>>,
    teams: Once<(), Each<Team>>,
    projects: Once<(), Arc<Solved>>,
}

/// The projects that work on problems or did: those of each problem, and all of them.
pub(crate) type Solved = (HashMap<ProblemId, Vec<ProjectId>>, Arc<Projects>);

/// Reads something of these problems once: `$read` with a connection and their ids, then `$then` of the rows.
macro_rules! once {
    ($self:ident.$cell:ident, $read:path, $then:expr) => {{
        let read = || {
            Box::pin(async {
                let rows = $read(&mut $self.asked.read().await?, &$self.ids).await?;
                Ok(Arc::new($then(rows)))
            })
        };
        $self.$cell.get((), read).await
    }};
}

/// The organisations that some rows name, read once.
macro_rules! bodies {
    ($self:ident.$cell:ident, $rows:expr, $body:expr) => {{
        let name = || {
            Box::pin(async {
                let rows = $rows.await?;
                let bodies = rows.values().flatten().filter_map($body);
                Ok(Organisations::named(&$self.asked, bodies))
            })
        };
        $self.$cell.get((), name).await
    }};
}

impl Problems {
    /// Problems to be read when the first of them is wanted.
    pub(crate) fn named(asked: &Arc<Asked>, ids: impl IntoIterator<Item = ProblemId>) -> Arc<Self> {
        Arc::new(Self::with(asked, distinct(ids), Once::default()))
    }

    /// Problems that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let rows: Rows = rows
            .into_iter()
            .map(|row| (row.id, Arc::new(row)))
            .collect();
        let ids = distinct(rows.keys().copied());
        Arc::new(Self::with(asked, ids, Once::with(Arc::new(rows))))
    }

    fn with(asked: &Arc<Asked>, ids: Vec<ProblemId>, rows: Once<(), Arc<Rows>>) -> Self {
        Self {
            asked: Arc::clone(asked),
            ids,
            rows,
            owners: Once::default(),
            standards: Once::default(),
            went_to: Once::default(),
            backings: Once::default(),
            backers: Once::default(),
            revisions: Once::default(),
            authors: Once::default(),
            merges: Once::default(),
            merged: Once::default(),
            suggestions: Once::default(),
            askers: Once::default(),
            teams: Once::default(),
            projects: Once::default(),
        }
    }

    async fn rows(&self) -> Result<Arc<Rows>> {
        let by_id = |rows: Vec<Row>| {
            rows.into_iter()
                .map(|row| (row.id, Arc::new(row)))
                .collect::<Rows>()
        };
        once!(self.rows, store::problem::by_ids, by_id)
    }

    /// The projects that work on each or did.
    pub(crate) async fn projects(&self) -> Result<Arc<Solved>> {
        let group = |pairs: Vec<(ProblemId, ProjectId)>| {
            let mut ids: HashMap<ProblemId, Vec<ProjectId>> = HashMap::new();
            for (problem, project) in &pairs {
                ids.entry(*problem).or_default().push(*project);
            }
            let projects = Projects::named(&self.asked, pairs.iter().map(|pair| pair.1));
            (ids, projects)
        };
        once!(self.projects, store::project::of_problems, group)
    }

    /// One of them; `None` when there is no such problem.
    pub(crate) async fn find(self: &Arc<Self>, id: ProblemId) -> Result<Option<Problem>> {
        let row = self.rows().await?.get(&id).cloned();
        Ok(row.map(|row| Problem {
            row,
            together: Arc::clone(self),
        }))
    }

    /// One of them that something else refers to.
    pub(crate) async fn get(self: &Arc<Self>, id: ProblemId) -> Result<Problem> {
        let missing = || Error::internal(format!("problem {id} is referred to and not there"));
        Ok(self.find(id).await?.ok_or_else(missing)?)
    }

    /// The organisations that raised them.
    pub(crate) async fn owners(&self) -> Result<Arc<Organisations>> {
        let name = || {
            Box::pin(async {
                let rows = self.rows().await?;
                let owners = rows.values().filter_map(|row| row.organisation_id);
                Ok(Organisations::named(&self.asked, owners))
            })
        };
        self.owners.get((), name).await
    }

    /// The standards they are about.
    pub(crate) async fn standards(&self) -> Result<Arc<Standards>> {
        let name = || {
            Box::pin(async {
                let rows = self.rows().await?;
                let standards = rows.values().filter_map(|row| row.standard_id);
                Ok(Standards::named(&self.asked, standards))
            })
        };
        self.standards.get((), name).await
    }

    /// The problems they were merged into.
    pub(crate) async fn went_to(&self) -> Result<Arc<Self>> {
        let name = || {
            Box::pin(async {
                let rows = self.rows().await?;
                let into = rows.values().filter_map(|row| row.merged_into_id);
                Ok(Self::named(&self.asked, into))
            })
        };
        self.went_to.get((), name).await
    }

    /// The backings of each that hold, the oldest first.
    pub(crate) async fn backings(&self) -> Result<Each<Backing>> {
        let each = |rows| by(rows, |row: &Backing| row.problem_id);
        once!(self.backings, store::backing::of_problems, each)
    }

    /// The organisations that back one of them.
    pub(crate) async fn backers(&self) -> Result<Arc<Organisations>> {
        bodies!(self.backers, self.backings(), |row| Some(
            row.organisation_id
        ))
    }

    /// The revisions of each, the newest first.
    pub(crate) async fn revisions(&self) -> Result<Each<Revision>> {
        let each = |rows| by(rows, |row: &Revision| row.problem_id);
        once!(self.revisions, store::revision::of_problems, each)
    }

    /// The organisations for which a revision of one of them was written.
    pub(crate) async fn authors(&self) -> Result<Arc<Organisations>> {
        bodies!(self.authors, self.revisions(), |row| row.organisation_id)
    }

    /// The merges into and of all of them, the oldest first.
    pub(crate) async fn merges(&self) -> Result<Arc<Vec<Merge>>> {
        once!(self.merges, store::merge::of_problems, |rows| rows)
    }

    /// The problems that those merges are about.
    pub(crate) async fn merged(&self) -> Result<Arc<Self>> {
        let name = || {
            Box::pin(async {
                let merges = self.merges().await?;
                let ids = merges.iter().flat_map(|row| [row.problem_id, row.into_id]);
                Ok(Self::named(&self.asked, ids))
            })
        };
        self.merged.get((), name).await
    }

    /// The suggestions about each that everybody sees, the oldest first.
    pub(crate) async fn suggestions(&self) -> Result<Each<Suggestion>> {
        let each = |rows: Vec<Suggestion>| {
            let mut each: HashMap<ProblemId, Vec<Suggestion>> = HashMap::new();
            for row in rows {
                if let Some(id) = row.problem_id {
                    each.entry(id).or_default().push(row);
                }
            }
            each
        };
        once!(self.suggestions, store::suggestion::public_of, each)
    }

    /// The organisations for which one of those was written.
    pub(crate) async fn askers(&self) -> Result<Arc<Organisations>> {
        bodies!(self.askers, self.suggestions(), |row| row.organisation_id)
    }

    /// Who works on each of them today.
    pub(crate) async fn teams(&self) -> Result<Each<Team>> {
        let read = || {
            Box::pin(async {
                let teams = teams(&mut self.asked.read().await?, &self.ids).await?;
                Ok(Arc::new(teams))
            })
        };
        self.teams.get((), read).await
    }
}

/// Who works on each of these problems today.
pub(crate) async fn teams(
    conn: &mut Conn,
    ids: &[ProblemId],
) -> domain::Result<HashMap<ProblemId, Vec<Team>>> {
    let works = store::problem::worked_on(conn, ids).await?;
    let projects = distinct(works.iter().map(|(_, project)| *project));
    let teams = store::project::teams(conn, &projects).await?;
    let mut each: HashMap<ProblemId, Vec<Team>> = HashMap::new();
    for (problem, project) in works {
        each.entry(problem)
            .or_default()
            .extend(teams.get(&project).cloned());
    }
    Ok(each)
}

/// Which problems a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct ProblemFilter {
    /// Words that the title holds, in any case.
    text: Option<String>,
    /// Only problems in one of these states.
    state: Option<Vec<ProblemState>>,
    /// Only problems of this service, or of this area of services, by its code.
    service: Option<String>,
    /// Only problems with this tag.
    tag: Option<String>,
    /// Only problems that this organisation raised: its slug or a code.
    organisation: Option<String>,
    /// Only problems that this organisation backs: its slug or a code.
    backed_by: Option<String>,
    /// Only problems that many back and nobody works on, or only the others.
    orphan: Option<bool>,
}

impl ProblemFilter {
    /// The filter as the store takes it.
    async fn parse(self, asked: &Asked) -> Result<Filter> {
        let mut conn = asked.read().await?;
        let text = self.text.map(|text| search("filter.text", text));
        let service = self.service.map(|code| {
            service::find(&code)?;
            Ok::<_, Error>(service::within(&code.trim().to_ascii_lowercase()))
        });
        let mut body =
            async |name: Option<String>| crate::input::home(&mut conn, name.as_deref()).await;
        Ok(Filter {
            organisation: body(self.organisation).await?,
            backed_by: body(self.backed_by).await?,
            text: text.transpose()?,
            states: self
                .state
                .map(|all| all.into_iter().map(Into::into).collect()),
            services: service.transpose()?,
            tag: self.tag.map(|tag| domain::slug::from_words(&tag)),
            orphan: self.orphan,
        })
    }
}

/// One page of the problems that a filter lets through.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: ProblemFilter,
    order: ProblemOrder,
    wanted: &Wanted,
) -> Result<Connection<Problem>> {
    let order = Order::from(order);
    let list = match order {
        Order::Title => "problems by title",
        Order::Backers => "problems by backers",
        Order::Newest => "problems by day",
        Order::Updated => "problems by change",
    };
    let page = wanted.page(list)?;
    let filter = filter.parse(asked).await?;
    let rows = store::problem::page(&mut asked.read().await?, &filter, order, &page).await?;
    let together = Problems::read(asked, rows.rows.iter().cloned());
    let node = |row| Problem {
        row: Arc::new(row),
        together: Arc::clone(&together),
    };
    let nodes = store::page::Rows {
        rows: rows.rows.into_iter().map(node).collect(),
        more: rows.more,
    };
    let asked = Arc::clone(asked);
    let total = Total::counted(move || {
        let (asked, filter) = (Arc::clone(&asked), filter.clone());
        async move { Ok(store::problem::count(&mut asked.read().await?, &filter).await?) }
    });
    let place = |node: &Problem| order.place(&node.row);
    Ok(Connection::new(list, &page, nodes, total, place))
}

/// The problem at an address.
pub(crate) async fn by_slug(asked: &Arc<Asked>, slug: &str) -> Result<Option<Problem>> {
    let row = store::problem::by_slug(&mut asked.read().await?, slug).await?;
    Ok(row.map(|row| Problem {
        together: Problems::read(asked, [row.clone()]),
        row: Arc::new(row),
    }))
}
