//! Problems for the store's tests, who backs them, and what works on them.

use crate::backing::{self, Backing};
use crate::problem::{self, Change, Problem};
use crate::{Store, check, now, revision};
use domain::Result;
use domain::backing::Willingness;
use domain::id::{OrganisationId, ProblemId, ProjectId};
use domain::policy::{About, Action, Granted, Role, Scope, Scopes, Viewer};
use domain::problem::{NewText, ProblemState};

pub(crate) fn member(body: OrganisationId) -> Viewer {
    Viewer::Token {
        id: crate::fresh(),
        name: "test".to_owned(),
        role: Role::Lead,
        organisation: Some(body),
        scopes: Scopes::new(Scope::ALL.iter().copied()).unwrap(),
        membership: None,
    }
}

pub(crate) fn own(body: OrganisationId, action: Action) -> Granted {
    member(body).may(action, About::Organisation(body)).unwrap()
}

pub(crate) fn writing(body: OrganisationId) -> Granted {
    member(body)
        .may(Action::ReviseProblem, About::Sector)
        .unwrap()
}

pub(crate) fn text(title: &str) -> NewText {
    NewText {
        title: title.to_owned(),
        summary: format!("{title}, in a sentence."),
        ..NewText::default()
    }
}

pub(crate) async fn raised(store: &Store, body: OrganisationId, title: &str) -> Problem {
    let granted = own(body, Action::RaiseProblem);
    store
        .write(async |conn| revision::raise(conn, &granted, now(), Some(body), &text(title)).await)
        .await
        .unwrap()
}

pub(crate) async fn backed(
    store: &Store,
    problem: ProblemId,
    body: OrganisationId,
    willingness: Willingness,
) -> Result<Backing> {
    let granted = own(body, Action::BackProblem);
    store
        .write(async |conn| {
            backing::back(conn, &granted, now(), (problem, body), (willingness, None)).await
        })
        .await
}

pub(crate) async fn read(store: &Store, id: ProblemId) -> Problem {
    let mut conn = store.read().await.unwrap();
    problem::by_id(&mut conn, id).await.unwrap()
}

pub(crate) async fn faults(store: &Store) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    check::run(&mut conn, now().date(), |_| ())
        .await
        .unwrap()
        .faults
}

pub(crate) fn seen(row: &Problem) -> Change<'static> {
    Change {
        problem: row.id,
        expected_version: row.version,
        reason: Some("Because."),
    }
}

pub(crate) async fn moved(
    store: &Store,
    granted: &Granted,
    row: &Problem,
    to: ProblemState,
) -> Result<Problem> {
    store
        .write(async |conn| problem::move_to(conn, granted, now(), seen(row), to).await)
        .await
}

/// A project on these problems, as the facts see it: its row, and what it works on.
pub(crate) async fn project(
    store: &Store,
    granted: &Granted,
    problems: &[ProblemId],
    phase: &str,
    anew: bool,
) {
    let id = ProjectId::from(uuid::Uuid::from_u128(7));
    let mut sql = if anew {
        format!(
            "INSERT INTO project (id, slug, title, title_key, search_key, summary, phase, phase_since, started_on, cadence_days, \
             participants, created_at, updated_at, version) VALUES ('{id}', 'p', 'P', 'p', 'p', '', '{phase}', '2026-01-01', \
             '2026-01-01', 14, 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00', 1);"
        )
    } else {
        format!("UPDATE project SET phase = '{phase}', version = version + 1;")
    };
    if anew {
        for problem in problems {
            sql.push_str(&format!(
                "INSERT INTO project_problem VALUES ('{id}', '{problem}');"
            ));
        }
    }
    crate::sample::sql(store, &sql).await.unwrap();
    store
        .write(async |conn| {
            let write = crate::change::Write {
                kind: "project",
                id: id.to_string(),
                about: None,
                before: None,
                after: Some(&phase),
            };
            crate::change::record(conn, granted, now(), write).await?;
            problem::projects_changed(conn, granted, now(), problems).await
        })
        .await
        .unwrap();
}
