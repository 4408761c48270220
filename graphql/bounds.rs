//! Which part of the record is asked for: by whose it is, and from where to where.

use crate::asked::Asked;
use crate::error::Result;
use crate::id::Key;
use crate::page::{Wanted, decode};
use crate::scalar::DateTime;
use crate::thing;
use async_graphql::{ID, InputObject, ScalarType, Value};
use chrono::{NaiveDateTime, TimeDelta};
use domain::Error;
use domain::id::OrganisationId;
use store::Conn;
use store::activity::{Filter, newest, sealed_before};
use store::page::{Cursor, Page};

/// The name of the list of changes in its cursors: the same whatever is left out of it.
pub(crate) const LIST: &str = "changes";

/// Which changes a list holds: those to which everything given applies.
#[derive(InputObject, Default)]
pub struct ChangeFilter {
    /// Only changes by or about this body: its address, a code such as E07000223 or `gss:E07000223`, or its id.
    organisation: Option<String>,
    /// Only changes of things of this kind, such as `standard` or `adoption_event`.
    thing_kind: Option<String>,
    /// Only changes of this thing, as `thingId` gives it.
    thing: Option<ID>,
    /// Only what was done by this action, as `action` gives it.
    action: Option<String>,
    /// Only what was done by this actor, as `actor` gives it.
    actor: Option<String>,
    /// Only what was sealed at this moment or later.
    sealed_from: Option<DateTime>,
    /// Only what was sealed before this moment.
    sealed_before: Option<DateTime>,
}

/// What is asked of the record, ready for the store.
pub(crate) struct Bounds {
    /// What the list holds.
    pub(crate) filter: Filter,
    /// Which page of it.
    pub(crate) page: Page,
    /// The newest place, read before the page is.
    newest: i64,
}

/// A cursor of the record.
pub(crate) fn at(place: i64) -> Cursor {
    Cursor {
        key: place.to_string(),
        id: String::new(),
    }
}

impl Bounds {
    /// Reads what is asked.
    ///
    /// # Errors
    /// `BAD_INPUT` for a page that cannot be, for a `since` that is neither cursor nor moment, for a cursor ahead of the
    /// record, and for a body or thing that there is not.
    pub(crate) async fn read(
        asked: &Asked,
        since: Option<String>,
        filter: ChangeFilter,
        wanted: &Wanted,
    ) -> Result<Self> {
        let page = wanted.page(LIST)?;
        let since = since.as_deref().map(Since::read).transpose()?;
        let (thing_kind, thing_id) = thing_of(filter.thing, filter.thing_kind)?;
        let mut conn = asked.read().await?;
        // Before the page: what is sealed in between is on the page or after this place.
        let newest = newest(&mut conn).await?;
        within(&page.after, "after", newest)?;
        let mut after = Vec::new();
        match since {
            Some(Since::Place(place)) => after.push(known(place, "since", newest)?),
            Some(Since::Moment(moment)) => {
                let next = moment + TimeDelta::microseconds(1);
                after.push(sealed_before(&mut conn, next, newest).await?);
            }
            None => {}
        }
        if let Some(moment) = filter.sealed_from {
            after.push(sealed_before(&mut conn, moment.0, newest).await?);
        }
        let before = match filter.sealed_before {
            Some(moment) => Some(sealed_before(&mut conn, moment.0, newest).await? + 1),
            None => None,
        };
        let organisation = match filter.organisation {
            Some(name) => Some(body(&mut conn, name.trim()).await?),
            None => None,
        };
        let filter = Filter {
            organisation,
            thing_kind,
            thing_id,
            action: filter.action,
            actor: filter.actor,
            after: after.into_iter().max(),
            before,
        };
        Ok(Self {
            filter,
            page,
            newest,
        })
    }

    /// The place from which to go on when the page is empty: nothing that is asked for is before it, and it is never
    /// before where the reader was.
    pub(crate) fn end(&self) -> Result<i64> {
        let place = |at: &Option<Cursor>| at.as_ref().map(Cursor::number).transpose();
        let lowest = place(&self.page.after)?.max(self.filter.after);
        let highest = [place(&self.page.before)?, self.filter.before];
        let highest = highest.into_iter().flatten().map(|place| place - 1);
        let end = highest.fold(self.newest, i64::min);
        Ok(end.max(lowest.unwrap_or(0)))
    }
}

/// Where a reader was.
enum Since {
    Place(i64),
    Moment(NaiveDateTime),
}

impl Since {
    fn read(text: &str) -> Result<Self> {
        if let Ok(cursor) = decode("since", LIST, text) {
            return Ok(Self::Place(cursor.number()?));
        }
        let moment = DateTime::parse(Value::String(text.to_owned()));
        moment.map(|moment| Self::Moment(moment.0)).map_err(|_| {
            let reason = format!(
                "`{text}` is neither a cursor of `changes` nor a moment; give the `endCursor` of an earlier answer, or a \
                 moment by RFC 3339, such as 2026-08-31T09:00:00Z."
            );
            Error::invalid("since", reason).into()
        })
    }
}

/// A place that the record has come to. A record that was restored from an earlier copy has lost the places its readers
/// had reached: whoever went on from there would miss what takes them.
fn known(place: i64, field: &'static str, newest: i64) -> Result<i64> {
    if place <= newest {
        return Ok(place);
    }
    let reason = format!(
        "This cursor is at {place} and the record ends at {newest}: it was put back to an earlier copy. Go on from a \
         moment before that."
    );
    Err(Error::invalid(field, reason).into())
}

fn within(cursor: &Option<Cursor>, field: &'static str, newest: i64) -> Result<()> {
    if let Some(cursor) = cursor {
        known(cursor.number()?, field, newest)?;
    }
    Ok(())
}

/// The kind and key of the thing asked for.
fn thing_of(thing: Option<ID>, kind: Option<String>) -> Result<(Option<String>, Option<String>)> {
    let Some(id) = thing else {
        return Ok((kind, None));
    };
    // What has no id here is named by its key in the record.
    let Ok(key) = Key::parse("filter.thing", &id) else {
        return Ok((kind, Some(id.0)));
    };
    let (of, id) = thing::in_record(key)
        .ok_or_else(|| Error::invalid("filter.thing", "The record keeps no changes of that."))?;
    match kind {
        Some(kind) if kind != of => {
            let reason = format!("It is of the kind `{of}`; leave the kind out.");
            Err(Error::invalid("filter.thingKind", reason).into())
        }
        _ => Ok((Some(of.to_owned()), Some(id))),
    }
}

/// The body of this id, address or code.
async fn body(conn: &mut Conn, name: &str) -> Result<OrganisationId> {
    if let Ok(Key::Organisation(id)) = Key::parse("filter.organisation", name) {
        return Ok(id);
    }
    if let Some(row) = store::organisation::by_slug(conn, name).await? {
        return Ok(row.id);
    }
    let missing = || {
        let reason = format!(
            "`{name}` is no organisation; give its address, such as `adur-district-council`, or a code, such as E07000223."
        );
        Error::invalid("filter.organisation", reason)
    };
    Ok(store::code::find(conn, name).await?.ok_or_else(missing)?)
}
