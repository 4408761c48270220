//! Reads the command line, runs the command, and exits with one clear line when it did not do it.

use clap::Parser;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = manyhands::command::Arguments::parse();
    manyhands::telemetry::start(arguments.is_server());
    match manyhands::command::run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            manyhands::terminal::complain(&error);
            ExitCode::FAILURE
        }
    }
}
