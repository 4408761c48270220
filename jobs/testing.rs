//! A small sector made by hand, runs in the record, and a bounded wait.

use crate::Job;
use crate::run::Limits;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use domain::group::{GroupKey, GroupKind};
use domain::id::{OrganisationId, StandardId};
use domain::job::{JobCounts, JobInfo, JobRunState};
use domain::organisation::{Nation, OrganisationKind, Tier};
use domain::period::Period;
use domain::policy::{About, Action, Granted, Viewer};
use domain::provision::{ProvisionReason, Target};
use domain::standard::{StandardKind, StandardStage};
use std::time::Duration;
use store::adoption::NewEvent;
use store::job_run::{self, JobRun};
use store::page::Page;
use store::{Conn, Store, adoption, group, organisation, provision, standard};

/// A day as `2026-01-31`.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant as `2026-01-31T02:15:00`.
pub(crate) fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn may(action: Action) -> Granted {
    Viewer::Operator.may(action, About::Sector).unwrap()
}

/// The sector's bodies and standards.
pub(crate) struct Small {
    /// Councils, open but for the fifth: Ash and Birch (England, North West, district), Cedar (Wales), Dale (England,
    /// South East, county, of unknown population), Elm (as Ash, closed on 1 January 2020); and Firth, a supplier.
    pub(crate) bodies: Vec<OrganisationId>,
    /// Applies to councils.
    pub(crate) applied: StandardId,
    /// Applies to nobody.
    pub(crate) unapplied: StandardId,
}

/// Makes the sector. A family has Cedar in it, and had Ash until 2025. Nothing is said of any standard, and there is a
/// third that nobody uses.
pub(crate) async fn small(store: &Store) -> Small {
    store
        .write(async |conn| {
            let mut bodies = Vec::new();
            for facts in councils() {
                let granted = may(Action::KeepRegister);
                bodies.push(
                    organisation::save(conn, &granted, store::now(), None, &facts)
                        .await?
                        .1
                        .id,
                );
            }
            family(conn, &bodies).await;
            let applied = add_standard(conn, "applied").await;
            let unapplied = add_standard(conn, "unapplied").await;
            add_standard(conn, "unused").await;
            let facts = provision::Facts {
                standard: applied,
                target: Target::Kind(OrganisationKind::Council),
                reason: ProvisionReason::Expected,
                period: Period::default(),
                excluded: false,
                note: None,
                source_key: "test".into(),
            };
            provision::save_all(conn, &may(Action::KeepStandards), store::now(), &[facts]).await?;
            Ok(Small {
                bodies,
                applied,
                unapplied,
            })
        })
        .await
        .unwrap()
}

fn councils() -> [organisation::Facts; 6] {
    let council =
        |name: &str, nation, region: Option<&str>, tier, population| organisation::Facts {
            slug: name.to_lowercase(),
            name: name.to_owned(),
            kind: OrganisationKind::Council,
            tier: Some(tier),
            nation: Some(nation),
            region: region.map(str::to_owned),
            population,
            opened_on: None,
            closed_on: None,
        };
    let ash = council(
        "Ash",
        Nation::England,
        Some("North West"),
        Tier::District,
        Some(100),
    );
    [
        ash.clone(),
        council(
            "Birch",
            Nation::England,
            Some("North West"),
            Tier::District,
            Some(300),
        ),
        council("Cedar", Nation::Wales, None, Tier::Welsh, Some(200)),
        council(
            "Dale",
            Nation::England,
            Some("South East"),
            Tier::County,
            None,
        ),
        organisation::Facts {
            slug: "elm".into(),
            name: "Elm".into(),
            closed_on: Some(day("2020-01-01")),
            ..ash.clone()
        },
        organisation::Facts {
            slug: "firth".into(),
            name: "Firth".into(),
            kind: OrganisationKind::Supplier,
            tier: None,
            ..ash
        },
    ]
}

async fn family(conn: &mut Conn, bodies: &[OrganisationId]) {
    let granted = may(Action::KeepRegister);
    let key = GroupKey {
        kind: GroupKind::Family,
        slug: "family-of-trees".into(),
        name: "Trees".into(),
    };
    let id = group::ensure(conn, &granted, store::now(), &key)
        .await
        .unwrap()
        .1
        .id;
    for (body, to) in [(bodies[0], Some(day("2025-01-01"))), (bodies[2], None)] {
        let wanted = [(id, Period { from: None, to })];
        group::set(
            conn,
            &granted,
            store::now(),
            body,
            &[GroupKind::Family],
            &wanted,
        )
        .await
        .unwrap();
    }
}

async fn add_standard(conn: &mut Conn, slug: &str) -> StandardId {
    let facts = standard::Facts {
        slug: slug.into(),
        title: slug.into(),
        kind: StandardKind::Data,
        stages: vec![(StandardStage::Proposed, None)],
        versions: Vec::new(),
        summary: String::new(),
        url: None,
        expiry_months: 0,
        source: "test".into(),
    };
    let granted = may(Action::KeepStandards);
    standard::save(conn, &granted, store::now(), None, &facts)
        .await
        .unwrap()
        .1
        .id
}

/// Records that a body itself says how far it is.
pub(crate) async fn say(
    store: &Store,
    standard: StandardId,
    organisation: OrganisationId,
    state: AdoptionState,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
) {
    let event = NewEvent {
        standard,
        organisation,
        state,
        effective_on,
        expires_on: None,
        grade: EvidenceGrade::SelfDeclared,
        standing: Standing::Confirmed,
        evidence_url: None,
        checked_on: None,
        source: "test".into(),
        note: None,
        version_label: None,
        corrects: None,
        source_key: None,
    };
    let granted = may(Action::ImportPublications);
    store
        .write(async |conn| adoption::record_all(conn, &granted, recorded_at, &[event]).await)
        .await
        .unwrap();
}

/// A job that is due daily and never by itself in a test.
pub(crate) const fn info(name: &'static str) -> JobInfo {
    JobInfo {
        name,
        about: "A test.",
        schedule: "15 2 * * *",
        time_zone: "Europe/London",
    }
}

/// The usual limits.
pub(crate) const LIMITS: Limits = Limits::USUAL;

/// Asks for a run as the operator.
pub(crate) async fn ask(store: &Store, job: &str, slot: NaiveDateTime) -> JobRun {
    let granted = may(Action::RunJob);
    store
        .write(async |conn| job_run::request(conn, &granted, job, slot, day("2025-06-30")).await)
        .await
        .unwrap()
}

/// Takes a run at a moment, for a lease.
pub(crate) async fn claim(
    store: &Store,
    run: &JobRun,
    now: NaiveDateTime,
    lease: TimeDelta,
) -> Option<JobRun> {
    store
        .write(async |conn| job_run::claim(conn, run, now, lease).await)
        .await
        .unwrap()
}

/// Leaves a slot in the record that the clock made and a runner did.
pub(crate) async fn stood(store: &Store, job: &Job, slot: NaiveDateTime) {
    let granted = Viewer::Job(job.info.name)
        .may(Action::RunJob, About::Sector)
        .unwrap();
    store
        .write(async |conn| {
            let run = job_run::request(conn, &granted, job.info.name, slot, slot.date()).await?;
            let run = job_run::claim(conn, &run, store::now(), LIMITS.lease())
                .await?
                .unwrap();
            job_run::finish(conn, &run, store::now(), &Ok(JobCounts::default())).await
        })
        .await
        .unwrap();
}

/// Every run in the record, the last made first.
pub(crate) async fn runs(store: &Store) -> Vec<JobRun> {
    let mut conn = store.read().await.unwrap();
    let page = job_run::page(&mut conn, &job_run::Filter::default(), &Page::first(100)).await;
    page.unwrap().rows
}

/// Waits until `count` runs have ended, in whatever way, and none waits; at most half a minute. They are sorted by slot.
pub(crate) async fn ended(store: &Store, count: usize) -> Vec<JobRun> {
    let over = |run: &JobRun| matches!(run.state, JobRunState::Done | JobRunState::Failed);
    let look = async {
        let mut often = tokio::time::interval(Duration::from_millis(20));
        loop {
            often.tick().await;
            let runs = runs(store).await;
            if runs.len() >= count && runs.iter().all(over) {
                return runs;
            }
        }
    };
    let mut runs = tokio::time::timeout(Duration::from_secs(30), look)
        .await
        .expect("runs that end");
    runs.sort_by(|a, b| (a.slot, &a.job).cmp(&(b.slot, &b.job)));
    runs
}
