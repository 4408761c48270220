//! What must hold of standards, provisions, events and snapshots on either engine.

use crate::page::Page;
use crate::sample::{add, add_standard, adopted, council, data_standard, day, may};
use crate::testing::TestStore;
use crate::{Saved, adoption, now, provision, snapshot, standard};
use chrono::Days;
use domain::adoption::Standing;
use domain::organisation::OrganisationKind;
use domain::period::Period;
use domain::policy::{About, Action, Role, Viewer};
use domain::provision::{ProvisionReason, Target};
use domain::standard::StandardStage;

#[tokio::test]
async fn standards_and_provisions_are_repeatable_and_their_stage_follows() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                let granted = may(Action::KeepStandards);
                let facts = data_standard("a");
                let (saved, row) = standard::save(conn, &granted, now(), None, &facts).await?;
                assert_eq!((saved, row.stage), (Saved::Added, StandardStage::Required));
                let (saved, same) =
                    standard::save(conn, &granted, now(), Some(&row), &facts).await?;
                assert_eq!((saved, &same), (Saved::Unchanged, &row));
                let future = vec![(StandardStage::Withdrawn, Some(now().date() + Days::new(9)))];
                let early = standard::Facts {
                    stages: future,
                    ..facts
                };
                assert!(
                    standard::save(conn, &granted, now(), Some(&row), &early)
                        .await
                        .is_err()
                );

                let mut applies = provision::Facts {
                    standard: row.id,
                    target: Target::Kind(OrganisationKind::Council),
                    reason: ProvisionReason::Statutory,
                    period: Period::default(),
                    excluded: false,
                    note: None,
                    source_key: "one".to_owned(),
                };
                let one = std::slice::from_ref;
                assert_eq!(
                    provision::save_all(conn, &granted, now(), one(&applies)).await?,
                    [Saved::Added]
                );
                assert_eq!(
                    provision::save_all(conn, &granted, now(), one(&applies)).await?,
                    [Saved::Unchanged]
                );
                applies.reason = ProvisionReason::Expected;
                assert_eq!(
                    provision::save_all(conn, &granted, now(), one(&applies)).await?,
                    [Saved::Changed]
                );
                assert_eq!(provision::of(conn, &[row.id]).await?.len(), 1);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn only_the_body_itself_or_its_publication_is_confirmed() {
    for test in TestStore::each().await {
        let (standard, body) = test
            .store
            .write(async |conn| {
                Ok((
                    add_standard(conn, "a").await?,
                    add(conn, &council("A", None)).await?.id,
                ))
            })
            .await
            .unwrap();
        let own = Viewer::Token {
            id: crate::fresh(),
            name: "t".into(),
            role: Role::Editor,
            organisation: Some(body),
            scopes: domain::policy::Scopes::usual(),
            membership: None,
        };
        let unit = Viewer::Token {
            id: crate::fresh(),
            name: "t".into(),
            role: Role::Admin,
            organisation: None,
            scopes: domain::policy::Scopes::usual(),
            membership: None,
        };
        let record = async |viewer: &Viewer, action, standing| {
            test.store
                .write(async |conn| {
                    let granted = viewer.may(action, About::Organisation(body))?;
                    adoption::record_all(
                        conn,
                        &granted,
                        now(),
                        &[adopted(standard, body, standing)],
                    )
                    .await
                })
                .await
        };
        use Action::{ImportPublications, RecordAdoption};
        assert!(
            record(&own, RecordAdoption, Standing::Confirmed)
                .await
                .is_ok()
        );
        assert!(
            record(&unit, RecordAdoption, Standing::Claimed)
                .await
                .is_ok()
        );
        assert!(
            record(&Viewer::Operator, ImportPublications, Standing::Confirmed)
                .await
                .is_ok()
        );
        for viewer in [&unit, &Viewer::Operator] {
            let refused = record(viewer, RecordAdoption, Standing::Confirmed)
                .await
                .unwrap_err();
            assert_eq!(refused.code(), "FORBIDDEN");
        }
        let granted = may(Action::KeepRegister);
        let misused = test
            .store
            .write(async |conn| {
                adoption::record_all(
                    conn,
                    &granted,
                    now(),
                    &[adopted(standard, body, Standing::Claimed)],
                )
                .await
            })
            .await;
        assert_eq!(misused.unwrap_err().code(), "INTERNAL");
    }
}

#[tokio::test]
async fn an_event_with_a_known_source_key_is_left_out_and_keys_find_events() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                let (standard, body) = (
                    add_standard(conn, "a").await?,
                    add(conn, &council("A", None)).await?.id,
                );
                let granted = Viewer::Operator.may(Action::ImportPublications, About::Sector)?;
                let keyed = |key: &str| adoption::NewEvent {
                    source_key: Some(key.to_owned()),
                    ..adopted(standard, body, Standing::Confirmed)
                };
                let events = [keyed("1"), keyed("2"), keyed("1")];
                let ids = adoption::record_all(conn, &granted, now(), &events).await?;
                assert!(ids[0].is_some() && ids[1].is_some() && ids[2].is_none());
                let again = adoption::record_all(conn, &granted, now(), &events).await?;
                assert_eq!(again, [None, None, None]);
                let key = (standard, body, ids[0].unwrap());
                assert_eq!(adoption::by_keys(conn, &[key]).await?[0].key(), key);
                assert_eq!(
                    adoption::standards_of(conn, &[body]).await?,
                    [(body, standard)]
                );
                assert_eq!(adoption::of_source(conn, standard, "test").await?.len(), 1);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn snapshots_are_kept_once_for_the_same_figure() {
    for test in TestStore::each().await {
        test.store
            .write(async |conn| {
                let standard = add_standard(conn, "a").await?;
                let figure = |body: &str, as_of: &str| snapshot::NewSnapshot {
                    standard,
                    method: "adoption",
                    method_version: 1,
                    as_of: day(as_of),
                    known_at: now(),
                    eligible: 2,
                    adopted: 1,
                    exempt: 0,
                    unknown: 1,
                    body: body.to_owned(),
                };
                let granted = may(Action::KeepSnapshot);
                let mut keep =
                    async |one| snapshot::keep_all(conn, &granted, now(), vec![one]).await;
                assert_eq!(keep(figure("{}", "2024-01-01")).await?, 1);
                assert_eq!(keep(figure("{}", "2024-01-01")).await?, 0);
                assert_eq!(keep(figure("{}", "2024-01-02")).await?, 1);
                assert_eq!(keep(figure("{1}", "2024-01-01")).await?, 1);
                assert_eq!(snapshot::count(conn, standard).await?, 3);
                assert_eq!(
                    snapshot::page(conn, standard, &Page::first(2)).await?.rows[0].body,
                    "{1}"
                );
                Ok(())
            })
            .await
            .unwrap();
    }
}
