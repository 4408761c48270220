//! A small sector for tests, and ways to ask for it.

use crate::{Limits, Schema, Timetable, execute, schema};
use async_graphql::{Request, Variables};
use chrono::{NaiveDate, NaiveDateTime};
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::id::{GroupId, OrganisationId, StandardId};
use domain::job::JobInfo;
use domain::organisation::{Nation, OrganisationKind, SCHEME_GSS, Tier};
use domain::period::Period;
use domain::policy::{About, Action, Granted, Role, Viewer};
use domain::provision::{ProvisionReason, Target};
use domain::standard::{StandardKind, StandardStage};
use serde_json::Value;
use store::adoption::NewEvent;
use store::organisation::Organisation;
use store::testing::TestStore;
use store::{
    Store, adoption, code, group, organisation, provision, snapshot, standard, succession,
};

/// The jobs of the tests.
pub(crate) const JOBS: &[JobInfo] = &[
    JobInfo {
        name: "adoption_snapshot",
        about: "Keeps figures.",
        schedule: "15 2 * * *",
        time_zone: "Europe/London",
    },
    JobInfo {
        name: "never",
        about: "Is never due.",
        schedule: "",
        time_zone: "UTC",
    },
];

/// A schema over a database of its own.
pub(crate) struct Fixture {
    /// The schema.
    pub(crate) schema: Schema,
    /// Its store.
    pub(crate) store: Store,
    _database: TestStore,
}

impl Fixture {
    /// One on each engine that is at hand.
    pub(crate) async fn each() -> Vec<Self> {
        TestStore::each()
            .await
            .into_iter()
            .map(Self::over)
            .collect()
    }

    /// One on SQLite, for what does not reach the database.
    pub(crate) async fn sqlite() -> Self {
        Self::over(TestStore::sqlite().await)
    }

    fn over(database: TestStore) -> Self {
        let next_due = |job: &JobInfo, now: NaiveDateTime| (job.name != "never").then_some(now);
        let timetable = Timetable {
            jobs: JOBS,
            next_due,
        };
        Self {
            schema: schema(database.store.clone(), timetable, Limits::default()),
            store: database.store.clone(),
            _database: database,
        }
    }

    /// What an anonymous viewer is answered.
    pub(crate) async fn ask(&self, query: &str) -> Value {
        ask(&self.schema, &Viewer::Anonymous, query, Value::Null).await
    }

    /// The data an anonymous viewer is given.
    ///
    /// # Panics
    /// When there are errors.
    pub(crate) async fn data(&self, query: &str) -> Value {
        let mut answer = self.ask(query).await;
        assert_eq!(answer["errors"], Value::Null, "{query}");
        answer["data"].take()
    }

    /// How many statements it takes to answer.
    ///
    /// # Panics
    /// When there are errors.
    pub(crate) async fn statements(&self, query: &str) -> u64 {
        let before = self.store.statements().count();
        self.data(query).await;
        self.store.statements().count() - before
    }
}

/// What this viewer is answered, as JSON.
pub(crate) async fn ask(schema: &Schema, viewer: &Viewer, query: &str, variables: Value) -> Value {
    let request = Request::new(query).variables(Variables::from_json(variables));
    serde_json::to_value(execute(schema, request, viewer.clone(), true).await).unwrap()
}

/// The code and message of the only error of an answer.
///
/// # Panics
/// When there is not exactly one.
pub(crate) fn fault(answer: &Value) -> (String, String) {
    let errors = answer["errors"]
        .as_array()
        .unwrap_or_else(|| panic!("no errors: {answer}"));
    assert_eq!(errors.len(), 1, "{answer}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&errors[0]["extensions"]["code"]),
        text(&errors[0]["message"]),
    )
}

/// A day.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Midnight at the start of a day.
pub(crate) fn at(text: &str) -> NaiveDateTime {
    day(text).and_hms_opt(0, 0, 0).unwrap()
}

/// The right to do something about the sector.
pub(crate) fn may(action: Action) -> Granted {
    let viewer = match action {
        Action::KeepSnapshot => Viewer::Job("test"),
        _ => Viewer::Operator,
    };
    viewer.may(action, About::Sector).unwrap()
}

/// A token of a role, for an organisation or the unit.
pub(crate) fn token(role: Role, organisation: Option<OrganisationId>) -> Viewer {
    Viewer::Token {
        id: store::fresh(),
        name: format!("{role} of a test"),
        role,
        organisation,
        scopes: domain::policy::Scopes::usual(),
        membership: None,
    }
}

/// A council open for ever, with a code and a region.
pub(crate) fn council(name: &str) -> organisation::Facts {
    organisation::Facts {
        slug: domain::slug::from_words(name),
        name: name.to_owned(),
        kind: OrganisationKind::Council,
        tier: Some(Tier::District),
        nation: Some(Nation::England),
        region: Some("South East".to_owned()),
        population: Some(1_000),
        opened_on: None,
        closed_on: None,
    }
}

/// Adds a body.
pub(crate) async fn add(store: &Store, facts: organisation::Facts) -> Organisation {
    let saved = store.write(async |conn| {
        organisation::save(conn, &may(Action::KeepRegister), store::now(), None, &facts).await
    });
    saved.await.unwrap().1
}

/// Gives a body a code.
pub(crate) async fn add_code(store: &Store, body: OrganisationId, gss: &str) {
    let row = code::ExternalId {
        scheme: SCHEME_GSS.to_owned(),
        code: gss.to_owned(),
        organisation_id: body,
        alias: false,
    };
    let save = async |conn: &mut store::Conn| {
        let mut codes = code::all(conn).await?;
        code::save(
            conn,
            &may(Action::KeepRegister),
            store::now(),
            &mut codes,
            &row,
        )
        .await
    };
    store.write(save).await.unwrap();
}

/// Lets one body follow another.
pub(crate) async fn follow(
    store: &Store,
    predecessor: OrganisationId,
    successor: OrganisationId,
    on: &str,
) {
    let pair = domain::succession::Pair {
        predecessor,
        successor,
        on: day(on),
    };
    let save = async |conn: &mut store::Conn| {
        succession::save(conn, &may(Action::KeepRegister), store::now(), None, &pair).await
    };
    store.write(save).await.unwrap();
}

/// Adds a standard with one stage and version.
pub(crate) async fn add_standard(store: &Store, slug: &str) -> StandardId {
    let facts = standard::Facts {
        slug: slug.to_owned(),
        title: slug.to_uppercase(),
        kind: StandardKind::Data,
        stages: vec![(StandardStage::Required, Some(day("2020-01-01")))],
        versions: vec![("1.0".to_owned(), Some(day("2020-01-01")), None)],
        summary: "A standard.".to_owned(),
        url: None,
        expiry_months: 12,
        source: "test".to_owned(),
    };
    let save = async |conn: &mut store::Conn| {
        standard::save(
            conn,
            &may(Action::KeepStandards),
            store::now(),
            None,
            &facts,
        )
        .await
    };
    store.write(save).await.unwrap().1.id
}

/// Lets a standard apply to somebody.
pub(crate) async fn apply(store: &Store, standard: StandardId, target: Target) {
    let facts = provision::Facts {
        standard,
        target,
        reason: ProvisionReason::Expected,
        period: Period::default(),
        excluded: false,
        note: None,
        source_key: format!("{target:?}"),
    };
    let save = async |conn: &mut store::Conn| {
        provision::save_all(
            conn,
            &may(Action::KeepStandards),
            store::now(),
            std::slice::from_ref(&facts),
        )
        .await
    };
    store.write(save).await.unwrap();
}

/// A confirmed event without expiry.
pub(crate) fn event(
    standard: StandardId,
    organisation: OrganisationId,
    state: AdoptionState,
    on: &str,
) -> NewEvent {
    NewEvent {
        standard,
        organisation,
        state,
        effective_on: day(on),
        expires_on: None,
        grade: EvidenceGrade::SelfDeclared,
        standing: Standing::Confirmed,
        evidence_url: None,
        checked_on: None,
        source: "test".to_owned(),
        note: None,
        version_label: None,
        corrects: None,
        source_key: None,
    }
}

/// Records events at a moment.
pub(crate) async fn record(
    store: &Store,
    recorded_at: NaiveDateTime,
    events: &[NewEvent],
) -> Vec<domain::id::EventId> {
    let save = async |conn: &mut store::Conn| {
        adoption::record_all(conn, &may(Action::ImportPublications), recorded_at, events).await
    };
    store
        .write(save)
        .await
        .unwrap()
        .into_iter()
        .flatten()
        .collect()
}

/// Keeps a snapshot of a standard.
pub(crate) async fn keep_snapshot(store: &Store, standard: StandardId, as_of: &str) {
    let new = snapshot::NewSnapshot {
        standard,
        method: analytics::adoption::METHOD.id,
        method_version: analytics::adoption::METHOD.version,
        as_of: day(as_of),
        known_at: at(as_of),
        eligible: 4,
        adopted: 1,
        exempt: 2,
        unknown: 1,
        body: r#"{"whole":{"coverage":0.1234567890123457},"groups":[]}"#.to_owned(),
    };
    let save = async |conn: &mut store::Conn| {
        snapshot::keep_all(
            conn,
            &may(Action::KeepSnapshot),
            store::now(),
            vec![new.clone()],
        )
        .await
    };
    store.write(save).await.unwrap();
}

/// The group at an address.
pub(crate) async fn group(store: &Store, slug: &str) -> GroupId {
    group::by_slug(&mut store.read().await.unwrap(), slug)
        .await
        .unwrap()
        .unwrap()
        .id
}
