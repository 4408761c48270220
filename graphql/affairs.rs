//! What is not public of organisations that were read together, or of the unit: read once for all, and only of those of
//! which the viewer may see it.

use crate::asked::Asked;
use crate::contact::Contact;
use crate::error::Result;
use crate::invitation::Invitation;
use crate::membership::{Membership, Memberships};
use crate::notice::Notice;
use crate::once::Once;
use crate::token::Token;
use domain::id::OrganisationId;
use domain::policy::{About, Sight};
use std::collections::HashMap;
use std::sync::Arc;

/// The most notices of one organisation that are shown, the newest first.
pub(crate) const NOTICES: i64 = 20;

/// Whose affairs: an organisation's, or the unit's own.
type Home = Option<OrganisationId>;
/// Something of each.
type Each<T> = Arc<HashMap<Home, Vec<T>>>;

/// The affairs of organisations, or of the unit.
pub(crate) struct Affairs {
    asked: Arc<Asked>,
    homes: Vec<Home>,
    contacts: Once<(), Each<Contact>>,
    members: Once<(), Each<Membership>>,
    invitations: Once<(), Each<Invitation>>,
    tokens: Once<(), Each<Token>>,
    notices: Once<(), Each<Notice>>,
}

/// The rows that the store has of some homes: of bodies by one of its functions, of the unit by another.
macro_rules! rows {
    ($affairs:expr, $sight:expr, $of_bodies:path, $of_unit:path, [$($bodies:expr)?], [$($unit:expr)?]) => {{
        let homes = $affairs.seen($sight);
        let bodies: Vec<OrganisationId> = homes.iter().flatten().copied().collect();
        let mut conn = $affairs.asked.read().await?;
        let mut rows = Vec::new();
        if !bodies.is_empty() {
            rows = $of_bodies(&mut conn, &bodies $(, $bodies)?).await?;
        }
        if homes.contains(&None) {
            rows.extend($of_unit(&mut conn, None $(, $unit)?).await?);
        }
        rows
    }};
}

/// What of some homes was read, by home.
fn each<R, T>(
    rows: Vec<R>,
    home: impl Fn(&R) -> Home,
    things: impl FnOnce(Vec<R>) -> Vec<T>,
) -> Each<T> {
    let homes: Vec<Home> = rows.iter().map(home).collect();
    let mut of_each: HashMap<Home, Vec<T>> = HashMap::new();
    for (home, thing) in std::iter::zip(homes, things(rows)) {
        of_each.entry(home).or_default().push(thing);
    }
    Arc::new(of_each)
}

impl Affairs {
    /// The affairs of these homes, to be read when the first of them is wanted.
    pub(crate) fn of(asked: &Arc<Asked>, homes: impl IntoIterator<Item = Home>) -> Arc<Self> {
        Arc::new(Self {
            asked: Arc::clone(asked),
            homes: homes.into_iter().collect(),
            contacts: Once::default(),
            members: Once::default(),
            invitations: Once::default(),
            tokens: Once::default(),
            notices: Once::default(),
        })
    }

    /// Checks that the viewer may see this of `home`.
    fn check(&self, sight: Sight, home: Home) -> Result<()> {
        Ok(self.asked.viewer.sees(sight, About::affairs_of(home))?)
    }

    /// The homes of which the viewer may see this.
    fn seen(&self, sight: Sight) -> Vec<Home> {
        let seen = |home: &&Home| self.check(sight, **home).is_ok();
        self.homes.iter().filter(seen).copied().collect()
    }

    /// How `home` is reached; `None` when nobody has said so.
    pub(crate) async fn contact(&self, home: OrganisationId) -> Result<Option<Contact>> {
        self.check(Sight::Contact, Some(home))?;
        let read = || {
            Box::pin(async {
                let bodies: Vec<_> = self.seen(Sight::Contact).into_iter().flatten().collect();
                let rows = store::contact::get(&mut self.asked.read().await?, &bodies).await?;
                let things = |rows: Vec<_>| rows.into_iter().map(Contact).collect();
                Ok(each(rows, |row| Some(row.organisation_id), things))
            })
        };
        let contacts = self.contacts.get((), read).await?;
        Ok(contacts.get(&Some(home)).and_then(|of| of.first().cloned()))
    }

    /// Who acts for `home` today.
    pub(crate) async fn members(&self, home: Home) -> Result<Vec<Membership>> {
        self.check(Sight::Members, home)?;
        let read = || {
            Box::pin(async {
                let today = self.asked.today();
                use store::membership::{of_organisation, of_organisations};
                let rows = rows!(
                    self,
                    Sight::Members,
                    of_organisations,
                    of_organisation,
                    [today],
                    [today]
                );
                let things = |rows: Vec<_>| Memberships::of(&self.asked, &rows);
                Ok(each(rows, |row| row.organisation_id, things))
            })
        };
        let members = self.members.get((), read).await?;
        Ok(members.get(&home).cloned().unwrap_or_default())
    }

    /// The invitations of `home` that wait for an answer.
    pub(crate) async fn invitations(&self, home: Home) -> Result<Vec<Invitation>> {
        self.check(Sight::Keys, home)?;
        let read = || {
            Box::pin(async {
                let now = self.asked.now;
                use store::{affairs::invitations, invitation::of_organisation};
                let rows = rows!(
                    self,
                    Sight::Keys,
                    invitations,
                    of_organisation,
                    [now],
                    [now]
                );
                let things = |rows| Invitation::all(&self.asked, rows, false);
                Ok(each(rows, |row| row.organisation_id, things))
            })
        };
        let invitations = self.invitations.get((), read).await?;
        Ok(invitations.get(&home).cloned().unwrap_or_default())
    }

    /// The tokens of `home`, also those that hold no more.
    pub(crate) async fn tokens(&self, home: Home) -> Result<Vec<Token>> {
        self.check(Sight::Keys, home)?;
        let read = || {
            Box::pin(async {
                use store::{affairs::tokens, token::of_organisation};
                let rows = rows!(self, Sight::Keys, tokens, of_organisation, [], []);
                let things = |rows| Token::all(&self.asked, rows);
                Ok(each(rows, |row| row.organisation_id, things))
            })
        };
        let tokens = self.tokens.get((), read).await?;
        Ok(tokens.get(&home).cloned().unwrap_or_default())
    }

    /// What `home` was told last.
    pub(crate) async fn notices(&self, home: Home) -> Result<Vec<Notice>> {
        self.check(Sight::Members, home)?;
        let read = || {
            Box::pin(async {
                use store::{affairs::notices, notice};
                let rows = rows!(self, Sight::Members, notices, notice::of, [], [NOTICES]);
                let things = |rows| Notice::all(&self.asked, rows);
                Ok(each(rows, |row| row.organisation_id, things))
            })
        };
        let notices = self.notices.get((), read).await?;
        let newest = notices
            .get(&home)
            .into_iter()
            .flatten()
            .take(NOTICES as usize);
        Ok(newest.cloned().collect())
    }
}
