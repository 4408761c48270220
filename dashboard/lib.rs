//! The public pages: each asks one GraphQL document of the schema in process and renders the answer.
//!
//! Pages know documents, never the store, so they show nothing that a key could not query. They are
//! plain HTML with one style sheet and no script. The crate has no clock, no connection and no log of
//! its own: the program hands it the day, answers its documents through [`Ask`], and serves what comes back.
#![cfg_attr(
    test,
    allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")
)]

mod account;
mod activity;
mod answer;
mod api;
mod ask;
mod axis;
mod bar;
pub mod chart;
mod curve;
mod deed;
mod difference;
mod error;
mod evidence;
mod form;
mod frame;
mod home;
mod invitation;
mod lines;
mod link;
mod names;
mod organisation;
mod organisations;
mod outcome;
mod params;
mod people;
mod people_forms;
mod people_sent;
mod reorganised;
mod scale;
mod sent;
mod show;
mod sign_in;
mod standard;
mod standards;
mod words;

pub use account::{account, account_form, personal_data};
pub use activity::activity;
pub use api::api;
pub use ask::{Ask, DOCUMENTS};
pub use error::{PageError, error_page};
pub use evidence::evidence;
pub use frame::{Account, PageContext};
pub use home::home;
pub use invitation::{invitation, invitation_form};
pub use organisation::organisation;
pub use organisations::organisations;
pub use params::{
    ActivityParams, DoneParams, EvidenceParams, OrganisationParams, OrganisationsParams,
    StandardParams, StandardsParams,
};
pub use people::{Home, people};
pub use people_sent::people_form;
pub use sent::{Fields, Reply};
pub use sign_in::{SignInPage, sign_in};
pub use standard::standard;
pub use standards::standards;

/// The style sheet of every page, to be served at `/style.css` as `text/css`.
pub const STYLE: &str = include_str!("style.css");
