//! The forms on the page of people and keys: each is there only for those who may send it.

use crate::deed::{Deed, Deeds, Input};
use crate::people::{Contact, Invitation, Member, Rights, Token};
use crate::show::Day;
use crate::words::{Role, Scope, Word};

/// Everything that can be sent from the page, beside what stands with one thing.
pub(crate) struct Offers {
    pub(crate) invite: Option<Deed>,
    pub(crate) issue: Option<Deed>,
    pub(crate) contact: Option<Deed>,
}

/// What the forms of one page are made from.
pub(crate) struct Forms<'a> {
    /// `None` when nobody is signed in.
    pub(crate) deeds: Option<Deeds<'a>>,
    pub(crate) rights: &'a Rights,
    /// Whether the page is an organisation's, not the unit's.
    pub(crate) of_a_body: bool,
    pub(crate) today: Day,
}

impl Forms<'_> {
    /// The forms if whoever looks may do this.
    fn may(&self, action: &str) -> Option<&Deeds<'_>> {
        let deeds = self.deeds.as_ref()?;
        self.rights.may(action).then_some(deeds)
    }

    fn roles(&self) -> &'static [Role] {
        if self.of_a_body {
            Role::OF_A_BODY
        } else {
            Role::OF_THE_UNIT
        }
    }

    pub(crate) fn offers(&self, contact: Option<&Contact>) -> Offers {
        Offers {
            invite: self.invite(),
            issue: self.issue(),
            contact: self.contact(contact),
        }
    }

    /// To change a member's role, and to end the membership.
    pub(crate) fn member(&self, nth: usize, one: &Member) -> Vec<Deed> {
        let Some(deeds) = self.may("MANAGE_MEMBERS") else {
            return Vec::new();
        };
        let hidden = about(&one.id, one.version);
        let role = Input::word("role", "Role", self.roles(), one.role);
        let role = deeds.deed("role", nth, hidden.clone(), vec![role, Input::reason()]);
        let end = deeds.deed("end", nth, hidden, vec![Input::reason()]);
        let who = one.person.called();
        vec![
            role.button("Change role", format!("of {who}")),
            end.button("End membership", format!("of {who}")).grave(),
        ]
    }

    /// To withdraw an invitation.
    pub(crate) fn invitation(&self, nth: usize, one: &Invitation) -> Vec<Deed> {
        let appoints = || self.may("APPOINT_LEAD");
        let Some(deeds) = self.may("MANAGE_MEMBERS").or_else(appoints) else {
            return Vec::new();
        };
        let of = match &one.email {
            Some(email) => format!("the invitation of {email}"),
            None => format!("the link for one {}", one.role.lower()),
        };
        let hidden = about(&one.id, one.version);
        let deed = deeds.deed("withdraw", nth, hidden, Vec::new());
        vec![deed.button("Withdraw", of).grave()]
    }

    /// To revoke a token that still holds.
    pub(crate) fn token(&self, nth: usize, one: &Token) -> Vec<Deed> {
        let deeds = self.may("REVOKE_TOKEN");
        let Some(deeds) = deeds.filter(|_| one.holds(self.today)) else {
            return Vec::new();
        };
        let hidden = vec![("about", one.id.clone())];
        let deed = deeds.deed("revoke", nth, hidden, vec![Input::reason()]);
        vec![
            deed.button("Revoke", format!("the token {}", one.name))
                .grave(),
        ]
    }

    fn invite(&self) -> Option<Deed> {
        let (deeds, roles) = match self.may("MANAGE_MEMBERS") {
            Some(deeds) => (deeds, self.roles()),
            // Who only appoints leads invites to nothing else.
            None => (self.may("APPOINT_LEAD")?, &[Role::Lead] as &[Role]),
        };
        let chosen = roles.first().copied().filter(|_| roles.len() == 1);
        let email = "Leave it blank for a link that the first who opens it may accept.";
        let days = "How many days they have to answer.";
        let inputs = vec![
            Input::one_of("role", "Role", roles, chosen, Role::meaning),
            Input::typed("email", "email", "E-mail address, if you know it", "").hint(email),
            Input::typed("number", "days", "Days", "14").hint(days),
        ];
        let deed = deeds.deed("invite", 0, Vec::new(), inputs);
        Some(deed.button("Make the invitation", ""))
    }

    fn issue(&self) -> Option<Deed> {
        let deeds = self.may("ISSUE_TOKEN")?;
        let name = "What it is for, such as “nightly export of the data team”.";
        let days = "After how many days it stops working.";
        // What can hand out rights is not handed out by the way.
        let usual = |scope| scope != Scope::Manage;
        let scopes = Scope::ALL;
        let inputs = vec![
            Input::text("name", "Name", "").hint(name),
            Input::one_of("role", "Role", self.roles(), None, Role::meaning),
            Input::some_of(
                "scopes",
                "What it may be used for",
                scopes,
                usual,
                Scope::meaning,
            ),
            Input::typed("number", "days", "Days", "365").hint(days),
        ];
        let deed = deeds.deed("issue", 0, Vec::new(), inputs);
        Some(deed.button("Issue the token", ""))
    }

    fn contact(&self, known: Option<&Contact>) -> Option<Deed> {
        let deeds = self.may("KEEP_CONTACT").filter(|_| self.of_a_body)?;
        let value = |of: fn(&Contact) -> &Option<String>| {
            known
                .and_then(|known| of(known).as_deref())
                .unwrap_or_default()
        };
        let name = "A person, or better a team that stays when people go.";
        let inputs = vec![
            Input::text("name", "Whom to ask for", value(|known| &known.name)).hint(name),
            Input::typed(
                "email",
                "email",
                "E-mail address",
                value(|known| &known.email),
            ),
            Input::typed("tel", "phone", "Telephone", value(|known| &known.phone)),
        ];
        let hidden = known.map(|known| ("version", known.version.to_string()));
        let deed = deeds.deed("contact", 0, hidden.into_iter().collect(), inputs);
        Some(deed.button("Save contact details", ""))
    }
}

/// Which thing a form is about, and the version that was seen.
fn about(id: &str, version: i64) -> Vec<(&'static str, String)> {
    vec![("about", id.to_owned()), ("version", version.to_string())]
}
