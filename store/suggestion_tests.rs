//! What must hold of suggestions and of judgements of pairs.

use crate::problem_sample::{member, raised};
use crate::sample::may;
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{judgement, now, suggestion};
use domain::policy::{About, Action, Viewer};
use domain::suggestion::{SuggestionKind, SuggestionState};

#[tokio::test]
async fn a_suggestion_waits_for_the_unit_and_its_text_is_not_in_the_record() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let row = raised(store, ash, "Bins").await;
        let anyone = Viewer::Anonymous
            .may(Action::Suggest, About::Sector)
            .unwrap();
        let new = suggestion::NewSuggestion {
            kind: SuggestionKind::Question,
            problem: Some(row.id),
            project: None,
            text: "Why on Mondays?",
            receipt_hash: "hash",
        };
        let made = store
            .write(async |conn| suggestion::suggest(conn, &anyone, now(), &new).await)
            .await
            .unwrap();
        let mut conn = store.read().await.unwrap();
        let found = suggestion::by_receipt(&mut conn, "hash").await.unwrap();
        assert_eq!(found.as_ref(), Some(&made));
        assert_eq!(
            suggestion::public_of(&mut conn, &[row.id]).await.unwrap(),
            []
        );
        let all = crate::change::after(&mut conn, None, 100).await.unwrap();
        let said: Vec<_> = all.iter().filter_map(|one| one.change().after).collect();
        assert!(!said.iter().any(|json| json.contains("Mondays")));
        drop(conn);
        let unit = may(Action::Moderate);
        let moderate = async |version, state, words| {
            store
                .write(async |conn| {
                    let which = (made.id, version);
                    suggestion::moderate(conn, &unit, now(), which, (state, words)).await
                })
                .await
        };
        let none = moderate(1, SuggestionState::Answered, None).await;
        assert_eq!(none.unwrap_err().code(), "BAD_INPUT");
        let words = Some("They are not.");
        moderate(1, SuggestionState::Answered, words).await.unwrap();
        let late = moderate(1, SuggestionState::Spam, None).await;
        assert_eq!(late.unwrap_err().code(), "CONFLICT");
        let mut conn = store.read().await.unwrap();
        let public = suggestion::public_of(&mut conn, &[row.id]).await.unwrap();
        assert_eq!(public.len(), 1);
        let awaiting = Some(SuggestionState::Awaiting);
        assert_eq!(suggestion::count(&mut conn, awaiting).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn judgements_of_pairs_are_kept() {
    for test in TestStore::each().await {
        let store = &test.store;
        let ash = body(store, "Ash").await;
        let (one, two) = (
            raised(store, ash, "Bins").await,
            raised(store, ash, "Refuse").await,
        );
        let granted = member(ash)
            .may(Action::JudgeSimilar, About::Sector)
            .unwrap();
        let judge = async |pair, accepted| {
            store
                .write(async |conn| judgement::judge(conn, &granted, now(), pair, accepted).await)
                .await
        };
        judge((one.id, two.id), true).await.unwrap();
        judge((one.id, two.id), false).await.unwrap();
        assert_eq!(
            judge((one.id, one.id), true).await.unwrap_err().code(),
            "BAD_INPUT"
        );
        let mut conn = store.read().await.unwrap();
        let all = judgement::all(&mut conn).await.unwrap();
        let said: Vec<bool> = all.iter().map(|one| one.accepted).collect();
        assert_eq!(said, [true, false]);
    }
}
