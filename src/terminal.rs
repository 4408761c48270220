//! What the program says on the terminal: results on standard output, everything else on standard error.

use indicatif::{ProgressBar, ProgressStyle};
use std::fmt::Display;
use std::io::Write;

/// Writes one line of the result. A reader that has gone away (`| head`) is no error.
pub fn say(line: impl Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Writes one line about the work, beside the result.
pub fn remark(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Writes the one line that says what went wrong and what to do.
pub fn complain(error: &anyhow::Error) {
    remark(format_args!("manyhands: {error:#}"));
}

/// A progress bar on standard error; invisible where that is no terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that counts bytes of files.
    pub fn bytes(what: String) -> Self {
        Self::new(what, "{msg} {wide_bar} {bytes}/{total_bytes} {eta}")
    }

    /// A bar that counts steps.
    pub fn steps(what: String) -> Self {
        Self::new(what, "{msg} {wide_bar} {pos}/{len} {eta}")
    }

    fn new(what: String, template: &str) -> Self {
        let bar = ProgressBar::new(0).with_message(what);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows how far the work has come.
    pub fn of(&self, position: u64, whole: u64) {
        self.0.set_length(whole);
        self.0.set_position(position);
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.0.finish_and_clear();
    }
}

impl imports::Progress for Bar {
    fn total_bytes(&self, bytes: u64) {
        self.0.set_length(bytes);
    }

    fn at_byte(&self, byte: u64) {
        self.0.set_position(byte);
    }
}

impl jobs::Progress for Bar {
    fn total(&self, steps: u64) {
        self.0.set_length(steps);
    }

    fn step(&self) {
        self.0.inc(1);
    }
}
