//! People and keys in a browser, by pages and forms alone: from the first invitation to the last member's leave.

use crate::browser::Browser;
use crate::program::{Answer, Program, Server, each, runtime};
use chrono::TimeDelta;
use domain::policy::{About, Action, Role, Viewer};
use domain::token::Secret;
use serde_json::{Value, json};
use store::invitation::NewInvitation;
use store::person::Vouched;

const PEOPLE: &str = "/organisations/adur/people";

/// A council that was just registered.
fn council(program: &Program) -> Server {
    let organisations = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                         E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,300,,\n";
    let file = program.file("organisations.csv", organisations);
    program.ok(&["import", "organisations", &file]);
    program.serve()
}

/// Somebody with a browser, signed in as whoever the provider vouches for.
struct Somebody<'a> {
    server: &'a Server,
    browser: Browser,
}

fn sign_in<'a>(program: &Program, server: &'a Server, name: &str) -> Somebody<'a> {
    let granted = Viewer::SignIn.may(Action::AdmitPerson, About::Sector);
    let granted = granted.unwrap();
    let person = Vouched {
        issuer: "https://login.example",
        subject: name,
        email: Some(format!("{}@adur.example", name.split(' ').next().unwrap()).to_lowercase()),
        name: Some(name.to_owned()),
    };
    let secret = store::secret(Secret::Session).unwrap();
    let hash = Secret::Session.hash(&secret).unwrap();
    let now = store::now();
    runtime()
        .block_on(program.store().write(async |conn| {
            let person = store::person::admit(conn, &granted, now, &person).await?;
            store::session::begin(conn, &granted, now, person.id, &hash).await
        }))
        .unwrap();
    let browser = Browser::default();
    browser.hold(&server.base, "manyhands", &secret);
    Somebody { server, browser }
}

/// The path of a link that appoints the first lead, as the operator makes it.
fn appointment(program: &Program) -> String {
    let secret = store::secret(Secret::Invitation).unwrap();
    let hash = Secret::Invitation.hash(&secret).unwrap();
    let now = store::now();
    runtime()
        .block_on(program.store().write(async |conn| {
            let body = store::organisation::named(conn, "adur").await?;
            let body = body.unwrap().id;
            let granted = Viewer::Operator.may(Action::AppointLead, About::Organisation(body))?;
            let new = NewInvitation {
                organisation: Some(body),
                role: Role::Lead,
                email: None,
                secret_hash: &hash,
                until_on: None,
                expires_at: now + TimeDelta::days(14),
            };
            store::invitation::invite(conn, &granted, now, &new).await
        }))
        .unwrap();
    format!("/invitation/{secret}")
}

/// The hidden fields and the button of the `nth` form on a page that does something.
fn form<'a>(page: &'a str, does: &'a str, nth: usize) -> Vec<(&'a str, &'a str)> {
    let button = format!("name=\"does\" value=\"{does}\"");
    let forms = page.split("<form").skip(1);
    let forms = forms.filter_map(|rest| rest.split("</form>").next());
    let mut forms = forms.filter(|form| form.contains(&button));
    let form = forms.nth(nth);
    let form = form.unwrap_or_else(|| panic!("no form {nth} does {does} on {page}"));
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let value = |rest: &'a str| {
        let (name, rest) = rest.split_once("\" value=\"")?;
        Some((name, rest.split_once('"')?.0))
    };
    hidden.filter_map(value).chain([("does", does)]).collect()
}

impl Somebody<'_> {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.base)
    }

    /// A page that is there.
    fn page(&self, path: &str) -> String {
        let page = self.browser.get(&self.url(path));
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert_eq!(page.header("cache-control"), "private, no-store");
        page.text
    }

    /// Fills in the `nth` form of a page that does something, and sends it.
    fn send(&self, path: &str, does: &str, nth: usize, filled: &[(&str, &str)]) -> Answer {
        let page = self.page(path);
        let fields = [&form(&page, does, nth)[..], filled].concat();
        self.browser.post(&self.url(path), &fields)
    }

    /// Sends a form that is taken: the page it leads to.
    fn done(&self, path: &str, does: &str, nth: usize, filled: &[(&str, &str)]) -> String {
        let answer = self.send(path, does, nth, filled);
        assert_eq!(answer.status, 303, "{does}: {}", answer.text);
        let (_, page) = self.browser.follow_from(self.url(path), answer);
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }
}

/// The text of the box with what is shown once.
fn secret(page: &str) -> String {
    let rest = page.split("<p class=\"secret\"><code>").nth(1);
    let rest = rest.unwrap_or_else(|| panic!("nothing is shown once on {page}"));
    rest.split('<').next().unwrap().to_owned()
}

fn holds(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "“{text}” is not on {page}");
    }
}

/// The first lead, appointed by the operator.
fn lead<'a>(program: &Program, server: &'a Server) -> Somebody<'a> {
    lead_by(program, server, &appointment(program))
}

/// The first lead, who takes up this link.
fn lead_by<'a>(program: &Program, server: &'a Server, link: &str) -> Somebody<'a> {
    let ann = sign_in(program, server, "Ann <b>Lee</b>");
    let page = ann.done(link, "accept", 0, &[]);
    holds(&page, &["You accepted the invitation.", "Adur", "Lead"]);
    ann
}

/// Somebody whom the lead invites by a link.
fn joined<'a>(
    program: &Program,
    server: &'a Server,
    lead: &Somebody<'_>,
    name: &str,
    role: &str,
) -> Somebody<'a> {
    let shown = lead.send(PEOPLE, "invite", 0, &[("role", role), ("days", "7")]);
    assert_eq!(shown.status, 200, "{}", shown.text);
    let link = secret(&shown.text);
    let path = link.strip_prefix(&server.base).unwrap();
    let somebody = sign_in(program, server, name);
    somebody.done(path, "accept", 0, &[]);
    somebody
}

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
        for path in [link.as_str(), "/invitation/mhi_nothing"] {
            let page = server.get(path);
            assert_eq!(page.status, 200);
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
