//! The people and keys of an organisation or the unit: who acts for it, who is invited, its tokens, how it is reached.

use askama::Template;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::Named;
use crate::ask::{Ask, PEOPLE, RIGHTS, UNIT_PEOPLE, answer, render};
use crate::deed::{Deed, Deeds};
use crate::error::PageError;
use crate::frame::{Frame, PageContext};
use crate::outcome::Outcome;
use crate::params::DoneParams;
use crate::people_forms::{Forms, Offers};
use crate::sent::Returned;
use crate::show::{Day, Moment};
use crate::told::Webhook;
use crate::words::{Role, Scope, Word};

/// Whose people and keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// Those of the organisation with this slug.
    Organisation(String),
    /// The unit's own.
    Unit,
}

impl Home {
    /// Where their page is.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Organisation(slug) => format!("/organisations/{slug}/people"),
            Self::Unit => "/unit/people".to_owned(),
        }
    }

    /// The organisation as an input names it; null for the unit.
    pub(crate) fn slug(&self) -> Value {
        match self {
            Self::Organisation(slug) => json!(slug),
            Self::Unit => Value::Null,
        }
    }
}

/// What whoever looks may do and see there, by the API's names.
#[derive(Deserialize)]
pub(crate) struct Rights {
    actions: Vec<String>,
    sights: Vec<String>,
}

impl Rights {
    pub(crate) fn may(&self, action: &str) -> bool {
        self.actions.iter().any(|name| name == action)
    }

    pub(crate) fn sees(&self, sight: &str) -> bool {
        self.sights.iter().any(|name| name == sight)
    }
}

/// What is not public; each part is there only for those who may see it.
#[derive(Deserialize)]
pub(crate) struct Affairs {
    #[serde(default)]
    pub(crate) contact: Option<Contact>,
    #[serde(default)]
    pub(crate) members: Option<Vec<Member>>,
    #[serde(default)]
    pub(crate) notices: Option<Vec<Notice>>,
    #[serde(default)]
    pub(crate) invitations: Option<Vec<Invitation>>,
    #[serde(default)]
    pub(crate) tokens: Option<Vec<Token>>,
    #[serde(default)]
    pub(crate) webhooks: Option<Vec<Webhook>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) version: i64,
    pub(crate) updated_at: Moment,
}

#[derive(Deserialize)]
pub(crate) struct Member {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) from: Day,
    pub(crate) to: Option<Day>,
    pub(crate) version: i64,
    pub(crate) person: Person,
}

#[derive(Deserialize)]
pub(crate) struct Person {
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
}

impl Person {
    /// What to call them.
    pub(crate) fn called(&self) -> &str {
        let name = self.name.as_deref().or(self.email.as_deref());
        name.unwrap_or("Somebody without a name")
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Notice {
    created_at: Moment,
    message: String,
    #[serde(default)]
    about: Option<Named>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) role: Role,
    pub(crate) email: Option<String>,
    pub(crate) expires_at: Moment,
    pub(crate) until: Option<Day>,
    pub(crate) version: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Token {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) created_at: Moment,
    pub(crate) expires_at: Moment,
    pub(crate) revoked_at: Option<Moment>,
    pub(crate) last_used_at: Option<Moment>,
}

impl Token {
    /// Whether it may still open something on a day.
    pub(crate) fn holds(&self, today: Day) -> bool {
        self.revoked_at.is_none() && self.expires_at.day() >= today
    }
}

/// A thing with what can be done about it.
pub(crate) struct With<T> {
    pub(crate) thing: T,
    pub(crate) deeds: Vec<Deed>,
}

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    outcome: Outcome,
    today: Day,
    /// The organisation; `None` for the unit.
    body: Option<Named>,
    rights: Rights,
    contact: Option<Contact>,
    members: Option<Vec<With<Member>>>,
    notices: Vec<Notice>,
    invitations: Option<Vec<With<Invitation>>>,
    tokens: Option<Vec<With<Token>>>,
    webhooks: Option<Vec<Webhook>>,
    offers: Offers,
}

impl PeoplePage {
    /// Whose people, in a sentence.
    fn of(&self) -> &str {
        crate::account::named(self.body.as_ref())
    }

    /// All forms of the page.
    fn deeds(&self) -> impl Iterator<Item = &Deed> {
        fn of<T>(things: Option<&Vec<With<T>>>) -> impl Iterator<Item = &Deed> {
            things.into_iter().flatten().flat_map(|one| &one.deeds)
        }
        let Offers {
            invite,
            issue,
            contact,
        } = &self.offers;
        of(self.members.as_ref())
            .chain(of(self.invitations.as_ref()))
            .chain(of(self.tokens.as_ref()))
            .chain([invite, issue, contact].into_iter().flatten())
    }

    fn holds(&self, token: &Token) -> bool {
        token.holds(self.today)
    }

    fn leads(&self) -> &'static str {
        match self.body {
            Some(_) => "leads of this organisation",
            None => "the unit’s administrators",
        }
    }
}

/// The page at `/organisations/{slug}/people`, or at `/unit/people`.
///
/// # Errors
/// [`PageError::Unauthenticated`] for the public; [`PageError::NotFound`] if no organisation has the slug;
/// [`PageError::BadRequest`] if the query string says something was done that no form does; as [`Ask::ask`]; and
/// [`PageError::Failed`] if the answer does not have the shape of the page.
pub async fn people(
    ask: &impl Ask,
    context: &PageContext,
    home: &Home,
    params: &DoneParams,
) -> Result<String, PageError> {
    page(ask, context, home, Outcome::done(params)?, None).await
}

/// What whoever looks may do and see there.
async fn rights(ask: &impl Ask, home: &Home) -> Result<Rights, PageError> {
    #[derive(Deserialize)]
    struct Viewer {
        may: Rights,
    }
    #[derive(Deserialize)]
    struct Answer {
        viewer: Viewer,
    }
    let found: Answer = answer(ask, RIGHTS, &json!({ "organisation": home.slug() })).await?;
    Ok(found.viewer.may)
}

/// What there is to see there for these rights, and the organisation; `None` for the unit.
async fn affairs(
    ask: &impl Ask,
    home: &Home,
    rights: &Rights,
) -> Result<(Option<Named>, Affairs), PageError> {
    #[derive(Deserialize)]
    struct Body {
        name: String,
        #[serde(flatten)]
        affairs: Affairs,
    }
    #[derive(Deserialize)]
    struct Answer {
        organisation: Option<Body>,
    }
    let mut wanted = json!({ "members": rights.sees("MEMBERS"), "keys": rights.sees("KEYS") });
    let Home::Organisation(slug) = home else {
        return Ok((None, answer(ask, UNIT_PEOPLE, &wanted).await?));
    };
    wanted["slug"] = json!(slug);
    wanted["contact"] = json!(rights.sees("CONTACT"));
    let found: Answer = answer(ask, PEOPLE, &wanted).await?;
    let Body { name, affairs } = found.organisation.ok_or(PageError::NotFound)?;
    let slug = slug.clone();
    Ok((Some(Named { slug, name }), affairs))
}

/// The page as it stands, with a form that came back.
pub(crate) async fn page(
    ask: &impl Ask,
    context: &PageContext,
    home: &Home,
    outcome: Outcome,
    returned: Option<&Returned<'_>>,
) -> Result<String, PageError> {
    let rights = rights(ask, home).await?;
    if rights.sights.is_empty() && context.account.is_none() {
        return Err(PageError::Unauthenticated);
    }
    let (body, affairs) = affairs(ask, home, &rights).await?;
    let path = home.path();
    let forms = Forms {
        deeds: Deeds::of(context, &path, returned),
        rights: &rights,
        of_a_body: body.is_some(),
        today: Day(context.today),
    };
    let mut page = PeoplePage {
        frame: Frame::new(context, ""),
        outcome: Outcome::default(),
        today: forms.today,
        offers: forms.offers(affairs.contact.as_ref()),
        members: with(affairs.members, |nth, one| forms.member(nth, one)),
        invitations: with(affairs.invitations, |nth, one| forms.invitation(nth, one)),
        tokens: with(affairs.tokens, |nth, one| forms.token(nth, one)),
        webhooks: affairs.webhooks,
        notices: affairs.notices.unwrap_or_default(),
        contact: affairs.contact,
        body,
        rights,
    };
    page.outcome = outcome.with(page.deeds(), returned);
    page.frame.title = page
        .outcome
        .title(&format!("People and keys of {}", page.of()));
    render(ask, &page)
}

fn with<T>(things: Option<Vec<T>>, deeds: impl Fn(usize, &T) -> Vec<Deed>) -> Option<Vec<With<T>>> {
    let with = |(nth, thing): (usize, T)| With {
        deeds: deeds(nth, &thing),
        thing,
    };
    Some(things?.into_iter().enumerate().map(with).collect())
}
