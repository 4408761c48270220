//! People and keys in a browser, by pages and forms alone: from the first invitation to the last member's leave.

use crate::program::each;
use crate::somebody::{
    PEOPLE, appointment, council, form, holds, joined, lead, lead_by, secret, sign_in,
};
use serde_json::{Value, json};

#[test]
fn a_council_fills_itself_by_links_and_empties_again() {
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let bob = joined(&program, &server, &ann, "Bob", "EDITOR");
        let page = ann.page(PEOPLE);
        holds(
            &page,
            &["Bob", "bob@adur.example", "Ann &#60;b&#62;Lee&#60;/b&#62;"],
        );
        assert!(!page.contains("<b>Lee"));

        // An editor sees names, no address but his own, and no form but the one for the contact details.
        let page = bob.page(PEOPLE);
        holds(
            &page,
            &["Bob", "E-mail addresses of others are shown to leads"],
        );
        assert!(!page.contains("ann@adur.example") && !page.contains("value=\"invite\""));

        let page = ann.done(
            PEOPLE,
            "role",
            1,
            &[("role", "SIGNATORY"), ("reason", "Signs")],
        );
        holds(&page, &["The role is changed.", "Signatory"]);
        let page = bob.done("/account", "leave", 0, &[("reason", "New job")]);
        holds(
            &page,
            &["You no longer act for them.", "You act for nobody yet."],
        );
        // Nobody writes for it now but the lead, who is told.
        for path in [PEOPLE, "/account"] {
            let page = ann.page(path);
            holds(&page, &["Notices"]);
            assert!(!page.contains(">Bob<"), "{page}");
        }
    }
}

#[test]
fn a_link_is_kept_quiet_works_once_and_not_after_it_is_withdrawn() {
    for program in each() {
        let server = council(&program);
        let link = appointment(&program);
        for (path, status) in [(link.as_str(), 200), ("/invitation/mhi_nothing", 404)] {
            let page = server.get(path);
            assert_eq!(page.status, status);
            assert_eq!(page.header("referrer-policy"), "no-referrer");
            assert_eq!(page.header("cache-control"), "private, no-store");
            assert!(!page.text.contains("name=\"does\""));
        }
        let ann = lead_by(&program, &server, &link);
        let filled = [("role", "EDITOR"), ("email", "Cat@Adur.example")];
        let shown = ann.send(PEOPLE, "invite", 0, &filled);
        let link = secret(&shown.text);
        let path = link.strip_prefix(&server.base).unwrap();
        let cat = sign_in(&program, &server, "Cat");
        holds(&cat.page("/account"), &["Invitations for you", "Adur"]);
        let before = cat.page(path);
        let page = ann.done(PEOPLE, "withdraw", 0, &[]);
        holds(
            &page,
            &["The invitation is withdrawn", "No invitation waits"],
        );
        let late = cat
            .browser
            .post(&cat.url(path), &form(&before, "accept", 0));
        assert_eq!(late.status, 409, "{}", late.text);
        holds(&late.text, &["Nothing was changed"]);
        assert!(!cat.page("/account").contains("Invitations for you"));
    }
}

#[test]
fn a_token_is_issued_shown_once_used_and_revoked() {
    const WHO: &str = "{ viewer { role scopes } }";
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let page = ann.page(PEOPLE);
        let filled = [
            ("name", "export <i>"),
            ("role", "EDITOR"),
            ("scopes", "READ"),
            ("scopes", "ADOPTION"),
            ("days", "30"),
        ];
        let fields = [&form(&page, "issue", 0)[..], &filled].concat();
        let shown = ann.browser.post(&ann.url(PEOPLE), &fields);
        assert_eq!(shown.status, 200, "{}", shown.text);
        let secret = secret(&shown.text);
        assert!(!shown.text.contains("export <i>"));
        // A double click issues nothing more, and shows nothing again.
        let again = ann.browser.post(&ann.url(PEOPLE), &fields);
        holds(&again.text, &["This form was sent twice."]);
        assert!(!again.text.contains(&secret));

        let who = server.ask_as(Some(&secret), WHO, &json!({}));
        let expected = json!({ "role": "EDITOR", "scopes": ["READ", "ADOPTION"] });
        assert_eq!(who["data"]["viewer"], expected);
        let page = ann.page(PEOPLE);
        assert_eq!(page.matches("value=\"revoke\"").count(), 1);
        holds(&page, &["export &#60;i&#62;", "read, adoption"]);

        let page = ann.done(PEOPLE, "revoke", 0, &[("reason", "Leaked")]);
        holds(&page, &["The token is revoked", "Revoked"]);
        let who = server.ask_as(Some(&secret), WHO, &json!({}));
        assert_eq!(who["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

#[test]
fn what_came_too_late_is_shown_beside_what_stands() {
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let bob = joined(&program, &server, &ann, "Bob", "EDITOR");
        let filled = [("name", "Data team"), ("email", "data@adur.example")];
        let page = ann.done(PEOPLE, "contact", 0, &filled);
        holds(
            &page,
            &["The contact details are saved.", "data@adur.example"],
        );
        let seen = bob.page(PEOPLE);
        ann.done(PEOPLE, "contact", 0, &[("name", "The new team")]);
        let filled = [("name", "Bob’s team"), ("phone", "01632 960001")];
        let fields = [&form(&seen, "contact", 0)[..], &filled].concat();
        let late = bob.browser.post(&bob.url(PEOPLE), &fields);
        assert_eq!(late.status, 409);
        holds(
            &late.text,
            &[
                "<dd>The new team</dd>",
                "value=\"Bob’s team\"",
                "value=\"01632 960001\"",
            ],
        );
        // It can be sent again as it came back.
        let again = [&form(&late.text, "contact", 0)[..], &filled].concat();
        assert_eq!(bob.browser.post(&bob.url(PEOPLE), &again).status, 303);
        holds(&ann.page(PEOPLE), &["<dd>Bob’s team</dd>"]);
    }
}

#[test]
fn who_may_not_is_told_who_may_and_nothing_changes() {
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let bob = joined(&program, &server, &ann, "Bob", "EDITOR");
        let eve = sign_in(&program, &server, "Eve");
        let own = ann.page(PEOPLE);
        for other in [&bob, &eve] {
            let csrf = crate::browser::csrf(&other.browser.get(&other.url("/account")));
            for does in ["invite", "issue", "role", "end"] {
                let hers = form(&own, does, 0);
                let fields: Vec<_> = hers
                    .iter()
                    .map(|(name, value)| {
                        (
                            *name,
                            if *name == "csrf" {
                                csrf.as_str()
                            } else {
                                value
                            },
                        )
                    })
                    .chain([("role", "LEAD"), ("name", "x"), ("scopes", "READ")])
                    .collect();
                let refused = other.browser.post(&other.url(PEOPLE), &fields);
                assert_eq!(refused.status, 403, "{does}: {}", refused.text);
                holds(&refused.text, &["You may not", "<h1>"]);
            }
        }
        let page = eve.page(PEOPLE);
        assert!(!page.contains("Bob") && !page.contains("name=\"does\""));
        assert_eq!(server.get(PEOPLE).status, 401);
        assert_eq!(server.get("/organisations/atlantis/people").status, 404);
        let page = ann.page(PEOPLE);
        assert!(page.contains("Bob") && page.contains("No token was issued yet."));
    }
}

#[test]
fn a_form_without_its_field_or_from_elsewhere_changes_nothing() {
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let page = ann.page("/account");
        let all = form(&page, "leave", 0);
        let bare: Vec<_> = all
            .iter()
            .copied()
            .filter(|(name, _)| *name != "csrf")
            .collect();
        let refused = ann.browser.post(&ann.url("/account"), &bare);
        assert_eq!(refused.status, 403);
        holds(&refused.text, &["Nothing was changed"]);
        let elsewhere = [("Origin", "https://evil.example")];
        let refused = ann
            .browser
            .post_with(&ann.url("/account"), &elsewhere, &all);
        assert_eq!(refused.status, 403);
        // From a page that hides its address the browser vouches for the site alone.
        let hidden = [("Origin", "null"), ("Sec-Fetch-Site", "cross-site")];
        let refused = ann.browser.post_with(&ann.url("/account"), &hidden, &all);
        assert_eq!(refused.status, 403);
        holds(&ann.page("/account"), &["Lead"]);
        let hidden = [("Origin", "null"), ("Sec-Fetch-Site", "same-origin")];
        let taken = ann.browser.post_with(&ann.url("/account"), &hidden, &all);
        assert_eq!(taken.status, 303, "{}", taken.text);
    }
}

#[test]
fn a_person_takes_along_what_is_kept_and_is_erased() {
    for program in each() {
        let server = council(&program);
        let ann = lead(&program, &server);
        let bob = joined(&program, &server, &ann, "Bob", "EDITOR");
        let kept = bob.browser.get(&bob.url("/account/export"));
        assert_eq!(kept.status, 200);
        assert!(kept.header("content-disposition").starts_with("attachment"));
        assert_eq!(kept.header("cache-control"), "private, no-store");
        let kept: Value = kept.json();
        assert!(kept.to_string().contains("bob@adur.example"), "{kept}");
        assert_eq!(server.get("/account/export").status, 401);

        let unsure = bob.send("/account", "erase", 0, &[]);
        assert_eq!(unsure.status, 422);
        let page = bob.send("/account", "erase", 0, &[("confirm", "yes")]);
        assert_eq!(page.status, 303, "{}", page.text);
        let (_, page) = bob.browser.follow_from(bob.url("/account"), page);
        holds(
            &page.text,
            &["Your details are erased", "You are not signed in."],
        );
        let page = ann.page(PEOPLE);
        assert!(!page.contains("Bob") && !page.contains("bob@adur.example"));
    }
}
