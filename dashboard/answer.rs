//! The shapes that the answers of several documents share.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::link::{link, web_address};
use crate::show::{Count, Coverage, Day, Moment, Rate};
use crate::words::{Grade, Standing, State};

/// A thing with a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Named {
    pub(crate) slug: String,
    #[serde(alias = "title")]
    pub(crate) name: String,
}

/// Where a page of a list stands in the whole list.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) has_next_page: bool,
    #[serde(default)]
    pub(crate) has_previous_page: bool,
    #[serde(default)]
    pub(crate) start_cursor: Option<String>,
    pub(crate) end_cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection<T> {
    pub(crate) total_count: Count,
    #[serde(default)]
    pub(crate) page_info: PageInfo,
    pub(crate) nodes: Vec<T>,
}

/// How a figure is worked out.
#[derive(Debug, Deserialize)]
pub(crate) struct Method {
    pub(crate) id: String,
    pub(crate) version: i64,
    pub(crate) title: String,
    pub(crate) definition: String,
}

/// The bodies in one state, and the people they serve.
#[derive(Debug, Deserialize)]
pub(crate) struct StateCount {
    pub(crate) state: State,
    pub(crate) organisations: Count,
    pub(crate) population: Count,
}

/// The headline figure of a standard, with all that a published figure must come with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Adoption {
    pub(crate) as_of: Day,
    pub(crate) known_at: Moment,
    pub(crate) method: Method,
    pub(crate) eligible: Count,
    pub(crate) adopted: Count,
    pub(crate) exempt: Count,
    pub(crate) unknown: Count,
    pub(crate) rate: Rate,
    pub(crate) coverage: Coverage,
}

impl Adoption {
    /// The denominator of the rate: the eligible bodies that are not exempt.
    pub(crate) fn counted(&self) -> Count {
        Count(self.eligible.0 - self.exempt.0)
    }
}

/// What was recorded of a body and a standard, and on what evidence.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    pub(crate) effective_on: Day,
    pub(crate) recorded_at: Moment,
    pub(crate) expires_on: Option<Day>,
    pub(crate) grade: Grade,
    pub(crate) standing: Standing,
    pub(crate) evidence_url: Option<String>,
    pub(crate) source: String,
}

impl Event {
    /// The evidence, if it is at an address that a browser should open.
    pub(crate) fn evidence(&self) -> Option<&str> {
        self.evidence_url.as_deref().and_then(web_address)
    }
}

/// The links to the pages of a list before and after this one.
pub(crate) struct Pager {
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
    /// What the link to the previous page says.
    pub(crate) back: &'static str,
    /// What is listed, for the name of the navigation.
    pub(crate) of: &'static str,
}

/// Which page of a list was asked for: the cursors of the query string.
#[derive(Clone, Copy)]
pub(crate) struct Turn<'a> {
    pub(crate) after: Option<&'a str>,
    pub(crate) before: Option<&'a str>,
}

impl<'a> Turn<'a> {
    /// The cursors that were given; the page before wins, as only one can be had.
    pub(crate) fn read(after: Option<&'a str>, before: Option<&'a str>) -> Self {
        let given = |cursor: Option<&'a str>| cursor.filter(|cursor| !cursor.is_empty());
        let before = given(before);
        let after = given(after).filter(|_| before.is_none());
        Self { after, before }
    }

    /// The variables that fetch the page: `first` and `after`, or `last` and `before`.
    pub(crate) fn variables(self, shown: u32) -> Map<String, Value> {
        let (first, last) = match self.before {
            None => (Some(shown), None),
            Some(_) => (None, Some(shown)),
        };
        let pairs = [
            ("first", json!(first)),
            ("after", json!(self.after)),
            ("last", json!(last)),
            ("before", json!(self.before)),
        ];
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }
}

impl Pager {
    /// Links both ways. The end we came from has a page beyond it even where the list cannot tell.
    pub(crate) fn both_ways(
        of: &'static str,
        path: &str,
        kept: &[(&str, Option<String>)],
        turn: Turn<'_>,
        info: &PageInfo,
    ) -> Self {
        let to = |name, cursor: &Option<String>| {
            let cursor = cursor.clone()?;
            Some(link(path, &[kept, &[(name, Some(cursor))]].concat()))
        };
        let previous = info.has_previous_page || turn.after.is_some();
        let next = info.has_next_page || turn.before.is_some();
        Self {
            previous: to("before", &info.start_cursor).filter(|_| previous),
            next: to("after", &info.end_cursor).filter(|_| next),
            back: "Previous page",
            of,
        }
    }

    /// Links onwards, and back to the start, for a list within a page; the fragment is where it stands.
    pub(crate) fn onwards(
        of: &'static str,
        path: &str,
        fragment: &str,
        kept: &[(&str, Option<String>)],
        after: Option<&str>,
        info: &PageInfo,
    ) -> Self {
        let to =
            |cursor: Option<String>| link(path, &[kept, &[("after", cursor)]].concat()) + fragment;
        let next = info.end_cursor.clone().filter(|_| info.has_next_page);
        Self {
            previous: after.map(|_| to(None)),
            next: next.map(|cursor| to(Some(cursor))),
            back: "First page",
            of,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(previous: bool, next: bool) -> PageInfo {
        PageInfo {
            has_next_page: next,
            has_previous_page: previous,
            start_cursor: Some("s=".into()),
            end_cursor: Some("e=".into()),
        }
    }

    #[test]
    fn a_list_links_to_its_neighbours_and_keeps_what_was_chosen() {
        let kept = [("text", Some("tree".to_owned()))];
        let turn = Turn {
            after: Some("x"),
            before: None,
        };
        let pager = Pager::both_ways("standards", "/standards", &kept, turn, &info(false, true));
        assert_eq!(
            pager.previous.as_deref(),
            Some("/standards?text=tree&before=s%3D")
        );
        assert_eq!(
            pager.next.as_deref(),
            Some("/standards?text=tree&after=e%3D")
        );
    }

    #[test]
    fn the_only_page_of_a_list_links_nowhere() {
        let turn = Turn {
            after: None,
            before: None,
        };
        let pager = Pager::both_ways("standards", "/standards", &[], turn, &info(false, false));
        assert_eq!((pager.previous, pager.next), (None, None));
    }

    #[test]
    fn a_list_within_a_page_goes_on_and_back_to_its_start() {
        let pager = Pager::onwards("bodies", "/s", "#bodies", &[], Some("x"), &info(true, true));
        assert_eq!(pager.previous.as_deref(), Some("/s#bodies"));
        assert_eq!(pager.next.as_deref(), Some("/s?after=e%3D#bodies"));
    }
}
