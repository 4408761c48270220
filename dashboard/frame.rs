//! What surrounds every page: title, navigation, and the query the page was made from.

use chrono::NaiveDate;
use serde_json::Value;

use crate::link::link;

/// What the program tells a page about the request: the day and where the page is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageContext {
    /// The UTC date on which the page is asked for; figures speak of it unless told otherwise.
    pub today: NaiveDate,
    /// The path of the page without its query string, for example `/standards`.
    pub path: String,
    /// What every page must say first, such as that its figures are made up.
    pub notice: Option<&'static str>,
    /// Who is signed in, if anybody.
    pub account: Option<Account>,
    /// Whether this server has a sign-in to lead to.
    pub can_sign_in: bool,
    /// A word that no other page has had: the forms of the page are told from all others by it.
    pub key: String,
    /// Says when the page was shown, sealed by the program: for the forms that anybody may send.
    pub stamp: String,
    /// The scheme and host of this server as its visitors write them, for links to be sent to others.
    pub origin: String,
}

/// Who is signed in, as pages show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What the person is called.
    pub name: String,
    /// The hidden field `csrf` of every form that changes something: it shows that our own page sent it.
    pub csrf: String,
}

/// The frame of one page, read by `base.html`.
pub(crate) struct Frame {
    pub(crate) title: String,
    pub(crate) asked: Option<Asked>,
    path: String,
    pub(crate) notice: Option<&'static str>,
    pub(crate) account: Option<Account>,
    can_sign_in: bool,
    /// The path of the feed of what the page shows.
    pub(crate) feed: Option<String>,
}

/// The query a page was made from, so that anybody can ask it again.
pub(crate) struct Asked {
    pub(crate) document: &'static str,
    pub(crate) variables: String,
    /// A `GET` of the same query from the API.
    pub(crate) href: String,
}

impl Frame {
    pub(crate) fn new(context: &PageContext, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            asked: None,
            path: context.path.clone(),
            notice: context.notice,
            account: context.account.clone(),
            can_sign_in: context.can_sign_in,
            feed: None,
        }
    }

    /// The same, naming the feed of the thing at this address: a `problem`, `project`, `standard` or `organisation`.
    pub(crate) fn feed(mut self, kind: &str, slug: &str) -> Self {
        self.feed = Some(format!("/feeds/{kind}/{slug}"));
        self
    }

    /// The address of the sign-in, which leads back to this page.
    pub(crate) fn sign_in(&self) -> Option<String> {
        let to = ("to", Some(self.path.clone()));
        self.can_sign_in.then(|| link("/sign-in", &[to]))
    }

    pub(crate) fn asking(mut self, document: &'static str, variables: &Value) -> Self {
        let compact = compact(document);
        let pairs = [
            ("query", Some(compact)),
            ("variables", Some(variables.to_string())),
        ];
        self.asked = Some(Asked {
            document,
            variables: format!("{variables:#}"),
            href: link("/graphql", &pairs),
        });
        self
    }

    /// The `aria-current` of a navigation link: the page itself, a page below it, or neither.
    pub(crate) fn current(&self, path: &str) -> Option<&'static str> {
        let below = self.path.strip_prefix(path)?;
        match below {
            "" => Some("page"),
            _ if below.starts_with('/') => Some("true"),
            _ => None,
        }
    }
}

/// A document without comments and line breaks, short enough for a URL. No document of ours has a
/// string in it, so white space never carries meaning.
fn compact(document: &str) -> String {
    document
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DOCUMENTS;
    use async_graphql::parser::parse_query;

    #[test]
    fn a_compacted_document_asks_for_the_same_things() {
        for (name, document) in DOCUMENTS {
            let short = compact(document);
            assert!(!short.contains('\n') && !short.contains('#'), "{name}");
            // Positions differ; what is left of the syntax tree must not.
            let bare = |text: &str| {
                let tree = format!("{:?}", parse_query(text).unwrap());
                tree.split("pos: Pos(")
                    .map(|part| part.split_once(')').map_or(part, |(_, rest)| rest))
                    .collect::<String>()
            };
            assert_eq!(bare(&short), bare(document), "{name}");
        }
    }

    #[test]
    fn navigation_marks_the_page_and_the_pages_below_it() {
        let context = PageContext {
            today: NaiveDate::default(),
            path: "/standards/brownfield-land".into(),
            notice: None,
            account: None,
            can_sign_in: true,
            key: "k".into(),
            stamp: "s".into(),
            origin: "http://localhost".into(),
        };
        let frame = Frame::new(&context, "x");
        assert_eq!(frame.current("/standards"), Some("true"));
        assert_eq!(frame.current("/standards/brownfield-land"), Some("page"));
        assert_eq!(frame.current("/standard"), None);
        assert_eq!(frame.current("/organisations"), None);
        let back = "/sign-in?to=%2Fstandards%2Fbrownfield-land";
        assert_eq!(frame.sign_in().as_deref(), Some(back));
    }
}
