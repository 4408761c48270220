//! `person`: invites somebody by a link, and gives out or erases what is kept of a person.

use super::{organisation, plain, text};
use crate::terminal::{remark, say};
use chrono::Duration;
use clap::{Args, Subcommand};
use domain::id::PersonId;
use domain::membership::INVITATION_DAYS;
use domain::policy::{About, Action, Role, Viewer};
use domain::token::Secret;
use store::invitation::NewInvitation;
use store::{Conn, Store};

#[derive(Args, Debug)]
pub(super) struct Person {
    #[command(subcommand)]
    command: PersonCommand,
}

#[derive(Subcommand, Debug)]
enum PersonCommand {
    /// Invites somebody and prints the link; only its hash is kept, so it cannot be shown again.
    Invite(Invite),
    /// Prints everything that is kept of a person, as JSON.
    Export(Export),
    /// Erases a person: their details go, what they did stays on record without a name.
    Erase(Erase),
}

#[derive(Args, Debug)]
#[command(
    after_help = "The unit invites its own staff, and the first lead of a body; that lead invites all others.\n\nExamples:\n  manyhands person invite --role ADMIN --email una@unit.example\n  manyhands person invite --role LEAD --organisation E07000223 --days 30"
)]
struct Invite {
    /// What they will be: ANALYST or ADMIN at the unit, or LEAD of an organisation that has none.
    #[arg(long)]
    role: Role,
    /// The organisation they will act for: its slug, or a code such as E07000223.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// Their e-mail address: signed in with it, they find the invitation without the link.
    #[arg(long)]
    email: Option<String>,
    /// How many days it can be answered.
    #[arg(long, default_value_t = INVITATION_DAYS, value_parser = clap::value_parser!(i64).range(1..=90))]
    days: i64,
    /// The address at which people reach the server.
    #[arg(long, env = "MANYHANDS_PUBLIC_URL", default_value = "http://127.0.0.1:8080", value_name = "URL", value_parser = base)]
    public_url: String,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  manyhands person export una@unit.example\n  manyhands person export 0198a3c4-7b1e-7c5a-9d57-2f6f0e6f4b11 > una.json"
)]
struct Export {
    /// The person's id or e-mail address.
    #[arg(value_name = "ID|EMAIL")]
    person: String,
}

#[derive(Args, Debug)]
#[command(
    after_help = "Their memberships and the tokens they issued end, and so do invitations to their address. It cannot be undone.\n\nExample:\n  manyhands person erase una@unit.example --reason 'asked by letter of 3 May'"
)]
struct Erase {
    /// The person's id or e-mail address.
    #[arg(value_name = "ID|EMAIL")]
    person: String,
    /// Why. It stays on record for good, so name nobody in it.
    #[arg(long, value_parser = text)]
    reason: String,
}

impl Person {
    /// Whether it makes sense in a database that is not there yet.
    pub(super) fn begins(&self) -> bool {
        matches!(self.command, PersonCommand::Invite(_))
    }

    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        match self.command {
            PersonCommand::Invite(invite) => invite.run(store).await,
            PersonCommand::Export(export) => export.run(store).await,
            PersonCommand::Erase(erase) => erase.run(store).await,
        }
    }
}

impl Invite {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let secret = store::secret(Secret::Invitation).map_err(plain)?;
        let secret_hash = Secret::Invitation.hash(&secret).map_err(plain)?;
        let now = store::now();
        let (made, place) = store
            .write(async |conn| {
                let body = organisation(conn, self.organisation.as_deref()).await?;
                let home = body.as_ref().map(|body| body.id);
                let granted = Viewer::Operator.may_invite(self.role, home)?;
                let new = NewInvitation {
                    organisation: home,
                    role: self.role,
                    email: self.email.clone(),
                    secret_hash: &secret_hash,
                    until_on: None,
                    expires_at: now + Duration::days(self.days),
                };
                let made = store::invitation::invite(conn, &granted, now, &new).await?;
                Ok((made, body.map_or("the unit".to_owned(), |body| body.name)))
            })
            .await
            .map_err(plain)?;
        remark(format_args!(
            "Whoever opens this link and signs in can become {} of {place}, until {}. It is shown only now; send it to nobody else:",
            made.role,
            made.expires_at.date()
        ));
        say(format_args!("{}/invitation/{secret}", self.public_url));
        Ok(())
    }
}

impl Export {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let mut conn = store.read_wide().await.map_err(plain)?;
        let id = named(&mut conn, &self.person).await?;
        let kept = store::person::export(&mut conn, id).await.map_err(plain)?;
        say(format_args!("{kept:#}"));
        Ok(())
    }
}

impl Erase {
    async fn run(self, store: &Store) -> anyhow::Result<()> {
        let id = named(&mut store.read().await.map_err(plain)?, &self.person).await?;
        let granted = Viewer::Operator
            .may(Action::ErasePerson, About::Person(id))
            .map_err(plain)?
            .because(Some(self.reason));
        store
            .write(async |conn| store::person::erase(conn, &granted, store::now(), id).await)
            .await
            .map_err(plain)?;
        say(format_args!(
            "Erased {id}; what they did stays on record, without a name."
        ));
        Ok(())
    }
}

/// The one person who is named by id or address.
async fn named(conn: &mut Conn, name: &str) -> anyhow::Result<PersonId> {
    if !name.contains('@') {
        let id: PersonId = name.parse().map_err(plain)?;
        return Ok(store::person::by_id(conn, id).await.map_err(plain)?.id);
    }
    let address = domain::person::address(name).map_err(plain)?;
    let people = store::person::by_email(conn, &address)
        .await
        .map_err(plain)?;
    match people.as_slice() {
        [] => anyhow::bail!("nobody has signed in with this e-mail address"),
        [person] => Ok(person.id),
        several => {
            let ids: Vec<String> = several.iter().map(|person| person.id.to_string()).collect();
            anyhow::bail!(
                "several people signed in with this e-mail address; give the id of one: {}",
                ids.join(", ")
            )
        }
    }
}

/// Reads the address at which people reach the server.
fn base(raw: &str) -> Result<String, String> {
    let base = raw.trim().trim_end_matches('/');
    let host = base
        .strip_prefix("https://")
        .or_else(|| base.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(char::is_whitespace) => {
            Ok(base.to_owned())
        }
        _ => Err("write it with its scheme, such as https://manyhands.example".to_owned()),
    }
}
