//! Keyset pages: a place in an ordered list that stays right while rows are inserted.

use domain::{Error, Result};

/// The most rows one page holds.
pub const MOST: u32 = 100;

/// A place in a list: the key it is ordered by, and the id that makes it unique.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The ordered value as text.
    pub key: String,
    /// The row's id as text.
    pub id: String,
}

impl Cursor {
    /// The key as a number, for lists ordered by one.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none: the cursor is from another list.
    pub fn number(&self) -> Result<i64> {
        self.key.parse().map_err(|_| {
            Error::invalid(
                "after",
                "This cursor is from another list; start again without it.",
            )
        })
    }
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many rows, 1 to [`MOST`].
    pub limit: u32,
    /// Whether they are counted from the end of the list.
    pub from_end: bool,
    /// Only rows after this place.
    pub after: Option<Cursor>,
    /// Only rows before this place.
    pub before: Option<Cursor>,
}

impl Page {
    /// The first `limit` rows of a list.
    pub fn first(limit: u32) -> Self {
        Self {
            limit,
            from_end: false,
            after: None,
            before: None,
        }
    }

    /// How many rows to ask the database for: one more than wanted, to see whether there are more.
    pub(crate) fn fetch(&self) -> i64 {
        i64::from(self.limit) + 1
    }
}

/// One page of rows, in the list's order.
#[derive(Debug, Clone)]
pub struct Rows<T> {
    /// The rows, at most as many as were asked for.
    pub rows: Vec<T>,
    /// Whether there are more in the direction of travel: after them, or before them when counted from the end.
    pub more: bool,
}

impl<T> Rows<T> {
    /// Cuts what the database gave for [`Page::fetch`] to the page that was asked for.
    pub(crate) fn cut(mut rows: Vec<T>, page: &Page) -> Self {
        let limit = page.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        if page.from_end {
            rows.reverse();
        }
        Self { rows, more }
    }
}

/// `name` with the wildcards of `LIKE` taken out of their meaning, for a search anywhere in a lower-case column.
pub(crate) fn contains(text: &str) -> String {
    let escaped = text
        .trim()
        .to_lowercase()
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

/// Restricts and orders a boxed query by a text key and an id, both ascending, for one page.
macro_rules! keyset {
    ($query:ident, $page:expr, $key:expr, $id:expr) => {{
        if let Some(at) = &$page.after {
            $query = $query.filter($key.gt(&at.key).or($key.eq(&at.key).and($id.gt(&at.id))));
        }
        if let Some(at) = &$page.before {
            $query = $query.filter($key.lt(&at.key).or($key.eq(&at.key).and($id.lt(&at.id))));
        }
        $query = $query.limit($page.fetch());
        if $page.from_end {
            $query.order(($key.desc(), $id.desc()))
        } else {
            $query.order(($key.asc(), $id.asc()))
        }
    }};
}
pub(crate) use keyset;
