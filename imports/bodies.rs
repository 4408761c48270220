//! The bodies that are known while an import runs, how files name them, and how they are saved.

use crate::report::Fault;
use chrono::{NaiveDate, NaiveDateTime};
use domain::id::OrganisationId;
use domain::policy::Granted;
use domain::slug;
use std::collections::HashMap;
use store::code::{self, Codes};
use store::organisation::{self, Facts, Organisation};
use store::{Conn, Saved};

/// What planning data puts before the code of a principal council, with or without a nation.
const COUNCIL_PREFIX: &str = "local-authority";
/// The longest slug.
const LONGEST_SLUG: usize = 80;

/// Every body, with its codes.
pub(crate) struct Bodies {
    /// Every code.
    pub codes: Codes,
    rows: HashMap<OrganisationId, Organisation>,
    slugs: HashMap<String, OrganisationId>,
}

impl Bodies {
    /// Reads every body and code.
    ///
    /// # Errors
    /// [`domain::Error::Internal`] when the database fails.
    pub(crate) async fn load(conn: &mut Conn) -> domain::Result<Self> {
        let codes = code::all(conn).await?;
        let rows = organisation::all(conn).await?;
        Ok(Self {
            codes,
            slugs: rows.iter().map(|row| (row.slug.clone(), row.id)).collect(),
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
        })
    }

    /// The body with this id.
    pub(crate) fn get(&self, id: OrganisationId) -> Option<&Organisation> {
        self.rows.get(&id)
    }

    /// The body's name, for messages.
    pub(crate) fn name(&self, id: OrganisationId) -> &str {
        self.get(id).map_or("another body", |body| &body.name)
    }

    /// The body that a file names: a bare code of any scheme, a `scheme:CODE`, or a slug. `local-authority:CODE` is
    /// also any code of a body, since planning data writes councils so.
    pub(crate) fn find(&self, raw: &str) -> Result<OrganisationId, Fault> {
        let found = match raw.split_once(':') {
            Some((prefix, bare)) => match self.codes.in_scheme(prefix, bare) {
                None if names_councils(prefix) => self.codes.find(bare)?,
                found => found,
            },
            None => self
                .codes
                .find(raw)?
                .or_else(|| self.slugs.get(raw).copied()),
        };
        found.ok_or_else(|| {
            Fault::new(
                "unknown body",
                format!("`{raw}` is not a known body; import the register that holds it, or an alias for this code."),
            )
        })
    }

    /// Saves a body and remembers it as it stands then.
    ///
    /// # Errors
    /// As [`organisation::save`].
    pub(crate) async fn save(
        &mut self,
        conn: &mut Conn,
        granted: &Granted,
        now: NaiveDateTime,
        standing: Option<OrganisationId>,
        facts: &Facts,
    ) -> domain::Result<(Saved, OrganisationId)> {
        let standing = standing.and_then(|id| self.rows.get(&id));
        let (saved, row) = organisation::save(conn, granted, now, standing, facts).await?;
        let id = row.id;
        if saved != Saved::Unchanged {
            self.slugs.insert(row.slug.clone(), id);
            self.rows.insert(id, row);
        }
        Ok((saved, id))
    }

    /// A slug for a new body of this name, with its code where another body has the plain one.
    pub(crate) fn free_slug(&self, name: &str, code: &str) -> String {
        let (plain, code) = (slug::from_words(name), slug::from_words(code));
        let endings = [String::new(), code.clone()]
            .into_iter()
            .chain((2..).map(|n| format!("{code}-{n}")));
        let with = |ending: String| {
            let room = LONGEST_SLUG.saturating_sub(ending.len() + 1);
            let words = plain.get(..room).unwrap_or(&plain);
            slug::from_words(&format!("{words} {ending}"))
        };
        let free = |slug: &String| !slug.is_empty() && !self.slugs.contains_key(slug);
        endings.map(with).find(free).unwrap_or_default()
    }

    /// A remark when `day` lies outside the life of a body: what is dated then is kept, and counts in no figure.
    pub(crate) fn outside_life(&self, id: OrganisationId, day: NaiveDate) -> Option<Fault> {
        let body = self.get(id)?;
        let remark = |class: &str, edge: NaiveDate| {
            let reason = format!(
                "{day} is {class} ({}, {edge}); the event is kept and counts in no figure.",
                body.name
            );
            Fault::new(class, reason)
        };
        match (body.opened_on, body.closed_on) {
            (_, Some(closed)) if closed <= day => Some(remark("after the body closed", closed)),
            (Some(opened), _) if day < opened => Some(remark("before the body opened", opened)),
            _ => None,
        }
    }
}

fn names_councils(prefix: &str) -> bool {
    let prefix = prefix.trim();
    prefix == COUNCIL_PREFIX
        || prefix
            .strip_prefix(COUNCIL_PREFIX)
            .is_some_and(|rest| rest.starts_with('-'))
}
