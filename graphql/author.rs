//! Who wrote a change: a person or a machine of a body or of the unit, or the program itself.

use crate::asked::Asked;
use crate::error::Result;
use crate::once::distinct;
use crate::words::ActorKind;
use domain::change::Change;
use domain::id::{OrganisationId, PersonId, TokenId};
use std::collections::HashMap;
use store::activity::{Belonging, belongings, owners};

/// Who the record names: what they are, and the rest of the label.
pub(crate) fn kind(label: &str) -> Option<ActorKind> {
    let (kind, _) = label.split_once(':').unwrap_or((label, ""));
    Some(match kind {
        "person" => ActorKind::Person,
        "token" => ActorKind::Token,
        "job" => ActorKind::Job,
        "operator" => ActorKind::Operator,
        "sign-in" => ActorKind::SignIn,
        _ => return None,
    })
}

fn person(label: &str) -> Option<PersonId> {
    label.strip_prefix("person:")?.parse().ok()
}

fn token(label: &str) -> Option<TokenId> {
    label.strip_prefix("token:")?.parse().ok()
}

/// Whom somebody wrote for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// A body.
    Organisation(OrganisationId),
    /// The unit.
    Unit,
}

impl Home {
    fn of(organisation: Option<OrganisationId>) -> Self {
        organisation.map_or(Self::Unit, Self::Organisation)
    }
}

/// Whom the people and machines of many changes belong to, read together.
pub(crate) struct Authors {
    people: HashMap<PersonId, Vec<Belonging>>,
    tokens: HashMap<TokenId, Option<OrganisationId>>,
}

impl Authors {
    /// Reads of these actors, as the record names them.
    pub(crate) async fn read(asked: &Asked, labels: &[String]) -> Result<Self> {
        let people = distinct(labels.iter().filter_map(|label| person(label)));
        let tokens = distinct(labels.iter().filter_map(|label| token(label)));
        let mut conn = asked.read().await?;
        Ok(Self {
            people: belongings(&mut conn, &people).await?,
            tokens: owners(&mut conn, &tokens).await?,
        })
    }

    /// The organisations of the machines.
    pub(crate) fn owners(&self) -> impl Iterator<Item = OrganisationId> {
        self.tokens.values().filter_map(|owner| *owner)
    }

    /// Whom the actor of a change wrote for: its body where they belonged to it that day, else the unit where they
    /// belonged to that; `None` for the program itself, and for a person of neither.
    pub(crate) fn home(&self, change: &Change) -> Option<Home> {
        if let Some(id) = token(&change.actor) {
            return self.tokens.get(&id).map(|owner| Home::of(*owner));
        }
        let (id, day) = (person(&change.actor)?, change.at.date());
        let then =
            |held: &&Belonging| held.from_on <= day && held.to_on.is_none_or(|to_on| day <= to_on);
        let held: Vec<_> = self.people.get(&id)?.iter().filter(then).collect();
        [change.organisation, None]
            .into_iter()
            .find(|place| held.iter().any(|held| held.organisation == *place))
            .map(Home::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::ChangeId;
    use uuid::Uuid;

    fn change(actor: String, organisation: Option<u128>) -> Change {
        Change {
            id: ChangeId::from(Uuid::nil()),
            at: "2026-01-02T03:04:05".parse().unwrap(),
            actor,
            organisation: organisation.map(|id| Uuid::from_u128(id).into()),
            action: String::new(),
            thing_kind: String::new(),
            thing_id: String::new(),
            before: None,
            after: None,
            reason: None,
        }
    }

    fn held(organisation: Option<u128>, from: &str, to: Option<&str>) -> Belonging {
        Belonging {
            organisation: organisation.map(|id| Uuid::from_u128(id).into()),
            from_on: from.parse().unwrap(),
            to_on: to.map(|day| day.parse().unwrap()),
        }
    }

    #[test]
    fn who_the_record_names_is_told_apart_by_the_first_word() {
        let nobody = Uuid::nil();
        let kinds = [
            (format!("person:{nobody}"), Some(ActorKind::Person)),
            (format!("token:{nobody}"), Some(ActorKind::Token)),
            ("job:adoption_snapshot".into(), Some(ActorKind::Job)),
            ("operator".into(), Some(ActorKind::Operator)),
            ("sign-in".into(), Some(ActorKind::SignIn)),
            ("somebody".into(), None),
        ];
        for (label, expected) in kinds {
            assert_eq!(kind(&label), expected, "{label}");
        }
    }

    #[test]
    fn a_person_wrote_for_the_body_concerned_if_they_belonged_to_it_that_day() {
        let (id, ash, elm) = (PersonId::from(Uuid::from_u128(7)), 1, 2);
        let authors = |all: Vec<Belonging>| Authors {
            people: HashMap::from([(id, all)]),
            tokens: HashMap::new(),
        };
        let of = |id| Some(Home::Organisation(Uuid::from_u128(id).into()));
        let about = |body| change(format!("person:{id}"), body);
        let both = authors(vec![
            held(None, "2025-01-01", None),
            held(Some(ash), "2025-01-01", None),
        ]);
        assert_eq!(both.home(&about(Some(ash))), of(ash));
        assert_eq!(both.home(&about(Some(elm))), Some(Home::Unit));
        assert_eq!(both.home(&about(None)), Some(Home::Unit));
        let left = authors(vec![held(Some(ash), "2025-01-01", Some("2026-01-02"))]);
        assert_eq!(left.home(&about(Some(ash))), of(ash));
        assert_eq!(left.home(&about(Some(elm))), None);
        let earlier = authors(vec![held(Some(ash), "2025-01-01", Some("2026-01-01"))]);
        assert_eq!(earlier.home(&about(Some(ash))), None);
    }

    #[test]
    fn a_machine_wrote_for_whom_it_was_issued_whatever_the_change_is_about() {
        let (own, unit) = (TokenId(Uuid::from_u128(1)), TokenId(Uuid::from_u128(2)));
        let ash = OrganisationId::from(Uuid::from_u128(9));
        let authors = Authors {
            people: HashMap::new(),
            tokens: HashMap::from([(own, Some(ash)), (unit, None)]),
        };
        let by = |actor: String| authors.home(&change(actor, Some(9)));
        assert_eq!(by(format!("token:{own}")), Some(Home::Organisation(ash)));
        assert_eq!(by(format!("token:{unit}")), Some(Home::Unit));
        assert_eq!(by("operator".into()), None);
    }
}
