//! What people follow, and how they are told of it.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::scalar::DateTime;
use async_graphql::{Enum, ID, SimpleObject};
use domain::Error;
use domain::id::{PersonId, SubscriptionId};
use std::sync::Arc;
use store::news::Titled;

/// What can be followed.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::subscription::FollowedKind")]
pub enum FollowedKind {
    /// A problem.
    Problem,
    /// A project.
    Project,
    /// A standard or practice.
    Standard,
    /// An organisation.
    Organisation,
}

/// How often a person is sent what changed.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[graphql(remote = "domain::subscription::Every")]
pub enum DigestEvery {
    /// Every day.
    Day,
    /// Every Monday.
    Week,
    /// Never.
    Never,
}

/// A thing that is followed.
#[derive(SimpleObject, Debug, Clone)]
pub struct Followed {
    /// What it is.
    kind: FollowedKind,
    /// Its id.
    thing: ID,
    /// Its name or title.
    title: String,
    /// The path of its page on this server.
    path: String,
    /// The path of its Atom feed on this server.
    feed: String,
}

impl From<&Titled> for Followed {
    fn from(titled: &Titled) -> Self {
        let followed = titled.followed;
        Self {
            kind: followed.kind.into(),
            thing: key(followed).id(),
            title: titled.title.clone(),
            path: titled.path(),
            feed: format!("/feeds/{}/{}", followed.kind.in_record(), titled.slug),
        }
    }
}

/// The id of a thing that is followed.
fn key(followed: domain::subscription::Followed) -> Key {
    use domain::subscription::FollowedKind;
    match followed.kind {
        FollowedKind::Problem => Key::Problem(followed.id.into()),
        FollowedKind::Project => Key::Project(followed.id.into()),
        FollowedKind::Standard => Key::Standard(followed.id.into()),
        FollowedKind::Organisation => Key::Organisation(followed.id.into()),
    }
}

/// The thing with this id, where it can be followed.
///
/// # Errors
/// [`Error::Invalid`] when it cannot.
pub(crate) fn followed(id: &ID) -> domain::Result<domain::subscription::Followed> {
    use domain::subscription::{Followed, FollowedKind};
    let (kind, id) = match Key::parse("thing", id) {
        Ok(Key::Problem(id)) => (FollowedKind::Problem, id.0),
        Ok(Key::Project(id)) => (FollowedKind::Project, id.0),
        Ok(Key::Standard(id)) => (FollowedKind::Standard, id.0),
        Ok(Key::Organisation(id)) => (FollowedKind::Organisation, id.0),
        _ => {
            let told = "Give the id of a problem, a project, a standard or an organisation.";
            return Err(Error::invalid("thing", told));
        }
    };
    Ok(Followed { kind, id })
}

/// Something that a person follows.
#[derive(SimpleObject, Debug, Clone)]
pub struct Subscription {
    /// Its opaque id.
    id: ID,
    /// What is followed; null where it is not there any more.
    of: Option<Followed>,
    /// Since when.
    created_at: DateTime,
}

/// How a person is told of what they follow.
#[derive(SimpleObject, Debug, Clone)]
pub struct Digest {
    /// How often they are sent what changed, if anything did.
    every: DigestEvery,
    /// When the last mail was sent; null while none was.
    sent_at: Option<DateTime>,
    /// Whether this server sends mail at all.
    available: bool,
}

impl Subscription {
    /// Whether it is the one with this id.
    pub(crate) fn is(&self, id: SubscriptionId) -> bool {
        self.id == Key::Subscription(id).id()
    }

    /// What a person follows, the oldest first.
    pub(crate) async fn of_person(asked: &Arc<Asked>, person: PersonId) -> Result<Vec<Self>> {
        let mut conn = asked.read().await?;
        let rows = store::subscription::of_person(&mut conn, person).await?;
        let followed = rows.iter().map(store::subscription::Subscription::followed);
        let followed: Vec<_> = followed.collect::<domain::Result<_>>()?;
        let titles = store::news::titles(&mut conn, &followed).await?;
        let all = rows.iter().zip(followed);
        Ok(all
            .map(|(row, followed)| Self {
                id: Key::Subscription(row.id).id(),
                of: titles.get(&followed).map(Followed::from),
                created_at: DateTime(row.created_at),
            })
            .collect())
    }
}

impl Digest {
    /// How a person is told: never, while they chose nothing and follow nothing.
    pub(crate) async fn of_person(asked: &Arc<Asked>, person: PersonId) -> Result<Self> {
        let row = store::digest::of_person(&mut asked.read().await?, person).await?;
        let every = row.as_ref().map(|row| row.every);
        Ok(Self {
            every: every.unwrap_or(domain::subscription::Every::Never).into(),
            sent_at: row.and_then(|row| row.sent_at).map(DateTime),
            available: asked.desk.limits.offers.mail,
        })
    }
}
