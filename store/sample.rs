//! Small things that the store's tests are made of.

use crate::organisation::{Facts, Organisation};
use crate::{Conn, adoption, change, now, organisation, standard};
use chrono::NaiveDate;
use domain::Result;
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::id::{OrganisationId, StandardId};
use domain::organisation::{Nation, OrganisationKind, Tier};
use domain::policy::{About, Action, Granted, Viewer};
use domain::standard::{StandardKind, StandardStage};

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn may(action: Action) -> Granted {
    let viewer = match action {
        Action::KeepSnapshot | Action::SealRecord => Viewer::Job("test"),
        Action::AdmitPerson => Viewer::SignIn,
        _ => Viewer::Operator,
    };
    viewer.may(action, About::Sector).unwrap()
}

pub(crate) fn council(name: &str, population: Option<i64>) -> Facts {
    Facts {
        slug: domain::slug::from_words(name),
        name: name.to_owned(),
        kind: OrganisationKind::Council,
        tier: Some(Tier::District),
        nation: Some(Nation::England),
        region: Some("South East".to_owned()),
        population,
        opened_on: None,
        closed_on: None,
    }
}

pub(crate) async fn add(conn: &mut Conn, facts: &Facts) -> Result<Organisation> {
    Ok(
        organisation::save(conn, &may(Action::KeepRegister), now(), None, facts)
            .await?
            .1,
    )
}

pub(crate) fn data_standard(slug: &str) -> standard::Facts {
    standard::Facts {
        slug: slug.to_owned(),
        title: slug.to_uppercase(),
        kind: StandardKind::Data,
        stages: vec![
            (StandardStage::Proposed, None),
            (StandardStage::Required, Some(day("2024-01-01"))),
        ],
        versions: vec![("1.0".to_owned(), Some(day("2023-01-01")), None)],
        summary: "A standard.".to_owned(),
        url: None,
        expiry_months: 12,
        source: "own".to_owned(),
    }
}

pub(crate) async fn add_standard(conn: &mut Conn, slug: &str) -> Result<StandardId> {
    let facts = data_standard(slug);
    Ok(
        standard::save(conn, &may(Action::KeepStandards), now(), None, &facts)
            .await?
            .1
            .id,
    )
}

pub(crate) fn adopted(
    standard: StandardId,
    organisation: OrganisationId,
    standing: Standing,
) -> adoption::NewEvent {
    adoption::NewEvent {
        standard,
        organisation,
        state: AdoptionState::Adopted,
        effective_on: day("2024-01-01"),
        expires_on: None,
        grade: EvidenceGrade::SelfDeclared,
        standing,
        evidence_url: None,
        checked_on: None,
        source: "test".to_owned(),
        note: None,
        version_label: None,
        corrects: None,
        source_key: None,
    }
}

pub(crate) async fn changes(store: &crate::Store) -> usize {
    let mut conn = store.read().await.unwrap();
    change::after(&mut conn, None, 10_000).await.unwrap().len()
}

/// Seals what waits, in one seal; how many changes that were.
pub(crate) async fn seal(store: &crate::Store) -> u64 {
    let granted = may(Action::SealRecord);
    store
        .write(async |conn| crate::seal::seal_next(conn, &granted, now()).await)
        .await
        .unwrap()
}

/// Runs SQL of the test's own.
pub(crate) async fn sql(store: &crate::Store, statements: &str) -> Result<()> {
    use diesel_async::SimpleAsyncConnection;
    store
        .write(async |conn| {
            on!(conn, c => c.batch_execute(statements).await).map_err(domain::Error::internal)
        })
        .await
}
