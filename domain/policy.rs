//! Who may do what: one table, asked by everything that writes.

use crate::{
    Error, Result,
    adoption::Standing,
    id::{OrganisationId, TokenId},
    text_enum,
};

text_enum!(
    /// What a member of an organisation, or its machine, may do there.
    pub enum Role as "role" {
        /// Writes claims, status and backing.
        Editor = "EDITOR",
        /// Also signs, accepts risk and confirms.
        Signatory = "SIGNATORY",
        /// Also manages the organisation's memberships.
        Lead = "LEAD",
        /// Works at the collaboration unit.
        Analyst = "ANALYST",
        /// Runs the collaboration unit's installation.
        Admin = "ADMIN",
    }
);

impl Role {
    /// Whether the role is one of the unit's own, held for no other organisation.
    pub fn is_of_the_unit(self) -> bool {
        matches!(self, Self::Analyst | Self::Admin)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Somebody who did not say who they are.
    Anonymous,
    /// A machine with a token.
    Token {
        /// The token's id.
        id: TokenId,
        /// The name it was issued under.
        name: String,
        /// The role it holds.
        role: Role,
        /// The organisation it acts for; `None` for the unit's own.
        organisation: Option<OrganisationId>,
    },
    /// Whoever runs the program on its machine.
    Operator,
    /// A scheduled job, by name.
    Job(&'static str),
}

/// What a viewer may want to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Add or change organisations, their codes, successions and groups.
    KeepRegister,
    /// Add or change standards and provisions.
    KeepStandards,
    /// Record what is known of a body and a standard.
    RecordAdoption,
    /// Import bodies' own publications of what they adopted, as confirmed.
    ImportPublications,
    /// Issue a token.
    IssueToken,
    /// Ask for a run of a job.
    RunJob,
    /// Keep the result of an analytic.
    KeepSnapshot,
}

/// Whom an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The sector as a whole.
    Sector,
    /// One organisation.
    Organisation(OrganisationId),
}

/// Proof that a right was checked, and whom to name in the record. Only [`Viewer::may`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    actor: String,
    action: Action,
    organisation: Option<OrganisationId>,
}

impl Granted {
    /// Who acts, as the record names them.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What was granted.
    pub fn action(&self) -> Action {
        self.action
    }

    /// The organisation for which the actor speaks; `None` for the unit, the operator and jobs.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    /// Whether the actor speaks for this organisation itself.
    pub fn speaks_for(&self, organisation: OrganisationId) -> bool {
        self.organisation == Some(organisation)
    }

    /// Checks that the actor may put right an event about `organisation` that has this standing: what an organisation
    /// confirmed, only it itself takes back.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for somebody else's correction of a confirmed event.
    pub fn check_correction(
        &self,
        organisation: OrganisationId,
        corrected: Standing,
    ) -> Result<()> {
        if corrected != Standing::Confirmed || self.speaks_for(organisation) {
            return Ok(());
        }
        Err(Error::Forbidden {
            action: "correct what the organisation itself confirmed",
            hint: "Use a token of that organisation, or record a claim that corrects nothing.",
        })
    }

    /// Checks that this grant is for `action`: a store function takes only the grant it needs.
    ///
    /// # Errors
    /// [`Error::Internal`] when it was granted for something else: a mistake in this program.
    pub fn require(&self, action: Action) -> Result<()> {
        if self.action == action {
            return Ok(());
        }
        Err(Error::internal(format!(
            "granted {:?}, but the write needs {action:?}",
            self.action
        )))
    }
}

/// A class of viewers in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    /// A member of the organisation concerned.
    Own,
    Analyst,
    Admin,
    Operator,
    Job,
}

impl Action {
    /// Every action.
    pub const ALL: &'static [Self] = &[
        Self::KeepRegister,
        Self::KeepStandards,
        Self::RecordAdoption,
        Self::ImportPublications,
        Self::IssueToken,
        Self::RunJob,
        Self::KeepSnapshot,
    ];

    /// The action in words, after "may not".
    pub fn words(self) -> &'static str {
        match self {
            Self::KeepRegister => "keep the register",
            Self::KeepStandards => "keep standards and provisions",
            Self::RecordAdoption => "record an adoption for this organisation",
            Self::ImportPublications => "import publications",
            Self::IssueToken => "issue a token",
            Self::RunJob => "run a job",
            Self::KeepSnapshot => "keep a snapshot",
        }
    }

    /// The table: who may.
    fn allowed(self) -> &'static [Who] {
        use Who::{Admin, Analyst, Job, Operator, Own};
        match self {
            Self::KeepRegister | Self::KeepStandards => &[Analyst, Admin, Operator],
            Self::RecordAdoption => &[Own, Analyst, Admin, Operator],
            Self::ImportPublications | Self::IssueToken => &[Operator],
            Self::RunJob => &[Admin, Operator, Job],
            Self::KeepSnapshot => &[Job],
        }
    }

    /// Who may, in a sentence for those who may not.
    fn hint(self) -> &'static str {
        match self {
            Self::RecordAdoption => "Use a token of that organisation, or one of the unit's.",
            Self::RunJob => "Use a token with role ADMIN.",
            Self::KeepRegister | Self::KeepStandards => "Use a token of the unit.",
            Self::ImportPublications | Self::IssueToken => {
                "Use the command line where Manyhands runs."
            }
            Self::KeepSnapshot => "Run the job that keeps it.",
        }
    }
}

impl Viewer {
    /// Grants `action` about `about` to this viewer, if the table says so.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for an anonymous viewer, [`Error::Forbidden`] for one without the right.
    pub fn may(&self, action: Action, about: About) -> Result<Granted> {
        if *self == Self::Anonymous {
            return Err(Error::Unauthenticated);
        }
        let allowed = action.allowed();
        if !self.classes(about).any(|who| allowed.contains(&who)) {
            return Err(Error::Forbidden {
                action: action.words(),
                hint: action.hint(),
            });
        }
        Ok(Granted {
            actor: self.label(),
            action,
            organisation: self.organisation(),
        })
    }

    /// The organisation the viewer acts for.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self {
            Self::Token { organisation, .. } => *organisation,
            _ => None,
        }
    }

    /// How the record names the viewer: never a secret.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Token { id, .. } => format!("token:{id}"),
            Self::Operator => "operator".to_owned(),
            Self::Job(name) => format!("job:{name}"),
        }
    }

    /// The classes of the table this viewer is in, for something about `about`.
    fn classes(&self, about: About) -> impl Iterator<Item = Who> {
        let class = match self {
            Self::Anonymous => None,
            Self::Operator => Some(Who::Operator),
            Self::Job(_) => Some(Who::Job),
            Self::Token {
                role: Role::Analyst,
                organisation: None,
                ..
            } => Some(Who::Analyst),
            Self::Token {
                role: Role::Admin,
                organisation: None,
                ..
            } => Some(Who::Admin),
            Self::Token {
                organisation: Some(own),
                role,
                ..
            } if !role.is_of_the_unit() => (about == About::Organisation(*own)).then_some(Who::Own),
            Self::Token { .. } => None,
        };
        class.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const OWN: u128 = 1;

    fn token(role: Role, organisation: Option<u128>) -> Viewer {
        Viewer::Token {
            id: Uuid::nil().into(),
            name: "test".into(),
            role,
            organisation: organisation.map(|id| Uuid::from_u128(id).into()),
        }
    }

    fn viewers() -> Vec<(&'static str, Viewer)> {
        vec![
            ("anonymous", Viewer::Anonymous),
            ("own editor", token(Role::Editor, Some(OWN))),
            ("own signatory", token(Role::Signatory, Some(OWN))),
            ("own lead", token(Role::Lead, Some(OWN))),
            ("other's lead", token(Role::Lead, Some(2))),
            ("unit analyst", token(Role::Analyst, None)),
            ("unit admin", token(Role::Admin, None)),
            ("admin of a council", token(Role::Admin, Some(OWN))),
            ("editor of nobody", token(Role::Editor, None)),
            ("operator", Viewer::Operator),
            ("job", Viewer::Job("adoption_snapshot")),
        ]
    }

    #[test]
    fn the_printed_matrix_is_the_reviewed_one() {
        let about = About::Organisation(Uuid::from_u128(OWN).into());
        let mut table = String::new();
        for (name, viewer) in viewers() {
            let may: Vec<_> = Action::ALL
                .iter()
                .filter(|action| viewer.may(**action, about).is_ok())
                .map(|action| action.words())
                .collect();
            table.push_str(&format!("{name}: {}\n", may.join("; ")));
        }
        let reviewed = "\
anonymous: 
own editor: record an adoption for this organisation
own signatory: record an adoption for this organisation
own lead: record an adoption for this organisation
other's lead: 
unit analyst: keep the register; keep standards and provisions; record an adoption for this organisation
unit admin: keep the register; keep standards and provisions; record an adoption for this organisation; run a job
admin of a council: 
editor of nobody: 
operator: keep the register; keep standards and provisions; record an adoption for this organisation; import publications; issue a token; run a job
job: run a job; keep a snapshot
";
        assert_eq!(table, reviewed);
    }

    #[test]
    fn only_a_body_s_own_members_speak_for_it() {
        let own = OrganisationId::from(Uuid::from_u128(OWN));
        let speaks = |viewer: Viewer| {
            viewer
                .may(Action::RecordAdoption, About::Organisation(own))
                .unwrap()
                .speaks_for(own)
        };
        assert!(speaks(token(Role::Editor, Some(OWN))));
        assert!(!speaks(token(Role::Admin, None)));
        assert!(!speaks(Viewer::Operator));
    }

    #[test]
    fn only_the_body_itself_takes_back_what_it_confirmed() {
        let own = OrganisationId::from(Uuid::from_u128(OWN));
        let may = |viewer: Viewer, standing| {
            let granted = viewer
                .may(Action::RecordAdoption, About::Organisation(own))
                .unwrap();
            granted
                .check_correction(own, standing)
                .map_err(|error| error.code())
        };
        assert_eq!(
            may(token(Role::Editor, Some(OWN)), Standing::Confirmed),
            Ok(())
        );
        assert_eq!(may(token(Role::Analyst, None), Standing::Claimed), Ok(()));
        assert_eq!(
            may(token(Role::Analyst, None), Standing::Confirmed),
            Err("FORBIDDEN")
        );
        assert_eq!(may(Viewer::Operator, Standing::Confirmed), Err("FORBIDDEN"));
    }

    #[test]
    fn anonymous_is_asked_to_say_who_it_is_and_others_are_told_who_may() {
        let ask = |viewer: Viewer| viewer.may(Action::RunJob, About::Sector).unwrap_err();
        assert_eq!(ask(Viewer::Anonymous).code(), "UNAUTHENTICATED");
        let refused = ask(token(Role::Editor, Some(OWN)));
        assert_eq!(refused.code(), "FORBIDDEN");
        assert!(refused.to_string().contains("ADMIN"), "{refused}");
    }

    #[test]
    fn a_grant_serves_only_the_action_it_was_given_for() {
        let granted = Viewer::Operator.may(Action::RunJob, About::Sector).unwrap();
        assert!(granted.require(Action::RunJob).is_ok());
        assert!(granted.require(Action::KeepRegister).is_err());
    }
}
