//! The rows of the record as they lie in the database: read whatever became of them, then understood strictly.

use crate::activity::SUBJECT;
use crate::schema::{change, seal, seal_node, sealed};
use chrono::NaiveDateTime;
use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::{Pg, PgValue};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Integer, Text, Timestamp};
use diesel::sqlite::Sqlite;
use domain::change::Change;
use domain::merkle::Hash;
use domain::seal::Seal;
use std::fmt;
use std::str::FromStr;

/// How both engines' times are written here, and how SQLite keeps them.
const TIME: &str = "%F %T%.f";

/// A value as text, byte for byte as SQLite keeps it: what was damaged can be neither read as its type nor, always, as
/// UTF-8, and what reads the same need not be the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash, FromSqlRow)]
pub(super) struct Raw(Vec<u8>);

impl From<String> for Raw {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl fmt::Display for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.escape_ascii().fmt(f)
    }
}

macro_rules! as_sqlite_keeps_it {
    ($($sql_type:ty),+) => {$(
        impl FromSql<$sql_type, Sqlite> for Raw {
            fn from_sql(value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
                <Vec<u8> as FromSql<Binary, Sqlite>>::from_sql(value).map(Self)
            }
        }
    )+};
}
as_sqlite_keeps_it!(Text, Timestamp, BigInt, Integer);

/// PostgreSQL keeps values of a type in one form only, and no others.
macro_rules! by_type {
    ($($sql_type:ty, $value:ty, $text:expr);+) => {$(
        impl FromSql<$sql_type, Pg> for Raw {
            fn from_sql(value: PgValue<'_>) -> deserialize::Result<Self> {
                let value = <$value as FromSql<$sql_type, Pg>>::from_sql(value);
                Ok(Self(value.map_or_else(|_| b"unreadable".to_vec(), $text)))
            }
        }
    )+};
}
by_type!(
    Text, String, String::into_bytes;
    Timestamp, NaiveDateTime, |at: NaiveDateTime| at.format(TIME).to_string().into_bytes();
    BigInt, i64, |number: i64| number.to_string().into_bytes();
    Integer, i32, |number: i32| number.to_string().into_bytes()
);

/// A column that does not say what it should, by its name.
pub(super) type Unreadable = &'static str;

impl Raw {
    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// What the key of a thing begins with: what it is part of. What cannot be read is told of elsewhere.
    fn subject(&self) -> Self {
        let text = self.text().unwrap_or_default();
        Self::from(text.chars().take(SUBJECT).collect::<String>())
    }

    /// A value that has one text only; `None` when this is another.
    pub(super) fn exactly<T: FromStr + ToString>(&self) -> Option<T> {
        let text = self.text()?;
        text.parse()
            .ok()
            .filter(|value: &T| value.to_string() == text)
    }

    /// [`exactly`](Self::exactly), naming the column.
    fn read<T: FromStr + ToString>(&self, column: Unreadable) -> Result<T, Unreadable> {
        self.exactly().ok_or(column)
    }

    fn time(&self, column: Unreadable) -> Result<NaiveDateTime, Unreadable> {
        let read = |text: &str| {
            let at = NaiveDateTime::parse_from_str(text, TIME).ok()?;
            (at.format(TIME).to_string() == text).then_some(at)
        };
        self.text().and_then(read).ok_or(column)
    }
}

/// A row of `change`.
#[derive(Queryable, Selectable, Debug)]
#[diesel(table_name = change)]
pub(super) struct RawChange {
    pub(super) id: Raw,
    changed_at: Raw,
    actor: Raw,
    organisation_id: Option<Raw>,
    action: Raw,
    thing_kind: Raw,
    thing_id: Raw,
    before_json: Option<Raw>,
    after_json: Option<Raw>,
    reason: Option<Raw>,
    hash: Raw,
}

impl RawChange {
    fn change(&self) -> Result<Change, Unreadable> {
        let text = |raw: &Raw, column| raw.read::<String>(column);
        let some =
            |raw: &Option<Raw>, column| raw.as_ref().map(|raw| text(raw, column)).transpose();
        Ok(Change {
            id: self.id.read("id")?,
            at: self.changed_at.time("changed_at")?,
            actor: text(&self.actor, "actor")?,
            organisation: (self.organisation_id.as_ref())
                .map(|raw| raw.read("organisation_id"))
                .transpose()?,
            action: text(&self.action, "action")?,
            thing_kind: text(&self.thing_kind, "thing_kind")?,
            thing_id: text(&self.thing_id, "thing_id")?,
            before: some(&self.before_json, "before_json")?,
            after: some(&self.after_json, "after_json")?,
            reason: some(&self.reason, "reason")?,
        })
    }

    /// The hash that stands in the row.
    pub(super) fn hash(&self) -> Option<Hash> {
        self.hash.exactly()
    }

    /// What is wrong with the place of the row, in words after "the change".
    pub(super) fn misfiled(&self, place: &RawSealed) -> Option<String> {
        let same = self.thing_kind == place.thing_kind
            && self.thing_id == place.thing_id
            && self.organisation_id == place.organisation_id
            && self.thing_id.subject() == place.subject_id;
        (!same).then(|| "is listed as one of another thing or organisation".to_owned())
    }

    /// What is wrong with the row, in words after "the change".
    pub(super) fn fault(&self) -> Option<String> {
        match self.change() {
            Err(column) => Some(format!("cannot be read: `{column}` is damaged")),
            Ok(change) if Some(change.hash()) != self.hash() => {
                Some("has a hash that does not fit its content".to_owned())
            }
            Ok(_) => None,
        }
    }
}

impl fmt::Display for RawChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "change {} ({} {})",
            self.id, self.thing_kind, self.thing_id
        )
    }
}

/// A row of `sealed`.
#[derive(Queryable, Selectable, Debug)]
#[diesel(table_name = sealed)]
pub(super) struct RawSealed {
    pub(super) sequence: Raw,
    pub(super) change_id: Raw,
    pub(super) seal: Raw,
    organisation_id: Option<Raw>,
    thing_kind: Raw,
    thing_id: Raw,
    subject_id: Raw,
}

/// A row of `seal`.
#[derive(Queryable, Selectable, Debug)]
#[diesel(table_name = seal)]
pub(super) struct RawSeal {
    pub(super) number: Raw,
    first: Raw,
    last: Raw,
    root: Raw,
    previous: Raw,
    sealed_at: Raw,
    hash: Raw,
    head: Raw,
}

/// A seal with the hashes that stand beside it.
#[derive(Debug, Clone)]
pub(super) struct ReadSeal {
    pub(super) seal: Seal,
    /// The hash that stands in its row, which need not be its own.
    pub(super) hash: Hash,
    pub(super) head: Hash,
}

impl RawSeal {
    pub(super) fn read(&self) -> Result<ReadSeal, Unreadable> {
        Ok(ReadSeal {
            seal: Seal {
                number: self.number.read("number")?,
                first: self.first.read("first")?,
                last: self.last.read("last")?,
                root: self.root.read("root")?,
                previous: self.previous.read("previous")?,
                sealed_at: self.sealed_at.time("sealed_at")?,
            },
            hash: self.hash.read("hash")?,
            head: self.head.read("head")?,
        })
    }
}

/// A row of `seal_node`.
#[derive(Queryable, Selectable, Debug)]
#[diesel(table_name = seal_node)]
pub(super) struct RawNode {
    pub(super) level: Raw,
    pub(super) place: Raw,
    pub(super) hash: Raw,
}
