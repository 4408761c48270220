//! Counts statements and logs the slow ones, on either engine.

use diesel::connection::{Instrumentation, InstrumentationEvent};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How many statements a store has run since it was opened.
#[derive(Clone, Default, Debug)]
pub struct Statements(Arc<AtomicU64>);

impl Statements {
    /// The count so far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Watches one connection.
pub(crate) struct Watch {
    statements: Statements,
    slow: Duration,
    started: Option<Instant>,
}

impl Watch {
    /// A watch that counts into `statements` and logs what takes `slow` or longer.
    pub(crate) fn new(statements: Statements, slow: Duration) -> Self {
        Self {
            statements,
            slow,
            started: None,
        }
    }
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                self.statements.0.fetch_add(1, Ordering::Relaxed);
                self.started = Some(Instant::now());
            }
            InstrumentationEvent::FinishQuery { query, .. } => {
                let Some(took) = self.started.take().map(|at| at.elapsed()) else {
                    return;
                };
                if took >= self.slow {
                    let text = query.to_string();
                    // Bound values may be secret or personal; the statement's text is not.
                    let statement = text.split(" -- binds:").next().unwrap_or_default();
                    let duration_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
                    tracing::warn!(
                        duration_ms,
                        statement,
                        "Slow statement took {duration_ms} ms"
                    );
                }
            }
            _ => {}
        }
    }
}
