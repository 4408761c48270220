//! Bodies as a register lists them: read whole, then saved together, since their ends and groups depend on one another.

use crate::Import;
use crate::bodies::Bodies;
use crate::error::ImportError;
use crate::report::{Fault, both};
use crate::row::At;
use chrono::NaiveDate;
use domain::group::{GroupKey, GroupKind};
use domain::id::{GroupId, OrganisationId};
use domain::organisation::{Nation, OrganisationKind, SCHEME_GSS, SCHEME_REGISTER, Tier};
use domain::period::Period;
use domain::policy::{Action, Granted};
use domain::succession::normalise_end;
use std::collections::{HashMap, HashSet};
use store::code::{self, ExternalId};
use store::organisation::Facts;
use store::{Saved, group, succession};

/// The most rows that a register of bodies may have: each is kept in memory until all are read.
pub(crate) const MOST: usize = 100_000;

/// What one row says of a body.
pub(crate) struct Entry {
    /// Where the row is.
    pub at: At,
    /// Its code in the register.
    pub code: Option<String>,
    /// Its GSS code.
    pub gss: Option<String>,
    /// GSS codes it had before.
    pub former_gss: Vec<String>,
    /// Its official name.
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Its tier, when it is a council.
    pub tier: Option<Tier>,
    /// The nation it serves.
    pub nation: Option<Nation>,
    /// The English region it lies in.
    pub region: Option<String>,
    /// Persons who live there.
    pub population: Option<i64>,
    /// Its first day, where the row gives one.
    pub opened_on: Option<NaiveDate>,
    /// Its end as the row writes it.
    pub end: End,
    /// The code of the combined authority it belongs to.
    pub authority: Option<String>,
}

/// The end of a body as its row writes it.
pub(crate) enum End {
    /// The first day it was no longer there.
    FirstDayAfter(Option<NaiveDate>),
    /// The last day or the first after it, which only the first day of a successor can tell.
    Either {
        /// The day.
        day: Option<NaiveDate>,
        /// The codes of the successors, where the row names some.
        successors: Vec<String>,
    },
}

/// An entry whose body is saved, with what that did.
struct Kept {
    entry: Entry,
    id: OrganisationId,
    saved: Saved,
}

/// What is known of the days on which bodies follow one another.
struct Days {
    /// First days by code, as the entries give them.
    opened: HashMap<String, NaiveDate>,
    /// The first day after each body that was followed by another, by the successions that stand.
    followed: HashMap<OrganisationId, NaiveDate>,
    /// The first day of each body that followed another, by the successions that stand.
    follows: HashMap<OrganisationId, NaiveDate>,
}

/// Saves the bodies of all entries, their codes and their groups.
///
/// # Errors
/// When the viewer may not, or the database fails.
pub(crate) async fn save(import: &mut Import<'_>, entries: Vec<Entry>) -> Result<(), ImportError> {
    let granted = import.may(Action::KeepRegister)?;
    let mut bodies = Bodies::load(import.conn).await?;
    let days = Days::load(import, &entries).await?;
    let mut kept = Vec::with_capacity(entries.len());
    let mut done = HashSet::new();
    for entry in entries {
        let standing = match identify(&bodies, &entry, &done) {
            Ok(standing) => standing,
            Err(fault) => {
                import.recorder.left_out(&entry.at, &fault)?;
                continue;
            }
        };
        match facts(&bodies, &days, &entry, standing) {
            Err(fault) => import.recorder.left_out(&entry.at, &fault)?,
            Ok((facts, remark)) => {
                if let Some(remark) = remark {
                    import.recorder.noted(&entry.at, &remark)?;
                }
                let (saved, id) = bodies
                    .save(import.conn, &granted, import.now, standing, &facts)
                    .await?;
                done.insert(id);
                let saved = both(
                    saved,
                    save_codes(import, &granted, &mut bodies, &entry, id).await?,
                );
                kept.push(Kept { entry, id, saved });
            }
        }
    }
    finish(import, &granted, &mut bodies, kept).await
}

/// The body that an entry speaks of, if it is known: by its register code, else by its GSS code.
fn identify(
    bodies: &Bodies,
    entry: &Entry,
    done: &HashSet<OrganisationId>,
) -> Result<Option<OrganisationId>, Fault> {
    let by = |scheme: &str, code: &Option<String>| {
        code.as_ref()
            .and_then(|code| bodies.codes.in_scheme(scheme, code))
    };
    let (by_code, by_gss) = (by(SCHEME_REGISTER, &entry.code), by(SCHEME_GSS, &entry.gss));
    if let (Some(one), Some(other)) = (by_code, by_gss)
        && one != other
    {
        let (one, other) = (bodies.name(one), bodies.name(other));
        return Err(Fault::new(
            "codes of two bodies",
            format!("Its codes name two bodies, {one} and {other}; correct one of the codes."),
        ));
    }
    let standing = by_code.or(by_gss);
    match standing.filter(|id| done.contains(id)) {
        Some(id) => Err(Fault::duplicate(format_args!(
            "this code ({})",
            bodies.name(id)
        ))),
        None => Ok(standing),
    }
}

/// What is to be saved of an entry, and a remark on how its end was taken.
fn facts(
    bodies: &Bodies,
    days: &Days,
    entry: &Entry,
    standing: Option<OrganisationId>,
) -> Result<(Facts, Option<Fault>), Fault> {
    let opened_on = entry
        .opened_on
        .or_else(|| standing.and_then(|id| days.follows.get(&id).copied()));
    let (closed_on, remark) = days.end(bodies, entry, standing);
    Period::new(opened_on, closed_on)?;
    let slug = match standing.and_then(|id| bodies.get(id)) {
        Some(body) => body.slug.clone(),
        None => bodies.free_slug(
            &entry.name,
            entry
                .code
                .as_deref()
                .or(entry.gss.as_deref())
                .unwrap_or_default(),
        ),
    };
    let facts = Facts {
        slug,
        name: entry.name.clone(),
        kind: entry.kind,
        tier: entry.tier,
        nation: entry.nation,
        region: entry.region.clone(),
        population: entry.population,
        opened_on,
        closed_on,
    };
    Ok((facts, remark))
}

impl Days {
    async fn load(import: &mut Import<'_>, entries: &[Entry]) -> Result<Self, ImportError> {
        let mut opened = HashMap::new();
        for entry in entries {
            for code in entry.code.iter().chain(&entry.gss) {
                entry.opened_on.map(|day| opened.insert(code.clone(), day));
            }
        }
        let (mut followed, mut follows) = (HashMap::new(), HashMap::new());
        for pair in succession::all(import.conn).await? {
            let earliest = |day: &mut NaiveDate| *day = pair.on.min(*day);
            followed
                .entry(pair.predecessor)
                .and_modify(earliest)
                .or_insert(pair.on);
            let earliest = |day: &mut NaiveDate| *day = pair.on.min(*day);
            follows
                .entry(pair.successor)
                .and_modify(earliest)
                .or_insert(pair.on);
        }
        Ok(Self {
            opened,
            followed,
            follows,
        })
    }

    /// The first day after an entry's body, and a remark when its row left open which day that is.
    fn end(
        &self,
        bodies: &Bodies,
        entry: &Entry,
        standing: Option<OrganisationId>,
    ) -> (Option<NaiveDate>, Option<Fault>) {
        let followed = standing.and_then(|id| self.followed.get(&id).copied());
        match &entry.end {
            End::FirstDayAfter(day) => (day.or(followed), None),
            End::Either { day: None, .. } => (followed, None),
            End::Either {
                day: Some(day),
                successors,
            } => {
                let starts = successors
                    .iter()
                    .filter_map(|code| self.start(bodies, code));
                match starts
                    .min()
                    .or(followed)
                    .map(|start| normalise_end(Some(*day), start))
                {
                    Some(Ok(end)) => (Some(end), None),
                    Some(Err(error)) => (Some(*day), Some(Fault::in_field("end-date", &error))),
                    None => (Some(*day), Some(no_successor(*day))),
                }
            }
        }
    }

    /// The first day of a successor, by its code.
    fn start(&self, bodies: &Bodies, code: &str) -> Option<NaiveDate> {
        let known = || {
            bodies
                .find(code)
                .ok()
                .and_then(|id| bodies.get(id)?.opened_on)
        };
        self.opened.get(code).copied().or_else(known)
    }
}

fn no_successor(day: NaiveDate) -> Fault {
    Fault::new(
        "end date taken as the first day after; no successor to compare",
        format!(
            "{day} is taken as the first day it was no longer there; there is no successor to compare it with."
        ),
    )
}

/// Gives a body the codes of its entry; both are free or its own by now.
async fn save_codes(
    import: &mut Import<'_>,
    granted: &Granted,
    bodies: &mut Bodies,
    entry: &Entry,
    id: OrganisationId,
) -> Result<Saved, ImportError> {
    let mut all = Saved::Unchanged;
    for (scheme, code) in [(SCHEME_REGISTER, &entry.code), (SCHEME_GSS, &entry.gss)] {
        let Some(code) = code else { continue };
        let row = ExternalId {
            scheme: scheme.to_owned(),
            code: code.clone(),
            organisation_id: id,
            alias: false,
        };
        let saved = code::save(import.conn, granted, import.now, &mut bodies.codes, &row).await?;
        all = both(all, saved);
    }
    Ok(all)
}

/// Adds what needs all bodies to be known: former codes, and the groups of combined authorities.
async fn finish(
    import: &mut Import<'_>,
    granted: &Granted,
    bodies: &mut Bodies,
    kept: Vec<Kept>,
) -> Result<(), ImportError> {
    let mut groups = HashMap::new();
    for Kept { entry, id, saved } in kept {
        let mut saved = both(
            saved,
            save_former(import, granted, bodies, &entry, id).await?,
        );
        let mut wanted = Vec::new();
        if let Some(code) = &entry.authority {
            let authority = bodies.find(code).ok().and_then(|id| bodies.get(id));
            let authority =
                authority.filter(|body| body.kind == OrganisationKind::CombinedAuthority);
            let period = authority.map_or_else(Period::default, |body| Period {
                from: body.opened_on,
                to: body.closed_on,
            });
            let key = GroupKey::combined_authority(code, authority.map(|body| body.name.as_str()));
            let group = authority_group(import, granted, &mut groups, key).await?;
            wanted.push((group, period));
        }
        let kinds = [GroupKind::CombinedAuthority];
        let set = group::set(import.conn, granted, import.now, id, &kinds, &wanted).await?;
        saved = both(saved, set);
        import.recorder.saved(&entry.at, saved)?;
    }
    Ok(())
}

/// The group of a combined authority; asked of the store once.
async fn authority_group(
    import: &mut Import<'_>,
    granted: &Granted,
    known: &mut HashMap<String, GroupId>,
    key: GroupKey,
) -> Result<GroupId, ImportError> {
    if let Some(id) = known.get(&key.slug) {
        return Ok(*id);
    }
    let (_, row) = group::ensure(import.conn, granted, import.now, &key).await?;
    known.insert(key.slug, row.id);
    Ok(row.id)
}

/// Makes former GSS codes aliases where they name no other body.
async fn save_former(
    import: &mut Import<'_>,
    granted: &Granted,
    bodies: &mut Bodies,
    entry: &Entry,
    id: OrganisationId,
) -> Result<Saved, ImportError> {
    let mut all = Saved::Unchanged;
    for code in &entry.former_gss {
        if bodies.codes.in_scheme(SCHEME_GSS, code).is_some() {
            continue;
        }
        let row = ExternalId {
            scheme: SCHEME_GSS.to_owned(),
            code: code.clone(),
            organisation_id: id,
            alias: true,
        };
        let saved = code::save(import.conn, granted, import.now, &mut bodies.codes, &row).await?;
        all = both(all, saved);
    }
    Ok(all)
}
