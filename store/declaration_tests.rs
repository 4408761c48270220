//! Declarations, signatures and commitments on both engines.

use crate::commitment::{self, Commitment, Filter, NewCommitment};
use crate::declaration::{self, Declaration};
use crate::sample::{changes, day, may, sql};
use crate::sample_people::{body, member, outcome, viewer};
use crate::signature::{self, Signature};
use crate::testing::TestStore;
use crate::{Store, notice, now};
use chrono::{Days, NaiveDate, NaiveDateTime};
use domain::commitment::CommitmentOutcome;
use domain::declaration::SignatureState;
use domain::id::OrganisationId;
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Granted, Role, Viewer};
use domain::{Error, Result};

async fn published(store: &Store, title: &str) -> Declaration {
    let granted = may(Action::PublishDeclaration);
    store
        .write(async |conn| declaration::publish(conn, &granted, now(), title, "We share.").await)
        .await
        .unwrap()
}

/// What a signatory of the organisation may do there.
async fn signatory(store: &Store, name: &str, of: OrganisationId, action: Action) -> Granted {
    let (person, _) = member(store, name, Some(of), Role::Signatory).await;
    let viewer = viewer(store, person.id).await.unwrap();
    viewer.may(action, About::Organisation(of)).unwrap()
}

async fn sign(store: &Store, granted: &Granted, of: OrganisationId) -> Result<Signature> {
    store
        .write(async |conn| signature::sign(conn, granted, now(), of, None).await)
        .await
}

async fn withdraw(store: &Store, granted: &Granted, of: &Signature) -> Result<Signature> {
    store
        .write(async |conn| signature::withdraw(conn, granted, now(), of.id, of.version).await)
        .await
}

async fn promise(
    store: &Store,
    granted: &Granted,
    of: OrganisationId,
    (at, due_on): (NaiveDateTime, NaiveDate),
) -> Result<Commitment> {
    let new = NewCommitment {
        organisation: of,
        text: "Publish our code.",
        principle: Some("Open"),
        due_on,
        project: None,
        standard: None,
    };
    store
        .write(async |conn| commitment::make(conn, granted, at, &new).await)
        .await
}

#[tokio::test]
async fn versions_follow_each_other_and_stay_as_they_were_published() {
    for test in TestStore::each().await {
        let store = &test.store;
        let first = published(store, "Once").await;
        let second = published(store, "Twice").await;
        assert_eq!((first.number, second.number), (1, 2));
        let mut conn = store.read().await.unwrap();
        let all = declaration::all(&mut conn).await.unwrap();
        assert_eq!(all, [second.clone(), first.clone()]);
        let by_number = declaration::by_number(&mut conn, 1).await.unwrap();
        assert_eq!(by_number.as_ref(), Some(&first));
        assert_eq!(declaration::newest(&mut conn).await.unwrap(), Some(second));
    }
}

#[tokio::test]
async fn one_signature_of_a_body_stands_under_a_version_and_a_reason_takes_it_back() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let granted = signatory(store, "ann", ash, Action::SignDeclaration).await;
        assert_eq!(
            sign(store, &granted, ash).await.unwrap_err().code(),
            "NOT_FOUND"
        );
        published(store, "Once").await;
        let before = changes(store).await;
        let first = sign(store, &granted, ash).await.unwrap();
        assert_eq!(first.signed_by, granted.actor());
        assert_eq!(
            sign(store, &granted, ash).await.unwrap_err().code(),
            "CONFLICT"
        );
        assert_eq!(changes(store).await, before + 1);

        // Not without a reason, not at another version, and once.
        let unexplained = withdraw(store, &granted, &first).await;
        assert_eq!(unexplained.unwrap_err().code(), "BAD_INPUT");
        let because = granted.clone().because(Some("We merge.".to_owned()));
        let stale = Signature {
            version: 7,
            ..first.clone()
        };
        let stale = withdraw(store, &because, &stale).await;
        assert!(matches!(stale, Err(Error::Stale { current: 1 })));
        let withdrawn = withdraw(store, &because, &first).await.unwrap();
        assert_eq!(withdrawn.reason.as_deref(), Some("We merge."));
        assert_eq!(
            withdrawn.state(now().date(), None),
            SignatureState::Withdrawn
        );
        let again = withdraw(store, &because, &withdrawn).await;
        assert_eq!(again.unwrap_err().code(), "CONFLICT");

        // Whoever withdrew may sign again, and signs the newest version beside an older one.
        sign(store, &granted, ash).await.unwrap();
        published(store, "Twice").await;
        sign(store, &granted, ash).await.unwrap();
        let mut conn = store.read().await.unwrap();
        let all = signature::of_organisations(&mut conn, &[ash])
            .await
            .unwrap();
        assert_eq!(all.len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_sign_at_once_for_one_body_one_does() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        published(store, "Once").await;
        let granted = signatory(store, "ann", ash, Action::SignDeclaration).await;
        let signing = (0..6).map(|_| sign(store, &granted, ash));
        let (signed, codes) = outcome(futures_util::future::join_all(signing).await);
        assert_eq!((signed, codes), (1, vec!["CONFLICT"; 5]));
    }
}

#[tokio::test]
async fn a_signature_ends_with_its_body_and_a_closed_body_signs_and_promises_nothing() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, elm) = (body(store, "Ash").await, body(store, "Elm").await);
        let version = published(store, "Once").await;
        let today = now().date();
        let mut grants = Vec::new();
        for (name, of) in [("ann", ash), ("eve", elm)] {
            let granted = signatory(store, name, of, Action::SignDeclaration).await;
            sign(store, &granted, of).await.unwrap();
            grants.push(granted);
        }
        let count = async || {
            let mut conn = store.read().await.unwrap();
            let ids = [version.id];
            let counts = signature::counts(&mut conn, &ids, today).await.unwrap();
            let page = crate::page::Page::first(10);
            let rows = signature::page(&mut conn, version.id, today, &page).await;
            let (counted, listed) = (counts.first().map_or(0, |one| one.1), rows.unwrap().rows);
            assert_eq!(counted, listed.len() as i64);
            counted
        };
        assert_eq!(count().await, 2);
        let commits = signatory(store, "eve2", elm, Action::Commit).await;
        sql(
            store,
            &format!("UPDATE organisation SET closed_on = '{today}' WHERE slug = 'elm'"),
        )
        .await
        .unwrap();
        assert_eq!(count().await, 1);
        assert_eq!(
            sign(store, &grants[1], elm).await.unwrap_err().code(),
            "CONFLICT"
        );
        let later = (now(), today + Days::new(9));
        let promised = promise(store, &commits, elm, later).await;
        assert_eq!(promised.unwrap_err().code(), "CONFLICT");
    }
}

#[tokio::test]
async fn a_commitment_ends_once_and_counts_in_the_rate() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let granted = signatory(store, "ann", ash, Action::Commit).await;
        let made: NaiveDateTime = "2026-01-01T10:00:00".parse().unwrap();
        let due = day("2026-03-01");
        let past = promise(store, &granted, ash, (made, day("2026-01-01"))).await;
        assert_eq!(past.unwrap_err().code(), "BAD_INPUT");
        let mut rows = Vec::new();
        for _ in 0..4 {
            rows.push(promise(store, &granted, ash, (made, due)).await.unwrap());
        }
        let settle = async |row: &Commitment, on: &str, outcome, why: Option<&str>| {
            let at = day(on).and_hms_opt(12, 0, 0).unwrap();
            let said = (outcome, why);
            store
                .write(async |conn| {
                    commitment::settle(conn, &granted, at, row.id, row.version, said).await
                })
                .await
        };
        use CommitmentOutcome::{Explained, Kept, Late};
        let late = settle(&rows[0], "2026-03-02", Kept, None).await;
        assert_eq!(late.unwrap_err().code(), "BAD_INPUT");
        settle(&rows[0], "2026-03-01", Kept, None).await.unwrap();
        settle(&rows[1], "2026-03-02", Late, None).await.unwrap();
        let why = settle(&rows[2], "2026-03-02", Explained, None).await;
        assert_eq!(why.unwrap_err().code(), "BAD_INPUT");
        settle(&rows[2], "2026-03-02", Explained, Some("No money."))
            .await
            .unwrap();
        let stale = settle(&rows[2], "2026-03-02", Explained, Some("No.")).await;
        assert!(matches!(stale, Err(Error::Stale { current: 2 })));

        let mut conn = store.read().await.unwrap();
        let filter = Filter {
            organisation: Some(ash),
            ..Filter::default()
        };
        let rate = async |conn: &mut crate::Conn, on| {
            let rate = commitment::kept_rate(conn, &filter, day(on)).await.unwrap();
            (rate.n(), rate.open, rate.rate())
        };
        assert_eq!(rate(&mut conn, "2026-03-01").await, (3, 1, Some(1.0 / 3.0)));
        assert_eq!(rate(&mut conn, "2026-03-02").await, (4, 0, Some(0.25)));
        let open = Filter {
            open: Some(true),
            ..filter
        };
        assert_eq!(commitment::count(&mut conn, &open).await.unwrap(), 1);
        let page = crate::page::Page::first(2);
        let listed = commitment::page(&mut conn, &filter, &page).await.unwrap();
        assert_eq!((listed.rows.len(), listed.more), (2, true));
    }
}

#[tokio::test]
async fn an_organisation_is_reminded_of_a_commitment_once() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let granted = signatory(store, "ann", ash, Action::Commit).await;
        let made: NaiveDateTime = "2026-01-01T10:00:00".parse().unwrap();
        let soon = promise(store, &granted, ash, (made, day("2026-03-01")))
            .await
            .unwrap();
        promise(store, &granted, ash, (made, day("2026-09-01")))
            .await
            .unwrap();
        let clock = Viewer::Job("test")
            .may(Action::KeepClock, About::Sector)
            .unwrap();
        let remind = async |today: &str| {
            store
                .write(async |conn| commitment::remind(conn, &clock, now(), day(today)).await)
                .await
                .unwrap()
        };
        // Thirty days before 1 March is 30 January.
        assert_eq!(remind("2026-01-29").await, 0);
        assert_eq!(remind("2026-01-30").await, 1);
        assert_eq!(remind("2026-01-30").await, 0);
        let mut conn = store.read().await.unwrap();
        let notices = notice::of(&mut conn, Some(ash), 10).await.unwrap();
        assert_eq!(notices.len(), 1);
        assert_eq!(notices[0].kind, NoticeKind::CommitmentDue);
        assert_eq!(notices[0].thing_id, Some(soon.id.to_string()));
    }
}
