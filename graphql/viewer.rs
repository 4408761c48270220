//! Who asks, and what is theirs.

use crate::affairs::Affairs;
use crate::asked::Asked;
use crate::cost;
use crate::error::{Nullable, Result};
use crate::input;
use crate::invitation::Invitation;
use crate::membership::{Membership, Memberships};
use crate::notice::Notice;
use crate::organisation::Organisation;
use crate::organisations::Organisations;
use crate::person::{People, Person};
use crate::rights::Rights;
use crate::roles::{Role, Scope, ViewerKind};
use crate::subscription::{Digest, Subscription};
use async_graphql::{Json, Object};
use domain::id::{OrganisationId, PersonId};
use domain::policy::{About, Sight};
use std::sync::Arc;
use store::Conn;

/// Whoever sends the request.
pub struct Viewer(pub(crate) Arc<Asked>);

impl Viewer {
    /// For whom they act: the organisations of their memberships or token, and `None` for the unit.
    fn homes(&self) -> Vec<Option<OrganisationId>> {
        match &self.0.viewer {
            domain::policy::Viewer::Person { memberships, .. } => {
                memberships.iter().map(|held| held.organisation).collect()
            }
            domain::policy::Viewer::Token { organisation, .. } => vec![*organisation],
            _ => Vec::new(),
        }
    }

    /// All that is kept of a person.
    async fn kept(&self, person: PersonId) -> Result<Json<serde_json::Value>> {
        self.0.viewer.sees(Sight::Person, About::Person(person))?;
        // What somebody did is looked for in the whole record.
        let read = async move |conn: &mut Conn| store::person::export(conn, person).await;
        Ok(Json(self.0.wide(read).await?))
    }
}

/// Who asks.
#[Object]
impl Viewer {
    /// What they are.
    async fn kind(&self) -> ViewerKind {
        use domain::policy::Viewer;
        match self.0.viewer {
            Viewer::Anonymous => ViewerKind::Anonymous,
            Viewer::Token { .. } => ViewerKind::Token,
            Viewer::Person { .. } => ViewerKind::Person,
            Viewer::Operator | Viewer::Job(_) | Viewer::SignIn => ViewerKind::Operator,
        }
    }

    /// The name the token was issued under, or what they are. A person's own name stands in `person`.
    async fn name(&self) -> String {
        match &self.0.viewer {
            domain::policy::Viewer::Token { name, .. } => name.clone(),
            other => other.label(),
        }
    }

    /// The role the token holds; null without a token. A person's roles stand in `memberships`.
    async fn role(&self) -> Option<Role> {
        match &self.0.viewer {
            domain::policy::Viewer::Token { role, .. } => Some((*role).into()),
            _ => None,
        }
    }

    /// The organisation the token speaks for; null for the unit's own, and without a token.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.0.viewer.organisation() {
            Some(id) => Organisations::named(&self.0, [id]).find(id).await,
            None => Ok(None),
        }
    }

    /// The part of its role's rights that the token was made for; empty without a token.
    async fn scopes(&self) -> Vec<Scope> {
        match &self.0.viewer {
            domain::policy::Viewer::Token { scopes, .. } => {
                scopes.iter().map(Scope::from).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What the viewer may do and see in the affairs of an organisation, or in the unit's own.
    async fn may(
        &self,
        #[graphql(
            desc = "The organisation: its slug or a code, such as `E07000223`; left out for the unit."
        )]
        organisation: Option<String>,
    ) -> Result<Rights> {
        let mut conn = self.0.read().await?;
        let home = input::home(&mut conn, organisation.as_deref()).await?;
        Ok(Rights::of(&self.0.viewer, About::affairs_of(home)))
    }

    /// The person who signed in; null for everybody else.
    async fn person(&self) -> Result<Option<Person>> {
        match self.0.viewer.person() {
            Some(id) => {
                let people = People::named(&self.0, [id]);
                people.get(id, About::Person(id)).await.map(Some)
            }
            None => Ok(None),
        }
    }

    /// For whom the person acts today; empty for everybody else.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn memberships(&self) -> Result<Vec<Membership>> {
        let domain::policy::Viewer::Person { memberships, .. } = &self.0.viewer else {
            return Ok(Vec::new());
        };
        let ids: Vec<_> = memberships.iter().map(|held| held.membership).collect();
        Memberships::seen(&self.0, &ids).await
    }

    /// The invitations to the person's verified e-mail address that wait for an answer; empty for everybody else.
    #[graphql(complexity = "cost::list(3, child_complexity)")]
    async fn invitations(&self) -> Result<Vec<Invitation>> {
        let Some(id) = self.0.viewer.person() else {
            return Ok(Vec::new());
        };
        let mut conn = self.0.read().await?;
        let person = store::person::by_ids(&mut conn, &[id]).await?.pop();
        let Some(email) = person.and_then(|person| person.email) else {
            return Ok(Vec::new());
        };
        let rows = store::invitation::pending_for(&mut conn, &email, self.0.now).await?;
        Ok(Invitation::all(&self.0, rows, true))
    }

    /// What those were told for whom the viewer acts, the newest first.
    #[graphql(complexity = "cost::list(5, child_complexity)")]
    async fn notices(&self) -> Result<Vec<Notice>> {
        let mut homes = self.homes();
        homes.retain(|home| {
            let home = About::affairs_of(*home);
            self.0.viewer.sees(Sight::Members, home).is_ok()
        });
        let affairs = Affairs::of(&self.0, homes.iter().copied());
        let mut notices = Vec::new();
        for home in homes {
            notices.extend(affairs.notices(home).await?);
        }
        notices.sort_by_key(|notice| std::cmp::Reverse(notice.key()));
        Ok(notices)
    }

    /// What the person follows, the oldest first; empty for everybody else.
    #[graphql(complexity = "cost::list(10, child_complexity)")]
    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        match self.0.viewer.person() {
            Some(id) => Subscription::of_person(&self.0, id).await,
            None => Ok(Vec::new()),
        }
    }

    /// How the person is told of it by mail; null for everybody else.
    async fn digest(&self) -> Result<Option<Digest>> {
        match self.0.viewer.person() {
            Some(id) => Digest::of_person(&self.0, id).await.map(Some),
            None => Ok(None),
        }
    }

    /// All that is kept of the person who signed in, to be taken along; null for everybody else.
    async fn personal_data(&self) -> Nullable<Json<serde_json::Value>> {
        let id = self.0.viewer.person()?;
        Some(self.kept(id).await)
    }
}
