//! Every mutation by every kind of viewer, each by a real token in the database, against a reviewed table.

#[path = "matrix/follow.rs"]
mod follow;
#[path = "matrix/projects.rs"]
mod projects;
#[path = "matrix/status.rs"]
mod status;

use crate::id::Key;
use crate::people_sample::{
    Home, admit, bearer, invitation, invited, issued, member, revoked, unappoint,
};
use crate::recording::row;
use crate::sample::Sample;
use crate::testing::{Fixture, ask};
use domain::id::OrganisationId;
use domain::policy::{Role, Viewer};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use std::fmt::Write;
use store::Store;

/// What a row's mutation is tried on; made anew for every cell.
#[derive(Clone, Copy)]
pub(crate) enum On {
    /// Whatever this makes in the store, where Ash leads and Dale is a partner of what has a team; it is given a name
    /// that no other cell has.
    Made(Make),
    /// Nothing that has to be there.
    Nothing,
    /// A membership of the council or the unit.
    Member { unit: bool },
    /// An invitation by the council or the unit to its own affairs.
    Invitation { unit: bool },
    /// That the unit has invited nobody to lead the council.
    Vacancy,
    /// An invitation by the unit to lead the council.
    Appointment,
    /// A token of the council or the unit.
    Token { unit: bool },
    /// The contact details of the council.
    Contact,
    /// A person without membership.
    Person,
}

/// Makes something in the store: its id, and its version or another part of the input.
pub(crate) type Make = for<'a> fn(&'a Store, &'a str) -> BoxFuture<'a, (Value, Value)>;

/// A mutation, in words what it is tried on, and its input: given the id and the version (or the secret) of that.
pub(crate) type Row = (&'static str, &'static str, On, fn(Value, Value) -> Value);

#[rustfmt::skip]
const SECTOR: &[Row] = &[
    ("recordAdoption", "for the council", On::Nothing, |_, _| row(json!({}))),
    ("recordAdoptions", "for the council", On::Nothing, |_, _| json!({"rows": [row(json!({}))]})),
    ("runJob", "", On::Nothing, |_, _| json!({"job": "adoption_snapshot"})),
    ("inviteMember", "an editor of the council", On::Nothing, |_, _| json!({"organisation": "ash", "role": "EDITOR"})),
    ("inviteMember", "a first lead of the council", On::Vacancy, |_, _| json!({"organisation": "ash", "role": "LEAD"})),
    ("inviteMember", "an administrator of the unit", On::Nothing, |_, _| json!({"role": "ADMIN"})),
    ("answerInvitation", "to the council, by link", On::Invitation { unit: false }, |_, secret| json!({"secret": secret, "accept": true})),
    ("withdrawInvitation", "of the council", On::Invitation { unit: false }, |id, _| json!({"invitation": id, "expectedVersion": 1})),
    ("withdrawInvitation", "of the unit, to lead the council", On::Appointment, |id, _| json!({"invitation": id, "expectedVersion": 1})),
    ("withdrawInvitation", "of the unit, to the unit", On::Invitation { unit: true }, |id, _| json!({"invitation": id, "expectedVersion": 1})),
    ("changeMembership", "of the council", On::Member { unit: false }, |id, _| json!({"membership": id, "role": "SIGNATORY", "expectedVersion": 1})),
    ("changeMembership", "of the unit", On::Member { unit: true }, |id, _| json!({"membership": id, "role": "ADMIN", "expectedVersion": 1})),
    ("endMembership", "of the council", On::Member { unit: false }, |id, _| json!({"membership": id, "expectedVersion": 1})),
    ("endMembership", "of the unit", On::Member { unit: true }, |id, _| json!({"membership": id, "expectedVersion": 1})),
    ("updateContact", "of the council", On::Contact, |name, version| json!({"organisation": "ash", "name": name, "expectedVersion": version})),
    ("issueToken", "of the council", On::Nothing, |_, _| json!({"organisation": "ash", "name": "n", "role": "EDITOR"})),
    ("issueToken", "of the unit", On::Nothing, |_, _| json!({"name": "n", "role": "ANALYST"})),
    ("revokeToken", "of the council", On::Token { unit: false }, |id, _| json!({"token": id})),
    ("revokeToken", "of the unit", On::Token { unit: true }, |id, _| json!({"token": id})),
    ("erasePerson", "somebody", On::Person, |id, _| json!({"person": id})),
];

/// The rows of each part of the sector, and the reviewed table of what comes of them.
const PARTS: &[(&[Row], &str)] = &[
    (SECTOR, include_str!("matrix/sector.txt")),
    (projects::PROJECTS, include_str!("matrix/projects.txt")),
    (status::STATUS, include_str!("matrix/status.txt")),
    (
        crate::problem_sample::ROWS,
        include_str!("matrix/problems.txt"),
    ),
    (follow::FOLLOW, include_str!("matrix/follow.txt")),
];

/// A token's role, the body it acts for (none for the unit's), and in how many days it ends: below zero, it has.
type Held = (Role, &'static str, i64);

/// The kinds of viewers: the council is Ash. `None` is anonymous.
#[rustfmt::skip]
const VIEWERS: &[(&str, Option<Held>)] = &[
    ("anonymous", None),
    ("other editor", Some((Role::Editor, "birch", 1))),
    ("own editor", Some((Role::Editor, "ash", 1))),
    ("own signatory", Some((Role::Signatory, "ash", 1))),
    ("own lead", Some((Role::Lead, "ash", 1))),
    ("partner", Some((Role::Editor, "dale", 1))),
    ("supplier", Some((Role::Editor, "firm", 1))),
    ("analyst", Some((Role::Analyst, "", 1))),
    ("admin", Some((Role::Admin, "", 1))),
    ("expired", Some((Role::Lead, "ash", -1))),
    ("revoked", Some((Role::Lead, "ash", 1))),
];

/// A sector with a token for every kind of viewer.
struct Scene {
    fixture: Fixture,
    ash: OrganisationId,
    viewers: Vec<(&'static str, Option<String>)>,
    made: usize,
}

impl Scene {
    async fn set(fixture: Fixture) -> Self {
        let ash = Sample::fill(&fixture.store).await.ash;
        let mut viewers = Vec::new();
        for (name, token) in VIEWERS {
            let Some((role, slug, days)) = token else {
                viewers.push((*name, None));
                continue;
            };
            let mut conn = fixture.store.read().await.unwrap();
            let home = store::organisation::by_slug(&mut conn, slug).await.unwrap();
            drop(conn);
            let home = home.map(|body| body.id);
            let (id, hash) = issued(&fixture.store, (home, *role), *days).await;
            if *name == "revoked" {
                revoked(&fixture.store, id).await;
            }
            viewers.push((*name, Some(hash)));
        }
        Self {
            fixture,
            ash,
            viewers,
            made: 0,
        }
    }

    /// Makes what a cell is tried on: its id, and its version or secret.
    async fn make(&mut self, on: On) -> (Value, Value) {
        let store = &self.fixture.store;
        self.made += 1;
        let name = format!("nobody{}", self.made);
        let home = |unit: bool| -> Home { (!unit).then_some(self.ash) };
        let first = |unit: bool| if unit { Role::Analyst } else { Role::Editor };
        let invitation_id = |id| json!(Key::Invitation(id).id());
        match on {
            On::Made(make) => make(store, &name).await,
            On::Nothing => (Value::Null, Value::Null),
            On::Member { unit } => {
                let (_, id) = member(store, &name, home(unit), first(unit)).await;
                (json!(Key::Membership(id).id()), json!(1))
            }
            On::Invitation { unit } => {
                let (id, secret) = invitation(store, home(unit), first(unit)).await;
                (invitation_id(id), json!(secret))
            }
            On::Vacancy => {
                unappoint(store, Some(self.ash)).await;
                (Value::Null, Value::Null)
            }
            On::Appointment => {
                unappoint(store, Some(self.ash)).await;
                let of_ash = (Some(self.ash), Role::Lead);
                let (id, secret) = invited(store, &Viewer::Operator, of_ash, None).await;
                (invitation_id(id), json!(secret))
            }
            On::Token { unit } => {
                let (id, _) = issued(store, (home(unit), first(unit)), 1).await;
                (json!(Key::Token(id).id()), json!(1))
            }
            On::Contact => {
                let mut conn = store.read().await.unwrap();
                let rows = store::contact::get(&mut conn, &[self.ash]).await.unwrap();
                (json!(name), json!(rows.first().map(|row| row.version)))
            }
            On::Person => {
                let id = admit(store, &name).await;
                (json!(Key::Person(id).id()), Value::Null)
            }
        }
    }

    async fn changes(&self) -> usize {
        let mut conn = self.fixture.store.read().await.unwrap();
        let all = store::change::after(&mut conn, None, 1_000_000).await;
        all.unwrap().len()
    }

    async fn refusals(&self) -> i64 {
        let mut conn = self.fixture.store.read().await.unwrap();
        store::refusal::count(&mut conn).await.unwrap()
    }

    /// What comes of a mutation: `yes`, or the code with which it is refused. A refusal changes nothing and is kept.
    async fn cell(&mut self, row: &Row, hash: Option<&str>) -> String {
        let (mutation, what, on, input) = row;
        let (id, other) = self.make(*on).await;
        let viewer = match hash {
            None => Viewer::Anonymous,
            Some(hash) => match bearer(&self.fixture.store, hash).await {
                Ok(viewer) => viewer,
                // Whoever comes with such a token is refused before any of the request is run.
                Err(refused) => return refused.code().to_owned(),
            },
        };
        let (changes, refusals) = (self.changes().await, self.refusals().await);
        let variables = json!({"input": input(id, other)});
        let answer = ask(
            &self.fixture.schema,
            &viewer,
            &document(mutation),
            variables,
        )
        .await;
        let told = told(&answer);
        let (changed, refused) = (
            self.changes().await - changes,
            self.refusals().await - refusals,
        );
        if told == "yes" {
            assert!(changed > 0 && refused == 0, "{mutation} {what}: {answer}");
        } else {
            assert_eq!((changed, refused), (0, 1), "{mutation} {what}: {answer}");
        }
        told
    }

    /// What comes of each row for each viewer, in words.
    async fn table(&mut self, rows: &[Row]) -> String {
        let mut table = String::new();
        for row in rows {
            let (mutation, what, ..) = row;
            writeln!(table, "{}", format!("{mutation} {what}").trim_end()).unwrap();
            let mut cells: Vec<(String, Vec<&str>)> = Vec::new();
            for (name, hash) in self.viewers.clone() {
                let told = self.cell(row, hash.as_deref()).await;
                match cells.iter_mut().find(|(code, _)| *code == told) {
                    Some((_, names)) => names.push(name),
                    None => cells.push((told, vec![name])),
                }
            }
            cells.sort_by_key(|(code, _)| (code != "yes", code.clone()));
            for (code, names) in cells {
                writeln!(table, "  {code}: {}", names.join(", ")).unwrap();
            }
        }
        table
    }
}

/// The document of a mutation, which asks for nothing but faults.
pub(crate) fn document(mutation: &str) -> String {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let of_rows = match mutation {
        "recordAdoptions" => "results { userErrors { code } }",
        _ => "",
    };
    format!(
        "mutation ($input: {kind}!) {{ done: {mutation}(input: $input) {{ userErrors {{ code message }} {of_rows} }} }}"
    )
}

/// `yes`, or the code of the first fault of an answer.
pub(crate) fn told(answer: &Value) -> String {
    let done = &answer["data"]["done"];
    let faults = [
        &answer["errors"][0]["extensions"]["code"],
        &done["userErrors"][0]["code"],
        &done["results"][0]["userErrors"][0]["code"],
    ];
    let code = faults.iter().find_map(|code| code.as_str());
    code.unwrap_or("yes").to_owned()
}

#[tokio::test]
async fn the_printed_matrix_of_mutations_and_viewers_is_the_reviewed_one() {
    for fixture in Fixture::each().await {
        let mut scene = Scene::set(fixture).await;
        for (rows, reviewed) in PARTS {
            let table = scene.table(rows).await;
            assert_eq!(table, *reviewed, "\n{table}");
        }
    }
}

#[test]
fn every_mutation_of_the_schema_has_a_row() {
    let mutations = crate::sdl();
    let start = mutations.split("\ntype Mutation {\n").nth(1).unwrap();
    let fields = start.split("\n}\n").next().unwrap().lines();
    let named = fields
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix('('))
        .filter(|name| name.chars().all(char::is_alphabetic));
    let named: std::collections::BTreeSet<&str> = named.collect();
    assert!(named.len() > 10, "{named:?}");
    let rows: std::collections::BTreeSet<&str> = PARTS
        .iter()
        .flat_map(|(rows, _)| *rows)
        .map(|row| row.0)
        .collect();
    assert_eq!(
        named, rows,
        "a mutation without a row, or a row without a mutation"
    );
}
