//! Sessions of browsers: begun by signing in, carried by a cookie, given a new secret now and then, ended by signing out.

use super::Site;
use super::cookie::{self, Cookie};
use super::identity::{Identity, Session};
use super::secret;
use super::sign_in::Trial;
use super::touch::{Used, touch};
use super::visit::Visit;
use actix_web::http::header::HeaderValue;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{NaiveDateTime, TimeDelta};
use domain::id::PersonId;
use domain::policy::{About, Action, Viewer};
use domain::token::Secret;
use domain::{Error, Result};
use store::invitation::Shown;
use store::person::Vouched;
use store::{Conn, invitation};

/// How long a browser keeps the cookie, in seconds; the database decides whether it is still good.
const COOKIE_SECONDS: i64 = domain::session::ABSOLUTE.num_seconds();

/// Admits a person and begins a session for the browser that asks: the secret of its cookie.
///
/// The secret is new each time, and a session that the browser had before is over.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub(super) async fn begin(
    visit: &Visit,
    request: &HttpRequest,
    person: &Vouched<'_>,
    trial: Option<&Trial>,
) -> Result<String> {
    let site = &visit.site;
    let granted = Viewer::SignIn.may(Action::AdmitPerson, About::Sector)?;
    let secret = store::secret(Secret::Session)?;
    let hash = Secret::Session.hash(&secret)?;
    let former = site.access.cookies().read(request, Cookie::Session);
    let former = former.and_then(|secret| Secret::Session.hash(secret).ok());
    let now = store::now();
    site.store
        .write(async |conn| {
            let person = store::person::admit(conn, &granted, now, person).await?;
            if let Some(trial) = trial {
                join(conn, now, person.id, trial).await?;
            }
            if let Some(former) = &former {
                store::session::end(conn, former).await?;
            }
            store::session::begin(conn, &granted, now, person.id, &hash).await
        })
        .await?;
    Ok(secret)
}

/// Makes the person of a trial a member, as everybody becomes one: the operator invites, and the person accepts.
async fn join(conn: &mut Conn, now: NaiveDateTime, person: PersonId, trial: &Trial) -> Result<()> {
    let organisation = match trial.organisation {
        None => None,
        Some(code) => {
            let found = store::organisation::named(conn, code).await?;
            Some(
                found
                    .ok_or_else(|| Error::not_found("organisation", code))?
                    .id,
            )
        }
    };
    let viewer = store::person::viewer(conn, person, now.date()).await?;
    if let Viewer::Person { memberships, .. } = &viewer
        && memberships
            .iter()
            .any(|held| held.organisation == organisation)
    {
        return Ok(());
    }
    let operator = Viewer::Operator.may_invite(trial.role, organisation)?;
    let link = Secret::Invitation.hash(&store::secret(Secret::Invitation)?)?;
    let new = invitation::NewInvitation {
        organisation,
        role: trial.role,
        email: None,
        secret_hash: &link,
        until_on: None,
        expires_at: now + TimeDelta::minutes(1),
    };
    invitation::invite(conn, &operator, now, &new).await?;
    let answer = viewer.may(Action::AnswerInvitation, About::Person(person))?;
    invitation::answer(conn, &answer, now, Shown::Link(&link), true).await?;
    Ok(())
}

/// The answer to a sign-in: the cookie, and the page that was wanted.
pub(super) fn welcome(visit: &Visit, begun: Result<String>, to: &str) -> HttpResponse {
    match begun {
        Err(error) => visit.broken(&error),
        Ok(secret) => {
            let mut answer = visit.go(to);
            cookie::add(&mut answer, of_secret(&visit.site, &secret));
            answer
        }
    }
}

fn of_secret(site: &Site, secret: &str) -> Option<HeaderValue> {
    let cookies = site.access.cookies();
    cookies.set(Cookie::Session, secret, COOKIE_SECONDS)
}

/// Who asks by the session whose secret has this hash.
///
/// # Errors
/// [`Error::Unauthenticated`] when the session is over, or never was; [`Error::Internal`] when the database fails.
pub(super) async fn identity(site: &Site, hash: &str) -> Result<Identity> {
    let mut conn = site.store.read().await?;
    let found = store::session::find(&mut conn, hash, store::now()).await?;
    drop(conn);
    if found.touch {
        touch(site, Used::Session(found.session));
    }
    let name = found.person.name.or(found.person.email);
    Ok(Identity {
        viewer: found.viewer,
        session: Some(Session {
            id: found.session,
            name: name.unwrap_or_else(|| "Signed in".to_owned()),
            csrf: secret::digest(&format!("csrf:{}", found.session)),
            hash: hash.to_owned(),
            rotate: found.rotate,
        }),
    })
}

/// Gives the session a new secret if it is time: the cookie to send. Another request may just have done so.
pub(super) async fn renew(site: &Site, session: &Session) -> Option<HeaderValue> {
    if !session.rotate {
        return None;
    }
    let renewed = async {
        let secret = store::secret(Secret::Session)?;
        let hash = Secret::Session.hash(&secret)?;
        let rotated = site
            .store
            .write(async |conn| {
                let now = store::now();
                store::session::rotate(conn, session.id, now, &session.hash, &hash).await
            })
            .await?;
        Ok::<_, Error>(rotated.then_some(secret))
    };
    match renewed.await {
        Ok(secret) => of_secret(site, &secret?),
        Err(error) => {
            tracing::warn!(error = error.chain(), "A session kept its secret");
            None
        }
    }
}

/// Ends a session: nobody comes in by it any more.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub(super) async fn end(site: &Site, session: &Session) -> Result<()> {
    site.store
        .write(async |conn| store::session::end(conn, &session.hash).await)
        .await
}
