//! Somebody with a browser who uses pages and forms alone, and the council they do it for.

use crate::browser::Browser;
use crate::program::{Answer, Program, Server, runtime};
use chrono::TimeDelta;
use domain::policy::{About, Action, Role, Viewer};
use domain::token::Secret;
use store::invitation::NewInvitation;
use store::person::Vouched;

/// Where the people and keys of the council are.
pub(crate) const PEOPLE: &str = "/organisations/adur/people";

/// A council that was just registered.
pub(crate) fn council(program: &Program) -> Server {
    let organisations = "gss_code,name,kind,tier,nation,region,combined_authority,population,opened_on,closed_on\n\
                         E07000223,Adur,COUNCIL,DISTRICT,ENGLAND,South East,,300,,\n";
    let file = program.file("organisations.csv", organisations);
    program.ok(&["import", "organisations", &file]);
    program.serve()
}

/// Somebody with a browser, signed in as whoever the provider vouches for.
pub(crate) struct Somebody<'a> {
    server: &'a Server,
    pub(crate) browser: Browser,
}

/// Somebody of this name, whom a provider vouched for.
pub(crate) fn sign_in<'a>(program: &Program, server: &'a Server, name: &str) -> Somebody<'a> {
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
pub(crate) fn appointment(program: &Program) -> String {
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
pub(crate) fn form<'a>(page: &'a str, does: &'a str, nth: usize) -> Vec<(&'a str, &'a str)> {
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
    /// The address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.base)
    }

    /// A page that is there.
    pub(crate) fn page(&self, path: &str) -> String {
        let page = self.browser.get(&self.url(path));
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        assert_eq!(page.header("cache-control"), "private, no-store");
        page.text
    }

    /// Fills in the `nth` form of a page that does something, and sends it.
    pub(crate) fn send(
        &self,
        path: &str,
        does: &str,
        nth: usize,
        filled: &[(&str, &str)],
    ) -> Answer {
        let page = self.page(path);
        let fields = [&form(&page, does, nth)[..], filled].concat();
        self.browser.post(&self.url(path), &fields)
    }

    /// Sends a form that is taken: the page it leads to.
    pub(crate) fn done(
        &self,
        path: &str,
        does: &str,
        nth: usize,
        filled: &[(&str, &str)],
    ) -> String {
        let answer = self.send(path, does, nth, filled);
        assert_eq!(answer.status, 303, "{does}: {}", answer.text);
        let (_, page) = self.browser.follow_from(self.url(path), answer);
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }
}

/// The text of the box with what is shown once.
pub(crate) fn secret(page: &str) -> String {
    let rest = page.split("<p class=\"secret\"><code>").nth(1);
    let rest = rest.unwrap_or_else(|| panic!("nothing is shown once on {page}"));
    rest.split('<').next().unwrap().to_owned()
}

/// Checks that a page has all of these texts.
pub(crate) fn holds(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "“{text}” is not on {page}");
    }
}

/// The first lead, appointed by the operator.
pub(crate) fn lead<'a>(program: &Program, server: &'a Server) -> Somebody<'a> {
    lead_by(program, server, &appointment(program))
}

/// The first lead, who takes up this link.
pub(crate) fn lead_by<'a>(program: &Program, server: &'a Server, link: &str) -> Somebody<'a> {
    let ann = sign_in(program, server, "Ann <b>Lee</b>");
    let page = ann.done(link, "accept", 0, &[]);
    holds(&page, &["You accepted the invitation.", "Adur", "Lead"]);
    ann
}

/// Somebody whom the lead invites by a link.
pub(crate) fn joined<'a>(
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
