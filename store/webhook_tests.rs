//! Webhooks are claimed once, tried again, paused, and keep their secrets.

use crate::sample::{add, council, seal};
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::webhook::{self, Webhook};
use crate::{Store, delivery, fresh, notice, now};
use chrono::{Days, TimeDelta};
use domain::id::OrganisationId;
use domain::notice::NoticeKind;
use domain::policy::{About, Action, Viewer};
use domain::webhook::WebhookState;

async fn hook(store: &Store, of: Option<OrganisationId>) -> Webhook {
    let viewer = Viewer::Operator;
    let granted = viewer
        .may(Action::KeepWebhooks, About::affairs_of(of))
        .unwrap();
    store
        .write(async |conn| {
            webhook::add(conn, &granted, now(), of, ("https://h.example/", None)).await
        })
        .await
        .unwrap()
        .0
}

fn tried(of: &Webhook, status: Option<i32>) -> delivery::Delivery {
    delivery::Delivery {
        webhook_id: of.id,
        id: fresh(),
        first: 1,
        last: 2,
        attempt: of.failures + 1,
        tried_at: now(),
        status,
        error: None,
        duration_ms: 5,
    }
}

#[tokio::test]
async fn a_webhook_is_claimed_once_tried_later_and_paused_after_three_days() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        seal(store).await;
        let hook = hook(store, Some(ash)).await;
        let due = async |at| {
            let mut conn = store.read().await.unwrap();
            webhook::due(&mut conn, at, 10).await.unwrap()
        };
        assert!(due(now()).await.is_empty(), "nothing is new");
        store
            .write(async |conn| add(conn, &council("Birch", None)).await)
            .await
            .unwrap();
        seal(store).await;
        let start = now();
        let row = due(start).await.pop().unwrap();
        let lease = TimeDelta::minutes(2);
        let claim = async |row: &Webhook, at| {
            store
                .write(async |conn| webhook::claim(conn, row, at, lease).await)
                .await
                .unwrap()
        };
        let claimed = claim(&row, start).await.unwrap();
        assert!(claim(&row, start).await.is_none());
        assert!(due(start + TimeDelta::minutes(1)).await.is_empty());
        let fail = async |row: &Webhook, at| {
            let tried = tried(row, Some(500));
            store
                .write(async |conn| webhook::failed(conn, row, at, &tried).await)
                .await
                .unwrap()
        };
        assert!(fail(&claimed, start).await);
        assert!(due(start + TimeDelta::seconds(59)).await.is_empty());
        let row = due(start + TimeDelta::minutes(1)).await.pop().unwrap();
        assert_eq!((row.failures, row.told_to), (1, hook.told_to));

        let late = start + Days::new(3);
        let claimed = claim(&row, late).await.unwrap();
        assert!(!fail(&claimed, late).await);
        let mut conn = store.read().await.unwrap();
        let paused = webhook::by_id(&mut conn, hook.id).await.unwrap();
        assert_eq!((paused.state, paused.version), (WebhookState::Paused, 2));
        let told = notice::of(&mut conn, Some(ash), 9).await.unwrap();
        assert_eq!(told[0].kind, NoticeKind::WebhookPaused);
        let log = delivery::since(&mut conn, &[hook.id], start - lease, 9)
            .await
            .unwrap();
        assert_eq!(log.len(), 2);
        drop(conn);
        assert!(due(late + Days::new(1)).await.is_empty());

        // Resumed, it is told at once of what it missed.
        let granted = Viewer::Operator
            .may(Action::KeepWebhooks, About::Organisation(ash))
            .unwrap();
        let resumed = store
            .write(async |conn| {
                let to = (2, WebhookState::Active);
                webhook::set_state(conn, &granted, late, hook.id, to).await
            })
            .await
            .unwrap();
        assert_eq!(due(late).await[0].id, resumed.id);
        let claimed = claim(&resumed, late).await.unwrap();
        let tried = tried(&claimed, Some(200));
        let to = async |at| {
            store
                .write(async |conn| webhook::told(conn, &claimed, at, 9_999, Some(&tried)).await)
                .await
                .unwrap()
        };
        assert!(to(late).await);
        assert!(due(late + Days::new(1)).await.is_empty());
        let forgot = store
            .write(async |conn| delivery::forget(conn, now() + Days::new(31)).await)
            .await;
        assert_eq!(forgot.unwrap(), 3);
    }
}

#[tokio::test]
async fn no_more_than_ten_webhooks_and_no_secret_in_the_record() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        for _ in 0..10 {
            hook(store, Some(ash)).await;
        }
        let granted = Viewer::Operator
            .may(Action::KeepWebhooks, About::Organisation(ash))
            .unwrap();
        let more = store
            .write(async |conn| {
                webhook::add(
                    conn,
                    &granted,
                    now(),
                    Some(ash),
                    ("https://h.example/", None),
                )
                .await
            })
            .await;
        assert_eq!(more.unwrap_err().code(), "CONFLICT");
        let mut conn = store.read().await.unwrap();
        let all = crate::change::after(&mut conn, None, 1_000).await.unwrap();
        let secret = |text: Option<String>| text.is_some_and(|text| text.contains("whsec_"));
        assert!(all.iter().all(|row| !secret(row.change().after)));
    }
}
