//! Following a thing: the one form of it that every page uses, and what the account shows of it.

use serde::Deserialize;

use crate::deed::{Deed, Deeds, Input};
use crate::frame::PageContext;
use crate::show::Moment;
use crate::words::{DigestEvery, Word};

/// Where the form is sent, and where what is followed is shown.
const PATH: &str = "/account";

/// The form that follows a thing, by its id; `None` when nobody is signed in to do it. `title` is what it is called.
pub(crate) fn follow(context: &PageContext, thing: &str, title: &str) -> Option<Deed> {
    let deeds = Deeds::of(context, PATH, None)?;
    let hidden = vec![("about", thing.to_owned())];
    let deed = deeds.deed("follow", 0, hidden, Vec::new());
    Some(deed.button("Follow", title))
}

/// Something that a person follows.
#[derive(Deserialize)]
pub(crate) struct Subscription {
    id: String,
    pub(crate) of: Option<Followed>,
}

/// What it is.
#[derive(Deserialize)]
pub(crate) struct Followed {
    pub(crate) title: String,
    pub(crate) path: String,
    pub(crate) feed: String,
}

/// How a person is told of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Digest {
    pub(crate) every: DigestEvery,
    pub(crate) sent_at: Option<Moment>,
    pub(crate) available: bool,
}

/// The form that gives up a subscription.
pub(crate) fn unfollow(deeds: &Deeds<'_>, nth: usize, one: &Subscription) -> Vec<Deed> {
    let hidden = vec![("about", one.id.clone())];
    let title = one.of.as_ref().map_or("", |of| of.title.as_str());
    let deed = deeds.deed("unfollow", nth, hidden, Vec::new());
    vec![deed.button("Follow no longer", title)]
}

/// The form that chooses how to be told.
pub(crate) fn choose(deeds: &Deeds<'_>, digest: &Digest) -> Deed {
    let every = Input::word("every", "How often", DigestEvery::ALL, digest.every);
    let deed = deeds.deed("digest", 0, Vec::new(), vec![every]);
    deed.button("Save", "how often you are told")
}
