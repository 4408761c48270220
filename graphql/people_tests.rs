//! People who act for organisations: joining, changing and leaving, by person rather than by token.

use crate::id::Key;
use crate::matrix_tests::{document, told};
use crate::people_sample::{
    Home, address, admit, bearer, invitation, invited, issued, join, member, signed_in,
};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

/// What comes of a mutation: `yes`, or the code of its first fault.
async fn tries(fixture: &Fixture, viewer: &Viewer, mutation: &str, input: Value) -> String {
    let variables = json!({ "input": input });
    told(&ask(&fixture.schema, viewer, &document(mutation), variables).await)
}

/// The data of a mutation, or of a query, that must not fail.
async fn data(fixture: &Fixture, viewer: &Viewer, document: &str, input: Value) -> Value {
    let mut answer = ask(&fixture.schema, viewer, document, json!({ "input": input })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"].take()
}

#[tokio::test]
async fn an_administrator_tries_everything_for_a_council_and_fails() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let (admin, _) = member(store, "admin", None, Role::Admin).await;
        let (_, lead) = member(store, "lead", ash, Role::Lead).await;
        let (appointed, link) = invitation(store, ash, Role::Lead).await;
        let (token, _) = issued(store, (ash, Role::Editor), 1).await;
        let (_, hash) = issued(store, (None, Role::Admin), 1).await;
        let viewers = [
            signed_in(store, admin).await,
            bearer(store, &hash).await.unwrap(),
        ];
        let (lead, token) = (Key::Membership(lead).id(), Key::Token(token).id());
        let appointed = Key::Invitation(appointed).id();
        for viewer in &viewers {
            for (mutation, input) in [
                (
                    "inviteMember",
                    json!({"organisation": "ash", "role": "EDITOR"}),
                ),
                (
                    "inviteMember",
                    json!({"organisation": "ash", "role": "SIGNATORY"}),
                ),
                (
                    "withdrawInvitation",
                    json!({"invitation": appointed, "expectedVersion": 1}),
                ),
                (
                    "changeMembership",
                    json!({"membership": lead, "role": "EDITOR", "expectedVersion": 1}),
                ),
                (
                    "endMembership",
                    json!({"membership": lead, "expectedVersion": 1}),
                ),
                (
                    "updateContact",
                    json!({"organisation": "ash", "name": "Unit"}),
                ),
                (
                    "issueToken",
                    json!({"organisation": "ash", "name": "n", "role": "LEAD"}),
                ),
                ("revokeToken", json!({"token": token})),
            ] {
                let came = tries(&fixture, viewer, mutation, input).await;
                assert_eq!(came, "FORBIDDEN", "{mutation} by {}", viewer.label());
            }
            // What the unit says of the council is a claim.
            let claim = "mutation ($input: RecordAdoptionInput!) { done: recordAdoption(input: $input) { event { standing } } }";
            let row = crate::recording::row(json!({}));
            let said = data(&fixture, viewer, claim, row).await;
            assert_eq!(said["done"]["event"]["standing"], "CLAIMED");
            // There is a lead, so there is none to appoint.
            let lead = json!({"organisation": "ash", "role": "LEAD"});
            assert_eq!(
                tries(&fixture, viewer, "inviteMember", lead).await,
                "CONFLICT"
            );
        }
        // A lead of the council may take an administrator in; the unit may not appoint one of its own.
        let birch = store::organisation::by_slug(&mut store.read().await.unwrap(), "birch").await;
        let birch: Home = birch.unwrap().map(|body| body.id);
        let to_lead = (birch, Role::Lead);
        let (_, own) = invited(store, &viewers[0], to_lead, None).await;
        let accept = |secret: &str| json!({"secret": secret, "accept": true});
        let appoints = tries(&fixture, &viewers[0], "answerInvitation", accept(&own)).await;
        assert_eq!(appoints, "CONFLICT");
        assert_eq!(
            tries(&fixture, &viewers[0], "answerInvitation", accept(&link)).await,
            "yes"
        );
    }
}

#[tokio::test]
async fn an_invitation_is_answered_by_whom_it_is_for_and_a_membership_is_left_by_its_own() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let (lead, _) = member(store, "lead", ash, Role::Lead).await;
        let (ann, bob) = (admit(store, "ann").await, admit(store, "bob").await);
        let lead = signed_in(store, lead).await;
        let invite = "mutation ($input: InviteMemberInput!) { done: inviteMember(input: $input) {
            secret invitation { id state email role organisation { slug } version } userErrors { message } } }";
        let to_ann = json!({"organisation": "ash", "role": "EDITOR", "email": " ANN@example.gov.uk", "idempotencyKey": "k"});
        let first = data(&fixture, &lead, invite, to_ann.clone()).await;
        let made = &first["done"]["invitation"];
        assert_eq!(made["email"], address("ann"));
        assert_eq!(
            (&made["state"], &made["organisation"]["slug"]),
            (&json!("PENDING"), &json!("ash"))
        );
        assert!(
            first["done"]["secret"]
                .as_str()
                .unwrap()
                .starts_with("mhi_")
        );
        // The secret is shown once; the rest of the answer is the same.
        let again = data(&fixture, &lead, invite, to_ann).await;
        assert_eq!(again["done"]["secret"], Value::Null);
        assert_eq!(&again["done"]["invitation"], made);

        let (anns, bobs) = (signed_in(store, ann).await, signed_in(store, bob).await);
        let by_id = json!({"invitation": made["id"], "accept": true});
        assert_eq!(
            tries(&fixture, &bobs, "answerInvitation", by_id.clone()).await,
            "NOT_FOUND"
        );
        let both =
            json!({"invitation": made["id"], "secret": first["done"]["secret"], "accept": true});
        assert_eq!(
            tries(&fixture, &anns, "answerInvitation", both).await,
            "BAD_INPUT"
        );
        let pending = "{ viewer { name person { name email } invitations { id email } memberships { role } } }";
        let seen = data(&fixture, &anns, pending, Value::Null).await;
        assert_eq!(
            seen["viewer"]["invitations"],
            json!([{"id": made["id"], "email": address("ann")}])
        );
        assert_eq!(
            seen["viewer"]["person"],
            json!({"name": "ann", "email": address("ann")})
        );
        let answer =
            "mutation ($input: AnswerInvitationInput!) { done: answerInvitation(input: $input) {
            membership { id role version person { name } organisation { slug } to } } }";
        let joined = data(&fixture, &anns, answer, by_id.clone()).await;
        let joined = &joined["done"]["membership"];
        assert_eq!(
            (&joined["role"], &joined["person"]["name"]),
            (&json!("EDITOR"), &json!("ann"))
        );
        assert_eq!(
            tries(&fixture, &anns, "answerInvitation", by_id).await,
            "CONFLICT"
        );

        // Whoever has a link may decline; then it is used up.
        let (_, link) = invitation(store, ash, Role::Editor).await;
        let no = json!({"secret": link, "accept": false});
        let declined = data(&fixture, &bobs, answer, no).await;
        assert_eq!(declined["done"]["membership"], Value::Null);
        let yes = json!({"secret": link, "accept": true});
        assert_ne!(tries(&fixture, &bobs, "answerInvitation", yes).await, "yes");

        // Bob may not end what is Ann's; Ann may.
        let anns = signed_in(store, ann).await;
        let end = json!({"membership": joined["id"], "expectedVersion": joined["version"]});
        assert_eq!(
            tries(&fixture, &bobs, "endMembership", end.clone()).await,
            "FORBIDDEN"
        );
        assert_eq!(tries(&fixture, &anns, "endMembership", end).await, "yes");
        let left = signed_in(store, ann).await;
        assert!(matches!(left, Viewer::Person { memberships, .. } if memberships.is_empty()));
    }
}

#[tokio::test]
async fn a_token_s_secret_is_shown_once_and_kept_nowhere() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let (lead, _) = member(store, "lead", ash, Role::Lead).await;
        let lead = signed_in(store, lead).await;
        let issue = "mutation ($input: IssueTokenInput!) { done: issueToken(input: $input) {
            secret token { id name role scopes version revokedAt lastUsedAt } userErrors { path } } }";
        let input = json!({"organisation": "ash", "name": "nightly", "role": "EDITOR", "scopes": ["ADOPTION"], "idempotencyKey": "k"});
        let first = data(&fixture, &lead, issue, input.clone()).await;
        let again = data(&fixture, &lead, issue, input).await;
        let secret = first["done"]["secret"].as_str().unwrap();
        assert_eq!(again["done"]["secret"], Value::Null);
        assert_eq!(again["done"]["token"], first["done"]["token"]);
        assert_eq!(first["done"]["token"]["scopes"], json!(["ADOPTION"]));

        let hash = domain::token::Secret::Token.hash(secret).unwrap();
        let narrow = bearer(store, &hash).await.unwrap();
        assert_eq!(
            tries(
                &fixture,
                &narrow,
                "recordAdoption",
                crate::recording::row(json!({}))
            )
            .await,
            "yes"
        );
        let contact = json!({"organisation": "ash", "name": "x"});
        assert_eq!(
            tries(&fixture, &narrow, "updateContact", contact).await,
            "FORBIDDEN"
        );
        let revoke = json!({"token": first["done"]["token"]["id"], "expectedVersion": 2});
        assert_eq!(
            tries(&fixture, &lead, "revokeToken", revoke).await,
            "CONFLICT"
        );
        let revoke = json!({"token": first["done"]["token"]["id"], "expectedVersion": 1, "reason": "leaked"});
        assert_eq!(tries(&fixture, &lead, "revokeToken", revoke).await, "yes");
        assert_eq!(
            bearer(store, &hash).await.unwrap_err().code(),
            "UNAUTHENTICATED"
        );
        let nameless = json!({"organisation": "ash", "name": " ", "role": "EDITOR", "days": 0});
        assert_eq!(
            tries(&fixture, &lead, "issueToken", nameless).await,
            "BAD_INPUT"
        );
    }
}

#[tokio::test]
async fn a_person_is_erased_by_themself_and_what_they_did_stays() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let (ann, _) = member(store, "ann", ash, Role::Editor).await;
        let (lead, _) = member(store, "lead", ash, Role::Lead).await;
        join(store, ann, None, Role::Analyst).await;
        let (anns, lead) = (signed_in(store, ann).await, signed_in(store, lead).await);
        let kept = data(&fixture, &anns, "{ viewer { personalData } }", Value::Null).await;
        assert!(
            kept["viewer"]["personalData"]
                .to_string()
                .contains(&address("ann"))
        );
        let them = json!({"person": Key::Person(ann).id()});
        assert_eq!(
            tries(&fixture, &lead, "erasePerson", them).await,
            "FORBIDDEN"
        );
        let erase = "mutation ($input: ErasePersonInput!) { erasePerson(input: $input) { erased userErrors { code } } }";
        let erased = data(&fixture, &anns, erase, json!({"reason": "asked"})).await;
        assert_eq!(
            erased["erasePerson"],
            json!({"erased": true, "userErrors": []})
        );
        let today = store::now().date();
        let gone = store::person::viewer(&mut store.read().await.unwrap(), ann, today).await;
        assert_eq!(gone.unwrap_err().code(), "UNAUTHENTICATED");
        let nobody = ask(
            &fixture.schema,
            &Viewer::Anonymous,
            &document("erasePerson"),
            json!({"input": {}}),
        )
        .await;
        assert_eq!(fault(&nobody).0, "UNAUTHENTICATED");
    }
}
