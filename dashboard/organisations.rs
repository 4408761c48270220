//! The register of organisations, searched by words, nation, region, tier and the day they were open.

use askama::Template;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::answer::{Connection, Pager, Turn};
use crate::ask::{Ask, ORGANISATIONS, answer, render};
use crate::error::PageError;
use crate::form::{Choice, Field, Form};
use crate::frame::{Frame, PageContext};
use crate::params::{OrganisationsParams, chosen, day, word};
use crate::show::{Count, Day};
use crate::words::{Nation, OrganisationKind, OrganisationOrder, Tier, Word};

/// Organisations a page.
const SHOWN: u32 = 50;
const PATH: &str = "/organisations";

#[derive(Deserialize)]
struct Answer {
    organisations: Connection<Row>,
    groups: Vec<Region>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    slug: String,
    name: String,
    kind: OrganisationKind,
    tier: Option<Tier>,
    nation: Option<Nation>,
    region: Option<String>,
    population: Option<Count>,
    opened_on: Option<Day>,
    closed_on: Option<Day>,
}

#[derive(Deserialize)]
struct Region {
    name: String,
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct OrganisationsPage {
    frame: Frame,
    form: Form,
    open_on: Option<Day>,
    organisations: Connection<Row>,
    pager: Pager,
}

/// What was chosen, read from the query string.
struct Chosen {
    text: Option<String>,
    nation: Option<Nation>,
    region: Option<String>,
    tier: Option<Tier>,
    open_on: Option<Day>,
    order: OrganisationOrder,
}

impl Chosen {
    fn read(context: &PageContext, params: &OrganisationsParams) -> Result<Self, PageError> {
        // A form that was sent with its date emptied asks for bodies of any day; a first visit does not.
        let open_on = match &params.open_on {
            None => Some(Day(context.today)),
            Some(given) => day("open on", Some(given))?,
        };
        Ok(Self {
            text: chosen(params.text.as_deref()),
            nation: word("nation", params.nation.as_deref())?,
            region: chosen(params.region.as_deref()),
            tier: word("tier", params.tier.as_deref())?,
            open_on,
            order: word("order by", params.order.as_deref())?.unwrap_or(OrganisationOrder::Name),
        })
    }

    /// The pairs for an address. Unlike the others, an empty date means something and must stay.
    fn path_and_pairs(&self) -> (String, [(&'static str, Option<String>); 5]) {
        let open_on = self.open_on.map(|day| day.iso()).unwrap_or_default();
        let pairs = [
            ("text", self.text.clone()),
            (
                "nation",
                self.nation.map(|nation| nation.value().to_owned()),
            ),
            ("region", self.region.clone()),
            ("tier", self.tier.map(|tier| tier.value().to_owned())),
            ("order", Some(self.order.value().to_owned())),
        ];
        (format!("{PATH}?open_on={open_on}"), pairs)
    }

    fn filter(&self) -> Value {
        let pairs = [
            ("text", self.text.as_deref()),
            ("nation", self.nation.map(Word::value)),
            ("region", self.region.as_deref()),
            ("tier", self.tier.map(Word::value)),
        ];
        let given = pairs
            .into_iter()
            .filter_map(|(name, value)| Some((name.into(), json!(value?))));
        Value::Object(given.collect::<Map<_, _>>())
    }

    fn form(&self, regions: &[Region]) -> Form {
        let region = |region: &Region| Choice {
            value: region.name.clone(),
            label: region.name.clone(),
            selected: self.region.as_deref() == Some(&region.name),
        };
        Form {
            action: PATH.to_owned(),
            label: "Search organisations",
            fields: vec![
                Field::text("text", "Name", self.text.as_deref()),
                Field::word("nation", "Nation", Some("Any nation"), self.nation),
                Field::choice(
                    "region",
                    "Region",
                    Some("Any region"),
                    regions.iter().map(region),
                ),
                Field::word("tier", "Tier", Some("Any tier"), self.tier),
                Field::date("open_on", "Open on", self.open_on)
                    .hint("Empty it to include every body, open or closed."),
                Field::word("order", "Order by", None, Some(self.order)),
            ],
            kept: Vec::new(),
            button: "Search",
        }
    }
}

/// The page at `/organisations`.
///
/// # Errors
/// [`PageError::BadRequest`] if the query string asks for what cannot be; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn organisations(
    ask: &impl Ask,
    context: &PageContext,
    params: &OrganisationsParams,
) -> Result<String, PageError> {
    let chosen = Chosen::read(context, params)?;
    let turn = Turn::read(params.after.as_deref(), params.before.as_deref());
    let mut variables = turn.variables(SHOWN);
    variables.insert("filter".into(), chosen.filter());
    variables.insert("orderBy".into(), json!(chosen.order.value()));
    variables.insert("asOf".into(), json!(chosen.open_on.map(|day| day.iso())));
    let variables = Value::Object(variables);
    let found: Answer = answer(ask, ORGANISATIONS, &variables).await?;
    let (path, kept) = chosen.path_and_pairs();
    let info = &found.organisations.page_info;
    let page = OrganisationsPage {
        frame: Frame::new(context, "Organisations").asking(ORGANISATIONS, &variables),
        form: chosen.form(&found.groups),
        open_on: chosen.open_on,
        pager: Pager::both_ways("organisations", &path, &kept, turn, info),
        organisations: found.organisations,
    };
    render(ask, &page)
}
