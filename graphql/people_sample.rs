//! People, invitations and tokens for tests, made by the store as the program makes them.

use crate::testing::may;
use domain::id::{InvitationId, MembershipId, OrganisationId, PersonId, TokenId};
use domain::policy::{About, Action, Role, Scope, Scopes, Viewer};
use domain::token::Secret;
use store::invitation::{NewInvitation, Shown};
use store::person::Vouched;
use store::token::NewToken;
use store::{Conn, Store};

/// Whose affairs: an organisation's, or the unit's own.
pub(crate) type Home = Option<OrganisationId>;

/// Admits a person with a verified address at `example.gov.uk`.
pub(crate) async fn admit(store: &Store, name: &str) -> PersonId {
    let vouched = Vouched {
        issuer: "https://id.example",
        subject: name,
        email: Some(address(name)),
        name: Some(name.to_owned()),
    };
    let granted = Viewer::SignIn
        .may(Action::AdmitPerson, About::Sector)
        .unwrap();
    let admit =
        async |conn: &mut Conn| store::person::admit(conn, &granted, store::now(), &vouched).await;
    store.write(admit).await.unwrap().id
}

/// The address of a person who was [`admit`]ted.
pub(crate) fn address(name: &str) -> String {
    format!("{name}@example.gov.uk")
}

/// The viewer a person is today.
pub(crate) async fn signed_in(store: &Store, person: PersonId) -> Viewer {
    let mut conn = store.read().await.unwrap();
    let today = store::now().date();
    store::person::viewer(&mut conn, person, today)
        .await
        .unwrap()
}

/// Who manages the members of `home`: its own machine with every right.
fn keeper(home: Home) -> Viewer {
    let role = if home.is_some() {
        Role::Lead
    } else {
        Role::Admin
    };
    Viewer::Token {
        id: store::fresh(),
        name: "keeper of a test".to_owned(),
        role,
        organisation: home,
        scopes: every_scope(),
        membership: None,
    }
}

/// Every scope.
pub(crate) fn every_scope() -> Scopes {
    Scopes::new(Scope::ALL.iter().copied()).unwrap()
}

/// An invitation by `by`, and the secret of its link.
pub(crate) async fn invited(
    store: &Store,
    by: &Viewer,
    (home, role): (Home, Role),
    email: Option<String>,
) -> (InvitationId, String) {
    let secret = store::secret(Secret::Invitation).unwrap();
    let hash = Secret::Invitation.hash(&secret).unwrap();
    let invite = async |conn: &mut Conn| {
        let now = store::now();
        let new = NewInvitation {
            organisation: home,
            role,
            email,
            secret_hash: &hash,
            until_on: None,
            expires_at: now + chrono::TimeDelta::days(1),
        };
        let granted = by.may_invite(role, home)?;
        store::invitation::invite(conn, &granted, now, &new).await
    };
    (store.write(invite).await.unwrap().id, secret)
}

/// An invitation by the organisation or the unit itself.
pub(crate) async fn invitation(store: &Store, home: Home, role: Role) -> (InvitationId, String) {
    invited(store, &keeper(home), (home, role), None).await
}

/// Takes back what the unit's invitations to an organisation are open: it has one at a time.
pub(crate) async fn unappoint(store: &Store, home: Home) {
    let withdraw = async |conn: &mut Conn| {
        let now = store::now();
        for one in store::invitation::of_organisation(conn, home, now).await? {
            if one.by_unit {
                let granted = Viewer::Operator.may_withdraw(home, true)?;
                store::invitation::withdraw(conn, &granted, now, one.id, one.version).await?;
            }
        }
        Ok(())
    };
    store.write(withdraw).await.unwrap();
}

/// Lets a person join in a role.
pub(crate) async fn join(store: &Store, person: PersonId, home: Home, role: Role) -> MembershipId {
    let (_, secret) = invitation(store, home, role).await;
    let hash = Secret::Invitation.hash(&secret).unwrap();
    let viewer = signed_in(store, person).await;
    let granted = viewer
        .may(Action::AnswerInvitation, About::Person(person))
        .unwrap();
    let accept = async |conn: &mut Conn| {
        store::invitation::answer(conn, &granted, store::now(), Shown::Link(&hash), true).await
    };
    store.write(accept).await.unwrap().1.unwrap().id
}

/// A new person who joined in a role.
pub(crate) async fn member(
    store: &Store,
    name: &str,
    home: Home,
    role: Role,
) -> (PersonId, MembershipId) {
    let person = admit(store, name).await;
    (person, join(store, person, home, role).await)
}

/// Lets a member leave.
pub(crate) async fn left(store: &Store, person: PersonId, membership: MembershipId) {
    let viewer = signed_in(store, person).await;
    let granted = viewer.may(Action::Leave, About::Person(person)).unwrap();
    let end = async |conn: &mut Conn| {
        store::membership::end(conn, &granted, store::now(), membership, 1).await
    };
    store.write(end).await.unwrap();
}

/// A token in the database, issued by the operator: its id and the hash of its secret.
pub(crate) async fn issued(
    store: &Store,
    (home, role): (Home, Role),
    days: i64,
) -> (TokenId, String) {
    let secret = store::secret(Secret::Token).unwrap();
    let hash = Secret::Token.hash(&secret).unwrap();
    let issue = async |conn: &mut Conn| {
        let now = store::now();
        let new = NewToken {
            name: "of a test",
            secret_hash: &hash,
            role,
            organisation: home,
            scopes: every_scope(),
            expires_at: now + chrono::TimeDelta::days(days),
        };
        store::token::issue(conn, &may(Action::IssueToken), now, &new).await
    };
    (store.write(issue).await.unwrap(), hash)
}

/// Revokes a token, as the operator.
pub(crate) async fn revoked(store: &Store, token: TokenId) {
    let granted = may(Action::RevokeToken);
    let revoke = async |conn: &mut Conn| {
        store::token::revoke(conn, &granted, store::now(), token, None).await
    };
    store.write(revoke).await.unwrap();
}

/// The viewer that comes with this token's secret.
///
/// # Errors
/// `UNAUTHENTICATED` when the token holds no more.
pub(crate) async fn bearer(store: &Store, hash: &str) -> domain::Result<Viewer> {
    store::token::viewer(&mut store.read().await?, hash, store::now()).await
}
