//! What is not public is seen by those who may, in a number of statements that no list makes larger.

use crate::people_sample::{
    Home, address, admit, bearer, every_scope, invitation, invited, issued, left, member, signed_in,
};
use crate::sample::Sample;
use crate::testing::{Fixture, add, ask, council, token};
use domain::policy::{Role, Viewer};
use serde_json::{Value, json};

const PRIVATE: &str = "{ organisation(slug: \"ash\") { slug contact { name email phone version }
    members { role from to person { name email erased } organisation { slug } }
    invitations { role email state invitedBy } tokens { name role } notices { kind message about { slug } } } }";

/// The codes of the fields that were refused, by field, and the data.
async fn see(fixture: &Fixture, viewer: &Viewer, query: &str) -> (Value, Vec<String>) {
    let mut answer = ask(&fixture.schema, viewer, query, Value::Null).await;
    let refused = answer["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| {
            let field = error["path"].as_array().unwrap().last().unwrap().clone();
            format!(
                "{} {}",
                field.as_str().unwrap(),
                error["extensions"]["code"].as_str().unwrap()
            )
        });
    let mut refused: Vec<String> = refused.collect();
    refused.sort();
    (answer["data"].take(), refused)
}

async fn fill(fixture: &Fixture) -> Home {
    let store = &fixture.store;
    let ash: Home = Some(Sample::fill(store).await.ash);
    let (editor, _) = member(store, "ed", ash, Role::Editor).await;
    member(store, "lee", ash, Role::Lead).await;
    let (_, hash) = issued(store, (ash, Role::Lead), 1).await;
    let lead = bearer(store, &hash).await.unwrap();
    invited(store, &lead, (ash, Role::Signatory), Some(address("new"))).await;
    let contact = json!({"input": {"organisation": "ash", "name": "Desk", "email": "Desk@ash.gov.uk", "phone": "01234 567890"}});
    let update = "mutation ($input: UpdateContactInput!) { updateContact(input: $input) { userErrors { message } } }";
    let editor = signed_in(store, editor).await;
    let answer = ask(&fixture.schema, &editor, update, contact).await;
    assert_eq!(
        answer["data"]["updateContact"]["userErrors"],
        json!([]),
        "{answer}"
    );
    ash
}

#[tokio::test]
async fn private_fields_are_null_with_a_reason_for_whom_they_are_not_for() {
    for fixture in Fixture::each().await {
        let ash = fill(&fixture).await;
        let (data, refused) = see(&fixture, &Viewer::Anonymous, PRIVATE).await;
        let all = ["contact", "invitations", "members", "notices", "tokens"];
        assert_eq!(refused, all.map(|field| format!("{field} UNAUTHENTICATED")));
        let nothing = json!({"slug": "ash", "contact": null, "members": null, "invitations": null, "tokens": null, "notices": null});
        assert_eq!(data["organisation"], nothing);

        let other = admit(&fixture.store, "other").await;
        let (_, refused) = see(&fixture, &signed_in(&fixture.store, other).await, PRIVATE).await;
        assert_eq!(refused, all.map(|field| format!("{field} FORBIDDEN")));

        let (data, refused) = see(&fixture, &token(Role::Editor, ash), PRIVATE).await;
        assert_eq!(refused, ["invitations FORBIDDEN", "tokens FORBIDDEN"]);
        let body = &data["organisation"];
        assert_eq!(
            body["contact"],
            json!({"name": "Desk", "email": "desk@ash.gov.uk", "phone": "01234 567890", "version": 1})
        );
        let people: Vec<_> = body["members"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["person"].clone())
            .collect();
        assert_eq!(
            people,
            [
                json!({"name": "ed", "email": null, "erased": false}),
                json!({"name": "lee", "email": null, "erased": false}),
            ]
        );

        let (data, refused) = see(&fixture, &token(Role::Lead, ash), PRIVATE).await;
        assert_eq!(refused, Vec::<String>::new());
        let body = &data["organisation"];
        assert_eq!(body["members"][1]["person"]["email"], address("lee"));
        assert_eq!(body["invitations"][0]["email"], address("new"));
        assert_eq!(body["tokens"][0]["role"], "LEAD");

        // The unit knows who acts for whom; its administrators also at which address, but not the keys.
        let (data, refused) = see(&fixture, &token(Role::Analyst, None), PRIVATE).await;
        assert_eq!(refused, ["invitations FORBIDDEN", "tokens FORBIDDEN"]);
        assert_eq!(
            data["organisation"]["members"][0]["person"],
            json!({"name": "ed", "email": null, "erased": false})
        );
        let (data, _) = see(&fixture, &token(Role::Admin, None), PRIVATE).await;
        assert_eq!(
            data["organisation"]["members"][0]["person"]["email"],
            address("ed")
        );
    }
}

#[tokio::test]
async fn the_unit_s_own_affairs_are_for_the_unit() {
    let query = "{ members { role person { name } } invitations { role } tokens { name } notices { kind } }";
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        Sample::fill(store).await;
        member(store, "una", None, Role::Analyst).await;
        invitation(store, None, Role::Admin).await;
        issued(store, (None, Role::Analyst), 1).await;
        let (data, refused) = see(&fixture, &token(Role::Admin, None), query).await;
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(
            data["members"],
            json!([{"role": "ANALYST", "person": {"name": "una"}}])
        );
        assert_eq!(data["invitations"], json!([{"role": "ADMIN"}]));
        assert_eq!(
            (&data["tokens"][0]["name"], &data["notices"]),
            (&json!("of a test"), &json!([]))
        );
        let (_, refused) = see(&fixture, &token(Role::Analyst, None), query).await;
        assert_eq!(refused, ["invitations FORBIDDEN", "tokens FORBIDDEN"]);
        let (_, refused) = see(&fixture, &Viewer::Anonymous, query).await;
        assert_eq!(refused.len(), 4);
    }
}

#[tokio::test]
async fn the_affairs_of_many_bodies_take_no_more_statements_than_of_few() {
    let query = "{ organisations(first: 50) { nodes { contact { name } members { person { name } organisation { slug } }
        invitations { organisation { slug } } tokens { organisation { slug } } notices { about { slug } } } } }";
    let counted = async |fixture: &Fixture, bodies: usize| {
        for number in 0..bodies {
            let body = add(&fixture.store, council(&format!("Body {number:02}")))
                .await
                .id;
            member(
                &fixture.store,
                &format!("q{number}"),
                Some(body),
                Role::Lead,
            )
            .await;
            let (person, membership) = member(
                &fixture.store,
                &format!("p{number}"),
                Some(body),
                Role::Editor,
            )
            .await;
            left(&fixture.store, person, membership).await;
            invitation(&fixture.store, Some(body), Role::Editor).await;
            issued(&fixture.store, (Some(body), Role::Editor), 1).await;
        }
        let viewer = Viewer::Operator;
        let before = fixture.store.statements().count();
        let answer = ask(&fixture.schema, &viewer, query, Value::Null).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        let nodes = answer["data"]["organisations"]["nodes"].as_array().unwrap();
        assert!(
            nodes.len() == bodies
                && nodes
                    .iter()
                    .all(|one| one["members"][0]["person"]["name"].is_string())
        );
        fixture.store.statements().count() - before
    };
    let (few, many) = (Fixture::each().await, Fixture::each().await);
    for (few, many) in few.iter().zip(&many) {
        let among_few = counted(few, 2).await;
        // The page; contacts; members with people and bodies; invitations, tokens and notices with bodies.
        assert_eq!(among_few, 1 + 1 + 3 + 2 + 2 + 2);
        assert_eq!(counted(many, 30).await, among_few);
    }
}

#[tokio::test]
async fn a_membership_is_fetched_by_its_id_by_those_who_may_see_it() {
    for fixture in Fixture::each().await {
        let ash: Home = Some(Sample::fill(&fixture.store).await.ash);
        let (_, id) = member(&fixture.store, "ed", ash, Role::Editor).await;
        let id = crate::id::Key::Membership(id).id();
        let query = format!(
            "{{ node(id: \"{}\") {{ ... on Membership {{ role version }} }} }}",
            id.as_str()
        );
        let (data, _) = see(&fixture, &token(Role::Editor, ash), &query).await;
        assert_eq!(data["node"], json!({"role": "EDITOR", "version": 1}));
        let (data, refused) = see(&fixture, &Viewer::Anonymous, &query).await;
        assert_eq!((data["node"].clone(), refused), (Value::Null, Vec::new()));
    }
}

#[tokio::test]
async fn a_viewer_is_told_what_they_are_and_a_link_is_read_by_its_secret() {
    for fixture in Fixture::each().await {
        let store = &fixture.store;
        let ash: Home = Some(Sample::fill(store).await.ash);
        let who = "{ viewer { kind role scopes person { name } memberships { role organisation { slug } } organisation { slug }
            invitations { id } notices { kind } personalData } }";
        let (data, refused) = see(&fixture, &token(Role::Lead, ash), who).await;
        assert_eq!(refused, Vec::<String>::new());
        assert_eq!(
            data["viewer"],
            json!({"kind": "TOKEN", "role": "LEAD",
            "scopes": ["READ", "STATUS", "PROJECTS", "SIGN", "ADOPTION", "IMPORT", "JOBS"], "person": null, "memberships": [],
            "organisation": {"slug": "ash"}, "invitations": [], "notices": [], "personalData": null})
        );
        assert!(every_scope().iter().count() == 8);
        let (person, _) = member(store, "ed", ash, Role::Editor).await;
        let (data, _) = see(&fixture, &signed_in(store, person).await, who).await;
        assert_eq!(
            data["viewer"]["memberships"],
            json!([{"role": "EDITOR", "organisation": {"slug": "ash"}}])
        );
        assert_eq!(
            (&data["viewer"]["kind"], &data["viewer"]["role"]),
            (&json!("PERSON"), &Value::Null)
        );

        let (_, secret) = invitation(store, ash, Role::Signatory).await;
        let link = |secret: &str| {
            format!(
                "{{ invitation(secret: \"{secret}\") {{ role email state organisation {{ name }} }} }}"
            )
        };
        let (data, _) = see(&fixture, &Viewer::Anonymous, &link(&secret)).await;
        assert_eq!(
            data["invitation"],
            json!({"role": "SIGNATORY", "email": null, "state": "PENDING", "organisation": {"name": "Ash"}})
        );
        for wrong in ["mhi_x", &secret[..60], &secret.replace("mhi_", "mhd_")] {
            let (data, refused) = see(&fixture, &Viewer::Anonymous, &link(wrong)).await;
            assert_eq!(
                (data["invitation"].clone(), refused),
                (Value::Null, vec!["invitation NOT_FOUND".to_owned()])
            );
        }
    }
}
