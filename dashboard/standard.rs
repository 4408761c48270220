//! One standard: its headline figure, its curve, what changed, why it applies and where each body stands.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Adoption, Connection, Event, Named, Pager, StateCount};
use crate::ask::{Ask, STANDARD, answer, render};
use crate::bar::Bar;
use crate::curve::{Curve, Run, SMALLEST_GROUP, Span};
use crate::deed::Deed;
use crate::error::PageError;
use crate::follow::follow;
use crate::form::{Field, Form};
use crate::frame::{Frame, PageContext};
use crate::link::{link, web_address};
use crate::params::{CutOffs, StandardParams, chosen, months_before, word};
use crate::reorganised::Reorganisation;
use crate::show::{Count, Day};
use crate::words::{
    ChangePart, Cut, OrganisationKind, Reach, Reason, Stage, StandardKind, State, Word,
};

/// Bodies a page.
const SHOWN: u32 = 25;

#[derive(Deserialize)]
struct Answer {
    standard: Option<Standard>,
    reorganisations: Vec<Reorganisation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Standard {
    id: String,
    title: String,
    kind: StandardKind,
    stage: Stage,
    summary: String,
    url: Option<String>,
    stages: Vec<StageDate>,
    versions: Vec<Version>,
    supersedes: Option<Named>,
    reasons: Vec<ReasonCount>,
    provisions: Vec<Provision>,
    adoption: Headline,
    whole: Vec<Run>,
    #[serde(default)]
    parts: Vec<Run>,
    adoption_change: Change,
    adopters: Connection<Adopter>,
}

#[derive(Deserialize)]
struct StageDate {
    stage: Stage,
    on: Option<Day>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    label: String,
    released_on: Option<Day>,
    url: Option<String>,
}

impl Standard {
    fn web(&self) -> Option<&str> {
        self.url.as_deref().and_then(web_address)
    }
}

impl Version {
    fn web(&self) -> Option<&str> {
        self.url.as_deref().and_then(web_address)
    }
}

#[derive(Deserialize)]
struct ReasonCount {
    reason: Reason,
    organisations: Count,
}

#[derive(Deserialize)]
struct Provision {
    reason: Reason,
    from: Option<Day>,
    to: Option<Day>,
    excluded: bool,
    note: Option<String>,
    kind: Option<OrganisationKind>,
    group: Option<Group>,
    organisation: Option<Named>,
}

#[derive(Deserialize)]
struct Group {
    name: String,
}

#[derive(Deserialize)]
struct Headline {
    #[serde(flatten)]
    figure: Adoption,
    population: Count,
    states: Vec<StateCount>,
}

#[derive(Deserialize)]
struct Change {
    from: Day,
    to: Day,
    before: Count,
    after: Count,
    difference: Count,
    adopted: Count,
    lapsed: Count,
    entered: Count,
    left: Count,
    inherited: Count,
    bodies: Vec<ChangedBody>,
}

#[derive(Deserialize)]
struct ChangedBody {
    part: ChangePart,
    organisation: Named,
}

impl Change {
    /// The parts with their counts and their bodies, in the order in which they are read.
    fn parts(&self) -> Vec<(ChangePart, Count, Vec<&Named>)> {
        let bodies = |part: ChangePart| {
            let of_part = self.bodies.iter().filter(move |body| body.part == part);
            of_part.map(|body| &body.organisation).collect()
        };
        let count = |part: &ChangePart| match part {
            ChangePart::Adopted => self.adopted,
            ChangePart::Lapsed => self.lapsed,
            ChangePart::Entered => self.entered,
            ChangePart::Left => self.left,
            ChangePart::Inherited => self.inherited,
        };
        ChangePart::ALL
            .iter()
            .map(|part| (*part, count(part), bodies(*part)))
            .collect()
    }
}

#[derive(Deserialize)]
struct Adopter {
    organisation: Named,
    state: State,
    since: Option<Day>,
    event: Option<Event>,
}

/// What was chosen, read from the query string.
struct Chosen {
    cut: CutOffs,
    by: Option<Cut>,
    reach: Reach,
    state: Option<State>,
    after: Option<String>,
}

impl Chosen {
    fn read(context: &PageContext, params: &StandardParams) -> Result<Self, PageError> {
        let cut = CutOffs::read(
            context,
            params.as_of.as_deref(),
            params.known_at.as_deref(),
            params.min_grade.as_deref(),
        )?;
        Ok(Self {
            cut,
            by: word("compare by", params.by.as_deref())?,
            reach: word("curve over", params.years.as_deref())?.unwrap_or(Reach::Five),
            state: word("state", params.state.as_deref())?,
            after: chosen(params.after.as_deref()),
        })
    }

    /// How many months the curve goes back, and the step of it that keeps its table readable.
    fn reach(&self) -> (u32, &'static str) {
        match self.reach {
            Reach::Two => (24, "MONTH"),
            Reach::Five => (60, "MONTH"),
            Reach::Ten => (120, "QUARTER"),
        }
    }

    fn from(&self) -> Day {
        months_before(self.cut.as_of, self.reach().0)
    }

    fn variables(&self, slug: &str) -> Value {
        let mut variables = self.cut.variables();
        let mut set = |name: &str, value: Value| variables.insert(name.to_owned(), value);
        set("slug", json!(slug));
        set("from", json!(self.from().iso()));
        set("yearBefore", json!(months_before(self.cut.as_of, 12).iso()));
        set("step", json!(self.reach().1));
        set("by", json!(self.by.map(Word::value)));
        set("cut", json!(self.by.is_some()));
        set("state", json!(self.state.map(|state| [state.value()])));
        set("first", json!(SHOWN));
        set("after", json!(self.after));
        Value::Object(variables)
    }

    /// What the figures and the curve are shown by, for an address.
    fn pairs(&self, context: &PageContext) -> Vec<(&'static str, Option<String>)> {
        let mut pairs = self.cut.pairs(context).to_vec();
        let reach = (self.reach != Reach::Five).then(|| self.reach.value().to_owned());
        pairs.push(("by", self.by.map(|by| by.value().to_owned())));
        pairs.push(("years", reach));
        pairs
    }

    fn form(&self, path: &str, context: &PageContext) -> Form {
        let known_at = ("known_at", self.cut.known_at.map(|moment| moment.iso()));
        let state = ("state", self.state.map(|state| state.value().to_owned()));
        Form {
            action: path.to_owned(),
            label: "Choose what the figures show",
            fields: vec![
                Field::date_until("as_of", "As of", self.cut.as_of, Day(context.today)),
                Field::word("by", "Compare by", Some("All bodies together"), self.by),
                Field::word(
                    "min_grade",
                    "Evidence at least",
                    Some("Any evidence"),
                    self.cut.min_grade,
                ),
                Field::word("years", "Curve over", None, Some(self.reach)),
            ],
            kept: Form::keep(&[known_at, state]),
            button: "Show",
        }
    }

    fn state_form(&self, path: &str, context: &PageContext) -> Form {
        Form {
            action: format!("{path}#bodies"),
            label: "Choose which bodies to list",
            fields: vec![Field::word("state", "State", Some("Any state"), self.state)],
            kept: Form::keep(&self.pairs(context)),
            button: "List",
        }
    }
}

#[derive(Template)]
#[template(path = "standard.html")]
struct StandardPage {
    frame: Frame,
    follow: Option<Deed>,
    standard: Standard,
    chosen: Chosen,
    curve: Curve,
    choose_figures: Form,
    choose_bodies: Form,
    pager: Pager,
    links: Links,
}

/// The addresses of what stands behind the figure.
struct Links {
    evidence: String,
    /// The same figure for good: with both cut-offs, it never changes.
    permanent: String,
    /// The page as it is known now.
    current: String,
    path: String,
    kept: Vec<(&'static str, Option<String>)>,
}

impl Links {
    fn of(path: &str, chosen: &Chosen, figure: &Adoption, context: &PageContext) -> Self {
        let kept = chosen.pairs(context);
        let known_at = |(name, value): &(&'static str, Option<String>)| match *name {
            "as_of" => (*name, Some(figure.as_of.iso())),
            "known_at" => (*name, Some(figure.known_at.iso())),
            _ => (*name, value.clone()),
        };
        let fixed: Vec<_> = kept.iter().map(known_at).collect();
        let now: Vec<_> = kept
            .iter()
            .filter(|(name, _)| *name != "known_at")
            .cloned()
            .collect();
        Self {
            evidence: link(&format!("{path}/evidence"), &fixed[..3]),
            permanent: link(path, &fixed),
            current: link(path, &now),
            path: path.to_owned(),
            kept,
        }
    }

    /// The list of the bodies in a state.
    fn bodies(&self, state: State) -> String {
        let state = [("state", Some(state.value().to_owned()))];
        link(&self.path, &[self.kept.as_slice(), &state].concat()) + "#bodies"
    }
}

impl StandardPage {
    fn figure(&self) -> &Adoption {
        &self.standard.adoption.figure
    }

    fn bar(&self) -> Bar {
        let figure = self.figure();
        Bar::of(figure.adopted.0, figure.unknown.0, figure.counted().0)
    }

    fn state_bar(&self, count: &StateCount) -> Bar {
        let whole = self.figure().eligible.0;
        match count.state {
            State::Unknown => Bar::of(0, count.organisations.0, whole),
            _ => Bar::of(count.organisations.0, 0, whole),
        }
    }
}

/// The page at `/standards/{slug}`.
///
/// # Errors
/// [`PageError::NotFound`] if no standard has the slug; [`PageError::BadRequest`] if the query string
/// asks for what cannot be; as [`Ask::ask`]; and [`PageError::Failed`] if the answer does not have the
/// shape of the page.
pub async fn standard(
    ask: &impl Ask,
    context: &PageContext,
    slug: &str,
    params: &StandardParams,
) -> Result<String, PageError> {
    let chosen = Chosen::read(context, params)?;
    let variables = chosen.variables(slug);
    let found: Answer = answer(ask, STANDARD, &variables).await?;
    let standard = found.standard.ok_or(PageError::NotFound)?;
    let path = format!("/standards/{slug}");
    let span = Span {
        from: chosen.from(),
        to: chosen.cut.as_of,
        standard: &standard.title,
    };
    let state = ("state", chosen.state.map(|state| state.value().to_owned()));
    let kept = [chosen.pairs(context), vec![state]].concat();
    let info = &standard.adopters.page_info;
    let page = StandardPage {
        frame: Frame::new(context, &standard.title)
            .asking(STANDARD, &variables)
            .feed("standard", slug),
        follow: follow(context, &standard.id, &standard.title),
        curve: Curve::of(
            &span,
            &standard.whole,
            &standard.parts,
            &found.reorganisations,
        ),
        choose_figures: chosen.form(&path, context),
        choose_bodies: chosen.state_form(&path, context),
        pager: Pager::onwards(
            "bodies",
            &path,
            "#bodies",
            &kept,
            chosen.after.as_deref(),
            info,
        ),
        links: Links::of(&path, &chosen, &standard.adoption.figure, context),
        chosen,
        standard,
    };
    render(ask, &page)
}
