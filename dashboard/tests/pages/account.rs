//! The account, and the link of an invitation: what is shown to whom, what a form sends, and what comes back.

use dashboard::*;
use serde_json::{Value, json};

use crate::asked::{Prepared, ann, context, now, words};
use crate::rendered::shown;

pub const ACCOUNT: &str = include_str!("answers/account.json");
pub const INVITATION: &str = include_str!("answers/invitation.json");

pub fn fields(pairs: &[(&str, &str)]) -> Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Fields::new(pairs.iter().map(own).collect())
}

/// Somebody who is not signed in, where one can be.
fn stranger(path: &str) -> PageContext {
    PageContext {
        can_sign_in: true,
        ..context(path)
    }
}

/// The page and status of a reply that is one.
pub fn page(reply: Result<Reply, PageError>) -> (u16, String) {
    match reply.unwrap() {
        Reply::Page { status, html } => (status, html),
        Reply::Go(to) => panic!("led to {to}"),
    }
}

fn sent(ask: &Prepared, pairs: &[(&str, &str)]) -> Result<Reply, PageError> {
    now(account_form(ask, &ann("/account"), &fields(pairs)))
}

fn taken() -> Prepared {
    Prepared::new(ACCOUNT).changing(json!({ "userErrors": [] }))
}

#[test]
fn an_account_shows_who_for_whom_and_what_waits() {
    let at = ann("/account");
    let page = now(account(&Prepared::new(ACCOUNT), &at, &Default::default())).unwrap();
    shown(
        &page,
        &[
            "Name Ann Lee E-mail ann@ash.example",
            "Elm Council You are invited to be editor: writes what the organisation claims, its status and its backing. \
             The role would end on 1 January 2027. Answer by 14 September 2026, 12:00 UTC.",
            "Ash Council Lead since 5 January 2026",
            "The collaboration unit Analyst since 1 February 2026, until 1 February 2027",
            "Nobody is left to write for it. About Ash Council, 30 August 2026, 09:00 UTC",
            "Download everything kept about you",
            "I understand that this cannot be undone",
        ],
    );
    assert!(page.contains("href=\"/organisations/ash/people\""));
    assert!(page.contains("href=\"/unit/people\"") && page.contains("action=\"/sign-out\""));
    // Accept, decline, two memberships to leave, one thing to follow no longer, the digest, erase; two to sign out.
    assert_eq!(page.matches("name=\"csrf\" value=\"c5rf\"").count(), 9);
}

#[test]
fn every_form_of_a_page_has_a_key_of_its_own() {
    let at = ann("/account");
    let page = now(account(&Prepared::new(ACCOUNT), &at, &Default::default())).unwrap();
    let start = "name=\"idempotencyKey\" value=\"fresh-";
    let keys = page.split(start).skip(1);
    let mut keys: Vec<_> = keys.map(|rest| rest.split('"').next()).collect();
    keys.sort_unstable();
    let all = keys.len();
    keys.dedup();
    assert_eq!((all, keys.len()), (7, 7));
}

#[test]
fn whoever_is_not_signed_in_is_told_what_an_account_is_for() {
    let nobody = json!({ "viewer": { "person": null, "memberships": [], "invitations": [], "notices": [] } });
    let ask = Prepared::with(nobody);
    let page = now(account(&ask, &stranger("/account"), &Default::default())).unwrap();
    shown(
        &page,
        &["You are not signed in.", "Sign in to see for whom you act"],
    );
    assert!(page.contains("href=\"/sign-in?to=%2Faccount\""));
    assert!(!page.contains("<form"));
}

#[test]
fn leaving_sends_the_membership_its_version_and_the_reason() {
    let ask = taken();
    let form = [
        ("csrf", "c5f"),
        ("idempotencyKey", "k"),
        ("does", "leave"),
        ("about", "m1"),
        ("version", "3"),
        ("reason", " New job "),
    ];
    assert_eq!(
        sent(&ask, &form),
        Ok(Reply::Go("/account?done=left".into()))
    );
    let input = json!({ "membership": "m1", "expectedVersion": 3, "reason": "New job", "idempotencyKey": "k" });
    assert_eq!(ask.sent(), ("EndMembership".to_owned(), input));
}

#[test]
fn an_invitation_is_answered_from_the_account() {
    for (does, accept, done) in [("accept", true, "joined"), ("decline", false, "declined")] {
        let ask = taken();
        let form = [("does", does), ("about", "i1"), ("idempotencyKey", "k")];
        assert_eq!(
            sent(&ask, &form),
            Ok(Reply::Go(format!("/account?done={done}")))
        );
        let input = json!({ "invitation": "i1", "accept": accept, "idempotencyKey": "k" });
        assert_eq!(ask.sent(), ("AnswerInvitation".to_owned(), input));
    }
}

#[test]
fn nothing_is_erased_before_the_box_is_ticked() {
    let ask = taken();
    let (status, html) = page(sent(&ask, &[("does", "erase"), ("reason", "I moved on")]));
    assert_eq!(status, 422);
    assert!(ask.changes.borrow().is_empty());
    shown(
        &html,
        &["Nothing was changed Tick the box to erase your details."],
    );
    assert!(html.contains("value=\"I moved on\"") && html.contains("href=\"#erase-0-confirm\""));
    assert!(html.contains("<title>Nothing was changed: Your account"));
    let form = [
        ("does", "erase"),
        ("confirm", "yes"),
        ("idempotencyKey", "k"),
    ];
    assert_eq!(
        sent(&ask, &form),
        Ok(Reply::Go("/account?done=erased".into()))
    );
    let input = json!({ "reason": null, "idempotencyKey": "k" });
    assert_eq!(ask.sent(), ("ErasePerson".to_owned(), input));
}

#[test]
fn a_refusal_a_rule_and_an_unknown_form_end_where_they_should() {
    let form = [
        ("does", "leave"),
        ("about", "m1"),
        ("version", "3"),
        ("reason", "New job"),
    ];
    let moved = PageError::Conflict("It is version 4 by now.".into());
    let (status, html) = page(sent(&Prepared::new(ACCOUNT).refusing(moved), &form));
    assert_eq!(status, 409);
    shown(
        &html,
        &[
            "It is version 4 by now.",
            "This page shows what stands now.",
        ],
    );
    assert!(html.contains("value=\"New job\"") && html.contains("<details open>"));
    let refused = PageError::Forbidden("You may not.".into());
    let ask = Prepared::new(ACCOUNT).refusing(refused.clone());
    assert_eq!(sent(&ask, &form), Err(refused));
    assert_eq!(
        sent(&taken(), &[("does", "dance")]),
        Err(PageError::NotFound)
    );
    // The membership is not there any more: the fault is shown all the same.
    let gone = PageError::Conflict("It has ended.".into());
    let form = [("does", "leave"), ("about", "m9")];
    let (_, html) = page(sent(&Prepared::new(ACCOUNT).refusing(gone), &form));
    shown(&html, &["Nothing was changed It has ended."]);
}

#[test]
fn what_was_done_is_said_in_a_fixed_sentence_and_nothing_else_is() {
    let at = ann("/account");
    let said = |done: &str| {
        let params = DoneParams {
            done: Some(done.into()),
        };
        now(account(&Prepared::new(ACCOUNT), &at, &params))
    };
    shown(&said("left").unwrap(), &["You no longer act for them."]);
    assert!(matches!(said("<b>paid</b>"), Err(PageError::BadRequest(_))));
}

#[test]
fn the_download_is_what_the_api_keeps_and_nothing_for_the_public() {
    let kept = json!({ "viewer": { "personalData": { "email": "ann@ash.example" } } });
    let given = now(personal_data(&Prepared::with(kept)));
    assert_eq!(given, Ok(json!({ "email": "ann@ash.example" })));
    let nobody = json!({ "viewer": { "personalData": null } });
    let refused = now(personal_data(&Prepared::with(nobody)));
    assert_eq!(refused, Err(PageError::Unauthenticated));
}

#[test]
fn a_link_says_what_it_invites_to_and_takes_an_answer_from_whoever_is_signed_in() {
    let path = "/invitation/mhi_1";
    let ask = Prepared::new(INVITATION);
    let html = now(invitation(&ask, &ann(path), "mhi_1")).unwrap();
    assert_eq!(ask.variable("secret"), json!("mhi_1"));
    shown(
        &html,
        &[
            "An invitation to act for Ash Council",
            "Invited by somebody who may invite for them",
            "Answer by 14 September 2026, 12:00 UTC",
            "You are signed in as Ann Lee",
        ],
    );
    assert_eq!(html.matches(&format!("action=\"{path}\"")).count(), 2);
    // The address holds the secret: no query of this page is offered to be passed on.
    assert!(!html.contains("This page as a query"));
    let ask = Prepared::new(INVITATION).changing(json!({ "userErrors": [] }));
    let form = fields(&[("does", "accept"), ("idempotencyKey", "k")]);
    let reply = now(invitation_form(&ask, &ann(path), "mhi_1", &form));
    assert_eq!(reply, Ok(Reply::Go("/account?done=joined".into())));
    let input = json!({ "secret": "mhi_1", "accept": true, "idempotencyKey": "k" });
    assert_eq!(ask.sent().1, input);
}

#[test]
fn a_link_leads_to_the_sign_in_and_back() {
    let path = "/invitation/mhi_1";
    let html = now(invitation(
        &Prepared::new(INVITATION),
        &stranger(path),
        "mhi_1",
    ))
    .unwrap();
    assert!(html.contains("href=\"/sign-in?to=%2Finvitation%2Fmhi_1\""));
    assert!(!html.contains("<form"));
}

#[test]
fn a_link_that_is_answered_or_unknown_takes_no_answer() {
    let mut answer: Value = serde_json::from_str(INVITATION).unwrap();
    answer["invitation"]["state"] = json!("WITHDRAWN");
    let at = ann("/invitation/mhi_1");
    let html = now(invitation(&Prepared::with(answer), &at, "mhi_1")).unwrap();
    shown(&html, &["State Withdrawn", "It can be answered no more."]);
    assert!(!html.contains("name=\"does\""));
    let unknown = Prepared::saying(Err(PageError::NotFound));
    let dead = now(invitation(&unknown, &at, "mhi_2")).unwrap_err();
    assert_eq!((&dead, dead.status()), (&PageError::DeadLink, 404));
    assert!(words(&error_page(&dead, &at)).contains("This link invites to nothing"));
}
