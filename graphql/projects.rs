//! Projects that were read together, and what is read for all of them at once.

use crate::asked::Asked;
use crate::error::Result;
use crate::once::{Once, by, distinct};
use crate::organisation::search;
use crate::organisations::Organisations;
use crate::page::{Connection, Total, Wanted};
use crate::participation::Participations;
use crate::problems::Problems;
use crate::project::Project;
use crate::project_words::{Freshness, Phase, ProjectOrder};
use crate::said::Said;
use crate::standards::Standards;
use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use domain::Error;
use domain::gate::Facts;
use domain::id::{ProblemId, ProjectId};
use domain::policy::Team;
use std::collections::HashMap;
use std::sync::Arc;
use store::Conn;
use store::contribution::Contribution;
use store::gate::Gate;
use store::milestone::Milestone;
use store::output::Output;
use store::phase::PhaseChange;
use store::project::{Band, Filter, Order, Project as Row};

type Rows = HashMap<ProjectId, Arc<Row>>;

/// Projects that were read, or will be read, together.
pub(crate) struct Projects {
    /// The request.
    pub(crate) asked: Arc<Asked>,
    ids: Vec<ProjectId>,
    rows: Once<(), Arc<Rows>>,
    leads: Once<(), Arc<Organisations>>,
    parts: Once<(), Arc<Participations>>,
    teams: Once<(), Arc<HashMap<ProjectId, Team>>>,
    phases: Once<(), Each<PhaseChange>>,
    gates: Once<(), Each<Gate>>,
    facts: Once<(), Arc<HashMap<ProjectId, Facts>>>,
    milestones: Once<(), Each<Milestone>>,
    outputs: Once<(), Arc<Outputs>>,
    contributions: Once<(), Arc<Contributions>>,
    /// What they said of themselves.
    pub(crate) said: Said,
    problems: Once<(), Arc<WorkedOn>>,
}

/// What belongs to each project.
type Each<T> = Arc<HashMap<ProjectId, Vec<T>>>;

/// The outputs of projects, and the standards they name.
pub(crate) struct Outputs {
    /// Those of each.
    pub(crate) rows: HashMap<ProjectId, Vec<Output>>,
    /// Every standard that one of them names.
    pub(crate) standards: Arc<Standards>,
}

/// The contributions to projects, and who gives them.
pub(crate) struct Contributions {
    /// Those to each.
    pub(crate) rows: HashMap<ProjectId, Vec<Contribution>>,
    /// Every organisation that gives one of them.
    pub(crate) organisations: Arc<Organisations>,
}

/// The problems that projects work on.
pub(crate) struct WorkedOn {
    /// Those of each project.
    pub(crate) ids: HashMap<ProjectId, Vec<ProblemId>>,
    /// All of them.
    pub(crate) problems: Arc<Problems>,
}

/// Reads something of these projects once: `$read` with a connection and their ids, then `$then` of the rows.
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

impl Projects {
    /// Projects to be read when the first of them is wanted.
    pub(crate) fn named(asked: &Arc<Asked>, ids: impl IntoIterator<Item = ProjectId>) -> Arc<Self> {
        Arc::new(Self::with(asked, distinct(ids), Once::default()))
    }

    /// Projects that were read.
    pub(crate) fn read(asked: &Arc<Asked>, rows: impl IntoIterator<Item = Row>) -> Arc<Self> {
        let rows: Rows = rows
            .into_iter()
            .map(|row| (row.id, Arc::new(row)))
            .collect();
        let ids = distinct(rows.keys().copied());
        Arc::new(Self::with(asked, ids, Once::with(Arc::new(rows))))
    }

    fn with(asked: &Arc<Asked>, ids: Vec<ProjectId>, rows: Once<(), Arc<Rows>>) -> Self {
        Self {
            asked: Arc::clone(asked),
            ids,
            rows,
            leads: Once::default(),
            parts: Once::default(),
            teams: Once::default(),
            phases: Once::default(),
            gates: Once::default(),
            facts: Once::default(),
            milestones: Once::default(),
            outputs: Once::default(),
            contributions: Once::default(),
            said: Said::default(),
            problems: Once::default(),
        }
    }

    /// The ids of all of them, in order.
    pub(crate) fn ids(&self) -> &[ProjectId] {
        &self.ids
    }

    /// The rows of all of them.
    pub(crate) async fn rows(&self) -> Result<Arc<Rows>> {
        let by_id = |rows: Vec<Row>| {
            rows.into_iter()
                .map(|row| (row.id, Arc::new(row)))
                .collect::<Rows>()
        };
        once!(self.rows, store::project::by_ids, by_id)
    }

    /// One of them; `None` when there is no such project.
    pub(crate) async fn find(self: &Arc<Self>, id: ProjectId) -> Result<Option<Project>> {
        let row = self.rows().await?.get(&id).cloned();
        Ok(row.map(|row| Project {
            row,
            together: Arc::clone(self),
        }))
    }

    /// One of them that something else refers to.
    pub(crate) async fn get(self: &Arc<Self>, id: ProjectId) -> Result<Project> {
        let missing = || Error::internal(format!("project {id} is referred to and not there"));
        Ok(self.find(id).await?.ok_or_else(missing)?)
    }

    /// The organisations that lead them.
    pub(crate) async fn leads(&self) -> Result<Arc<Organisations>> {
        let name = || {
            Box::pin(async {
                let rows = self.rows().await?;
                let leads = rows.values().filter_map(|row| row.lead_id);
                Ok(Organisations::named(&self.asked, leads))
            })
        };
        self.leads.get((), name).await
    }

    /// Who takes part in each, was to, or did.
    pub(crate) async fn participations(&self) -> Result<Arc<Participations>> {
        let read = |rows| Participations::new(&self.asked, rows);
        once!(self.parts, store::participation::of, read)
    }

    /// Who works on each today; those without anybody are left out.
    pub(crate) async fn teams(&self) -> Result<Arc<HashMap<ProjectId, Team>>> {
        once!(self.teams, store::project::teams, |teams| teams)
    }

    /// The phases each went through.
    pub(crate) async fn phases(&self) -> Result<Each<PhaseChange>> {
        once!(self.phases, store::phase::of, |rows| by(
            rows,
            |row: &PhaseChange| row.project_id
        ))
    }

    /// The gates of each.
    pub(crate) async fn gates(&self) -> Result<Each<Gate>> {
        once!(self.gates, store::gate::of, |rows| by(
            rows,
            |row: &Gate| row.project_id
        ))
    }

    /// What is so in each, as far as gates ask.
    pub(crate) async fn facts(&self) -> Result<Arc<HashMap<ProjectId, Facts>>> {
        let read = || {
            Box::pin(async {
                let rows = self.rows().await?;
                let rows: Vec<Row> = rows.values().map(|row| (**row).clone()).collect();
                let today = self.asked.today();
                let facts = store::gate::facts(&mut self.asked.read().await?, today, &rows).await?;
                Ok(Arc::new(facts))
            })
        };
        self.facts.get((), read).await
    }

    /// The milestones of each.
    pub(crate) async fn milestones(&self) -> Result<Each<Milestone>> {
        let group = |rows| by(rows, |row: &Milestone| row.project_id);
        once!(self.milestones, store::milestone::of, group)
    }

    /// The outputs of each.
    pub(crate) async fn outputs(&self) -> Result<Arc<Outputs>> {
        let group = |rows: Vec<Output>| Outputs {
            standards: Standards::named(&self.asked, rows.iter().filter_map(|row| row.standard_id)),
            rows: by(rows, |row| row.project_id),
        };
        once!(self.outputs, store::output::of, group)
    }

    /// The problems that each works on.
    pub(crate) async fn problems(&self) -> Result<Arc<WorkedOn>> {
        let group = |pairs: Vec<(ProjectId, ProblemId)>| {
            let mut ids: HashMap<ProjectId, Vec<ProblemId>> = HashMap::new();
            for (project, problem) in &pairs {
                ids.entry(*project).or_default().push(*problem);
            }
            let problems = Problems::named(&self.asked, pairs.iter().map(|pair| pair.1));
            WorkedOn { ids, problems }
        };
        once!(self.problems, store::project::problems, group)
    }

    /// What is given to each.
    pub(crate) async fn contributions(&self) -> Result<Arc<Contributions>> {
        let group = |rows: Vec<Contribution>| Contributions {
            organisations: Organisations::named(
                &self.asked,
                rows.iter().filter_map(|row| row.organisation_id),
            ),
            rows: by(rows, |row| row.project_id),
        };
        once!(self.contributions, store::contribution::of, group)
    }
}

/// Which projects a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct ProjectFilter {
    /// Words that the title, the summary or the reason why it stopped holds, in any case.
    text: Option<String>,
    /// Only projects in one of these phases.
    phase: Option<Vec<Phase>>,
    /// Only projects in which this organisation takes part: its slug or a code.
    organisation: Option<String>,
    /// Only projects that work on this problem: its id or address.
    problem: Option<ID>,
    /// Only projects that are still worked on and whose last status (or start, where there is none) is so old.
    freshness: Option<Vec<Freshness>>,
}

impl ProjectFilter {
    /// The filter as the store takes it.
    async fn parse(self, asked: &Asked) -> Result<Filter> {
        let mut conn = asked.read().await?;
        Ok(Filter {
            text: self
                .text
                .map(|text| search("filter.text", text))
                .transpose()?,
            phases: self
                .phase
                .map(|phases| phases.into_iter().map(Into::into).collect()),
            organisation: match self.organisation {
                Some(name) => Some(crate::input::organisation(&mut conn, &name).await?),
                None => None,
            },
            problem: match &self.problem {
                Some(name) => Some(crate::input::problem_named(&mut conn, name).await?),
                None => None,
            },
            silent: match self.freshness {
                Some(wanted) => Some(bands(&mut conn, asked.today(), &wanted).await?),
                None => None,
            },
        })
    }
}

/// When the last status was posted of what is so fresh today, for each cadence that some project has.
async fn bands(conn: &mut Conn, today: NaiveDate, wanted: &[Freshness]) -> Result<Vec<Band>> {
    let cadences = store::project::cadences(conn).await?;
    let band = |cadence_days: i32, freshness: Freshness| {
        let freshness = domain::freshness::Freshness::from(freshness);
        let (first, last) = freshness.posted_between(cadence_days, today);
        Band {
            cadence_days,
            first,
            last,
        }
    };
    let bands = cadences
        .iter()
        .flat_map(|cadence| wanted.iter().map(|one| band(*cadence, *one)));
    Ok(bands.collect())
}

/// The name of a list in its cursors.
fn list(order: Order) -> &'static str {
    match order {
        Order::Title => "projects by title",
        Order::Newest => "projects by age",
        Order::Status => "projects by status",
    }
}

/// One page of the projects that a filter lets through.
pub(crate) async fn page(
    asked: &Arc<Asked>,
    filter: ProjectFilter,
    order: ProjectOrder,
    wanted: &Wanted,
) -> Result<Connection<Project>> {
    let order = Order::from(order);
    let page = wanted.page(list(order))?;
    let filter = filter.parse(asked).await?;
    let rows = store::project::page(&mut asked.read().await?, &filter, order, &page).await?;
    let together = Projects::read(asked, rows.rows.iter().cloned());
    let node = |row| Project {
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
        async move { Ok(store::project::count(&mut asked.read().await?, &filter).await?) }
    });
    let at = move |node: &Project| {
        let key = match order {
            Order::Title => node.row.title_key().to_owned(),
            Order::Newest => String::new(),
            Order::Status => node.row.status_key(),
        };
        (key, node.row.id.to_string())
    };
    Ok(Connection::new(list(order), &page, nodes, total, at))
}
