//! What a viewer may do and see in the affairs of an organisation is what the policy's reviewed tables say.

use crate::people_sample::{Home, member, signed_in};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

const ASK: &str = "query ($organisation: String) { viewer { may(organisation: $organisation) { actions sights } } }";

async fn rights(fixture: &Fixture, viewer: &Viewer, organisation: Option<&str>) -> Value {
    let variables = json!({ "organisation": organisation });
    let answer = ask(&fixture.schema, viewer, ASK, variables).await;
    answer["data"]["viewer"]["may"].clone()
}

#[tokio::test]
async fn everybody_is_told_what_they_may_do_and_see_there() {
    for fixture in Fixture::each().await {
        let ash: Home = Some(Sample::fill(&fixture.store).await.ash);
        let (lead, _) = member(&fixture.store, "lee", ash, Role::Lead).await;
        let (admin, _) = member(&fixture.store, "ada", None, Role::Admin).await;
        let lead = signed_in(&fixture.store, lead).await;
        let admin = signed_in(&fixture.store, admin).await;
        let own = json!({
            "actions": ["RECORD_ADOPTION", "KEEP_CONTACT", "MANAGE_MEMBERS", "ISSUE_TOKEN", "REVOKE_TOKEN", "SIGN_DECLARATION",
                "COMMIT", "RAISE_PROBLEM", "REVISE_PROBLEM", "BACK_PROBLEM", "ANSWER_BACKING", "MOVE_PROBLEM", "JUDGE_SIMILAR",
                "SUGGEST", "START_PROJECT", "ASK_TO_JOIN", "TAKE_PART", "OFFER_HELP", "KEEP_WEBHOOKS"],
            "sights": ["CONTACT", "MEMBERS", "ADDRESSES", "KEYS"],
        });
        assert_eq!(rights(&fixture, &lead, Some("ash")).await, own);
        // What everybody may, and what everybody may who acts for some body.
        let any =
            json!({ "actions": ["REVISE_PROBLEM", "JUDGE_SIMILAR", "SUGGEST"], "sights": [] });
        assert_eq!(rights(&fixture, &lead, None).await, any);
        let none = json!({ "actions": ["SUGGEST"], "sights": [] });
        assert_eq!(
            rights(&fixture, &Viewer::Anonymous, Some("ash")).await,
            none
        );
        // An administrator runs the unit, and acts for no council.
        let of = |rights: Value| rights["actions"].to_string();
        let unit = of(rights(&fixture, &admin, None).await);
        assert!(unit.contains("MANAGE_MEMBERS") && unit.contains("ISSUE_TOKEN"));
        let council = of(rights(&fixture, &admin, Some("ash")).await);
        assert!(council.contains("APPOINT_LEAD") && !council.contains("MANAGE_MEMBERS"));
        let nowhere = json!({ "organisation": "atlantis" });
        let answer = ask(&fixture.schema, &lead, ASK, nowhere).await;
        assert_eq!(fault(&answer).0, "NOT_FOUND");
    }
}
