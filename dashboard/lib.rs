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
mod declaration;
mod deed;
mod difference;
mod done;
mod error;
mod evidence;
mod follow;
mod form;
mod frame;
mod help;
mod history;
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
mod problem;
mod problem_edit;
mod problem_history;
mod problem_sent;
mod problem_words;
mod problems;
mod project;
mod project_forms;
mod project_sent;
mod project_words;
mod projects;
mod reorganised;
mod scale;
mod sent;
mod show;
mod sign_in;
mod standard;
mod standards;
mod status;
mod status_words;
mod suggestion;
mod suggestions;
mod told;
mod unsubscribe;
mod words;

pub use account::{account, account_form, personal_data};
pub use activity::activity;
pub use api::api;
pub use ask::{Ask, DOCUMENTS};
pub use declaration::{declaration, declaration_form};
pub use error::{PageError, error_page};
pub use evidence::evidence;
pub use frame::{Account, PageContext};
pub use history::history;
pub use home::home;
pub use invitation::{invitation, invitation_form};
pub use organisation::organisation;
pub use organisations::organisations;
pub use params::{
    ActivityParams, DeclarationParams, DoneParams, EvidenceParams, HistoryParams,
    OrganisationParams, OrganisationsParams, ProblemsParams, ProjectsParams, StandardParams,
    StandardsParams, SuggestionsParams,
};
pub use people::{Home, people};
pub use people_sent::people_form;
pub use problem::{Shown, problem};
pub use problem_edit::{edit_form, edit_problem};
pub use problem_history::problem_history;
pub use problem_sent::{history_form, new_problem, problem_form, raise_form};
pub use problems::problems;
pub use project::{portfolio, project};
pub use project_sent::{new_project, project_form, start_form};
pub use projects::projects;
pub use sent::{Fields, Reply};
pub use sign_in::{SignInPage, sign_in};
pub use standard::standard;
pub use standards::standards;
pub use status::{status, status_form};
pub use suggestion::{suggest_form, suggestion};
pub use suggestions::{suggestions, suggestions_form};
pub use unsubscribe::{Unsubscribe, unsubscribe};

/// The style sheet of every page, to be served at `/style.css` as `text/css`.
pub const STYLE: &str = include_str!("style.css");
