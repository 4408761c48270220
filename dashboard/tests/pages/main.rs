//! The pages as a whole: their documents, what they show of an answer, and their colours.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

mod account;
mod activity;
mod asked;
mod contrast;
mod declaration;
mod documents;
mod following;
mod help;
mod people;
mod people_sent;
mod problem_edit;
mod projects;
mod register;
mod rendered;
mod safe;
mod sign_in;
mod suggestions;
