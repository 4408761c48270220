//! Reads the command line, runs the command, and exits with one clear line when it did not do it.

use anyhow::Context;
use clap::Parser;
use manyhands::command::{self, Arguments};
use manyhands::{telemetry, terminal};
use std::process::ExitCode;

/// Answers nest as deep as the queries that ask for them; an unoptimised build needs the room.
const STACK_BYTES: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    telemetry::start(arguments.is_server());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .thread_stack_size(STACK_BYTES)
        .build()
        .context("the system gave no threads");
    // The command itself runs on a thread of the runtime, for its stack.
    let done = runtime.and_then(|runtime| {
        runtime.block_on(async { tokio::spawn(command::run(arguments)).await? })
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal::complain(&error);
            ExitCode::FAILURE
        }
    }
}
