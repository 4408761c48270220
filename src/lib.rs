//! The program: it wires the store, the schema, the pages, the jobs and the imports to a server and a command line.

pub mod command;
pub mod http;
pub mod telemetry;
pub mod terminal;
