//! Pages of lists: Relay connections over keyset cursors that stay right while rows are inserted.

use crate::error::Result;
use async_graphql::connection::{CursorType, OpaqueCursor, PageInfo};
use async_graphql::{Object, OutputType, TypeName};
use domain::Error;
use futures_util::future::BoxFuture;
use std::borrow::Cow;
use store::page::{Cursor, MOST, Page, Rows};

/// The four arguments of a list, as a client sends them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wanted {
    /// How many from the start.
    pub(crate) first: Option<i32>,
    /// Only what comes after this cursor.
    pub(crate) after: Option<String>,
    /// How many from the end.
    pub(crate) last: Option<i32>,
    /// Only what comes before this cursor.
    pub(crate) before: Option<String>,
}

impl Wanted {
    /// The page of `list` that is asked for. Its cursors carry the list's name, so that none is used on another.
    ///
    /// # Errors
    /// `BAD_INPUT` unless exactly one of `first` and `last` is given, from 1 to 100, with cursors of this list.
    pub(crate) fn page(&self, list: &str) -> Result<Page> {
        let (field, count, from_end) = match (self.first, self.last) {
            (Some(first), None) => ("first", first, false),
            (None, Some(last)) => ("last", last, true),
            (None, None) => {
                return Err(
                    Error::invalid("first", "Give `first` or `last`, from 1 to 100.").into(),
                );
            }
            (Some(_), Some(_)) => {
                return Err(Error::invalid("last", "Give `first` or `last`, not both.").into());
            }
        };
        let limit = u32::try_from(count)
            .ok()
            .filter(|count| (1..=MOST).contains(count))
            .ok_or_else(|| Error::invalid(field, format!("Give 1 to {MOST}; {count} is not.")))?;
        Ok(Page {
            limit,
            from_end,
            after: self
                .after
                .as_deref()
                .map(|text| decode("after", list, text))
                .transpose()?,
            before: self
                .before
                .as_deref()
                .map(|text| decode("before", list, text))
                .transpose()?,
        })
    }
}

/// The page of a list that is only read from its start.
///
/// # Errors
/// `BAD_INPUT` unless `first` is given, from 1 to 100, with a cursor of this list.
pub(crate) fn forward(list: &str, first: Option<i32>, after: Option<String>) -> Result<Forward> {
    if first.is_none() {
        return Err(Error::invalid("first", format!("Give `first`, from 1 to {MOST}.")).into());
    }
    let page = Wanted {
        first,
        after,
        ..Wanted::default()
    }
    .page(list)?;
    Ok(Forward {
        limit: page.limit,
        after: page.after.map(|at| (at.key, at.id)),
    })
}

/// A page read from the start of a list, which can be the key of what was worked out for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Forward {
    limit: u32,
    after: Option<(String, String)>,
}

impl Forward {
    /// The page as the store takes it.
    pub(crate) fn page(&self) -> Page {
        Page {
            after: self.after.clone().map(|(key, id)| Cursor { key, id }),
            ..Page::first(self.limit)
        }
    }

    /// Cuts this page from a whole list that is in the ascending order of its `place`s.
    pub(crate) fn cut<T: Clone>(
        &self,
        whole: &[T],
        place: impl Fn(&T) -> (String, String),
    ) -> Rows<T> {
        let start = self
            .after
            .as_ref()
            .map_or(0, |after| whole.partition_point(|one| place(one) <= *after));
        let rest = &whole[start..];
        let limit = self.limit as usize;
        Rows {
            rows: rest.iter().take(limit).cloned().collect(),
            more: rest.len() > limit,
        }
    }
}

pub(crate) fn encode(list: &str, at: Cursor) -> String {
    OpaqueCursor((list.to_owned(), at.key, at.id)).encode_cursor()
}

/// The place that a cursor of `list` names, for the argument `field`.
///
/// # Errors
/// `BAD_INPUT` when `list` never gave it.
pub(crate) fn decode(field: &'static str, list: &str, text: &str) -> Result<Cursor> {
    match OpaqueCursor::<(String, String, String)>::decode_cursor(text) {
        // The null character is no text to PostgreSQL, and no key of ours holds it.
        Ok(OpaqueCursor((of, key, id)))
            if of == list && !key.contains('\0') && !id.contains('\0') =>
        {
            Ok(Cursor { key, id })
        }
        _ => {
            let reason = format!(
                "`{text}` is not a cursor of this list; use one that the list itself gave."
            );
            Err(Error::invalid(field, reason).into())
        }
    }
}

/// How many things a whole list holds: known, or counted when somebody asks.
pub(crate) enum Total {
    /// It is known already.
    Known(usize),
    /// It takes a statement.
    Count(Box<dyn Fn() -> BoxFuture<'static, Result<i64>> + Send + Sync>),
}

impl Total {
    /// A total that is counted by `count` when somebody asks.
    pub(crate) fn counted<F: Future<Output = Result<i64>> + Send + 'static>(
        count: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self {
        Self::Count(Box::new(move || Box::pin(count())))
    }
}

/// One page of a list.
pub struct Connection<T> {
    edges: Vec<Edge<T>>,
    has_previous: bool,
    has_next: bool,
    /// Where to go on from when there is nothing on this page.
    resume: Option<String>,
    total: Total,
}

impl<T> Connection<T> {
    /// The page `rows` of `list`, which `page` asked for; `at` tells a thing's place in the list.
    pub(crate) fn new(
        list: &str,
        page: &Page,
        rows: Rows<T>,
        total: Total,
        at: impl Fn(&T) -> (String, String),
    ) -> Self {
        let (before, after) = (page.before.is_some(), page.after.is_some());
        let (has_previous, has_next) = match page.from_end {
            false => (after, rows.more || before),
            true => (rows.more || after, before),
        };
        let edge = |node: T| {
            let (key, id) = at(&node);
            Edge {
                cursor: encode(list, Cursor { key, id }),
                node,
            }
        };
        Self {
            edges: rows.rows.into_iter().map(edge).collect(),
            has_previous,
            has_next,
            resume: None,
            total,
        }
    }

    /// The same page, whose end is this cursor where nothing is on it: for lists that are followed as they grow.
    pub(crate) fn resuming(self, cursor: String) -> Self {
        let resume = Some(cursor).filter(|_| self.edges.is_empty());
        Self { resume, ..self }
    }
}

/// One page of a list.
#[Object(name_type)]
impl<T: OutputType> Connection<T> {
    /// The things of this page, each with its cursor.
    async fn edges(&self) -> &[Edge<T>] {
        &self.edges
    }

    /// The things of this page.
    async fn nodes(&self) -> Vec<&T> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page lies in the list.
    #[graphql(complexity = "0 * child_complexity")]
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|edge| edge.cursor.clone()),
            end_cursor: match self.edges.last() {
                Some(edge) => Some(edge.cursor.clone()),
                None => self.resume.clone(),
            },
        }
    }

    /// How many things the whole list holds. It is counted only when it is asked for.
    async fn total_count(&self) -> Result<i64> {
        match &self.total {
            Total::Known(count) => Ok(i64::try_from(*count).unwrap_or(i64::MAX)),
            Total::Count(count) => count().await,
        }
    }
}

impl<T: OutputType> TypeName for Connection<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", T::type_name()).into()
    }
}

/// A thing in a list, with its place there.
pub struct Edge<T> {
    cursor: String,
    node: T,
}

/// A thing in a list, with its place there.
#[Object(name_type)]
impl<T: OutputType> Edge<T> {
    /// The thing's place in the list, for `after` and `before`.
    async fn cursor(&self) -> &str {
        &self.cursor
    }

    /// The thing itself.
    async fn node(&self) -> &T {
        &self.node
    }
}

impl<T: OutputType> TypeName for Edge<T> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", T::type_name()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fault(wanted: &Wanted) -> String {
        let error = wanted.page("names").unwrap_err();
        assert_eq!(error.code(), "BAD_INPUT");
        error.to_string()
    }

    #[test]
    fn a_list_is_asked_for_from_one_end_and_within_bounds() {
        let some = |first, last| Wanted {
            first,
            last,
            ..Wanted::default()
        };
        assert_eq!(some(Some(100), None).page("names").unwrap().limit, 100);
        assert!(some(None, Some(1)).page("names").unwrap().from_end);
        assert!(fault(&some(None, None)).contains("`first` or `last`, from 1 to 100"));
        assert!(fault(&some(Some(1), Some(1))).contains("not both"));
        for count in [0, -1, 101, i32::MAX, i32::MIN] {
            assert!(
                fault(&some(Some(count), None)).starts_with("first"),
                "{count}"
            );
            assert!(
                fault(&some(None, Some(count))).starts_with("last"),
                "{count}"
            );
        }
    }

    #[test]
    fn a_cursor_serves_only_the_list_that_gave_it() {
        let at = Cursor {
            key: "k\u{e9}y".into(),
            id: "1".into(),
        };
        let after = |list: &str, text: String| {
            Wanted {
                first: Some(1),
                after: Some(text),
                ..Wanted::default()
            }
            .page(list)
        };
        assert_eq!(
            after("names", encode("names", at.clone())).unwrap().after,
            Some(at.clone())
        );
        assert!(after("sizes", encode("names", at)).is_err());
        let null = Cursor {
            key: "\0".into(),
            id: String::new(),
        };
        assert!(after("names", encode("names", null)).is_err());
        assert!(after("names", "x".into()).is_err());
    }

    proptest! {
        #[test]
        fn pages_cut_from_a_list_are_the_list(count in 0_usize..60, limit in 1_u32..20) {
            let whole: Vec<String> = (0..count).map(|n| format!("{n:03}")).collect();
            let place = |one: &String| (one.clone(), String::new());
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let rows = Forward { limit, after }.cut(&whole, place);
                prop_assert!(rows.rows.len() <= limit as usize);
                after = rows.rows.last().map(place);
                seen.extend(rows.rows);
                if !rows.more {
                    break;
                }
            }
            prop_assert_eq!(seen, whole);
        }
    }
}
