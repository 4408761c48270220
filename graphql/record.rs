//! Recording what bodies adopted: one event, or many at once.

use crate::asked::Asked;
use crate::error::Result;
use crate::event::{AdoptionEvent, Events};
use crate::id::Key;
use crate::receipt::{self, Answer, Sent, Work};
use crate::row::{AdoptionRowInput, Fault, Register, Sound};
use crate::user_error::UserError;
use async_graphql::{InputObject, SimpleObject};
use chrono::NaiveDateTime;
use domain::Error;
use domain::policy::Viewer;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::Conn;
use store::adoption::{EventKey, NewEvent};

/// The most rows one request records.
const MOST_ROWS: usize = 500;

/// What is to be recorded of one body and one standard, once.
#[derive(InputObject)]
pub struct RecordAdoptionInput {
    #[graphql(flatten)]
    row: AdoptionRowInput,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What is to be recorded of many bodies and standards, once.
#[derive(InputObject)]
pub struct RecordAdoptionsInput {
    /// The rows, at most 500.
    pub(crate) rows: Vec<AdoptionRowInput>,
    /// Whether one faulty row keeps all the others from being recorded.
    #[graphql(default_with = "Some(false)")]
    all_or_nothing: Option<bool>,
    /// Up to 100 characters of your choice: sent again with the same input, it gives the first answer again.
    idempotency_key: Option<String>,
}

/// What came of recording one adoption.
#[derive(SimpleObject)]
pub struct AdoptionPayload {
    /// The event that was recorded; null when there are errors.
    event: Option<AdoptionEvent>,
    /// What has to be mended in the input.
    user_errors: Vec<UserError>,
}

/// What came of recording many adoptions.
#[derive(SimpleObject)]
pub struct BulkAdoptionPayload {
    /// What came of each row, in the order of the input.
    results: Vec<BulkAdoptionResult>,
    /// How many rows were recorded.
    recorded: usize,
    /// What has to be mended in the input as a whole.
    user_errors: Vec<UserError>,
}

/// What came of one row.
#[derive(SimpleObject)]
pub struct BulkAdoptionResult {
    /// The row's place in the input, from 0.
    index: usize,
    /// The event that was recorded; null when it was not.
    event: Option<AdoptionEvent>,
    /// What has to be mended in the row.
    user_errors: Vec<UserError>,
}

/// A row that may be recorded, or what has to be mended in it.
type Checked = Result<Sound, Vec<UserError>>;

/// The answer as it is kept for the same key.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Recorded {
    rows: Vec<RecordedRow>,
    /// What is wrong with the input as a whole.
    user_errors: Vec<UserError>,
}

/// What came of one row, with the id of its event.
#[derive(Debug, Default, Serialize, Deserialize)]
struct RecordedRow {
    event: Option<String>,
    user_errors: Vec<UserError>,
}

impl RecordedRow {
    fn key(&self) -> Result<Option<EventKey>> {
        match self
            .event
            .as_deref()
            .map(|id| Key::parse("event", id))
            .transpose()?
        {
            Some(Key::Event(key)) => Ok(Some(key)),
            _ => Ok(None),
        }
    }
}

impl Answer for Recorded {
    fn refused(fault: UserError) -> Self {
        Self {
            rows: Vec::new(),
            user_errors: vec![fault],
        }
    }

    fn wrote(&self) -> bool {
        self.rows.iter().any(|row| row.event.is_some())
    }

    fn faults(&self) -> impl Iterator<Item = &UserError> {
        let of_rows = self.rows.iter().flat_map(|row| &row.user_errors);
        self.user_errors.iter().chain(of_rows)
    }
}

impl Recorded {
    /// The events of the rows, for what is asked of them.
    async fn events(&self, asked: &Asked) -> Result<Vec<Option<AdoptionEvent>>> {
        let keys = self
            .rows
            .iter()
            .map(RecordedRow::key)
            .collect::<Result<Vec<_>>>()?;
        // Renewed: whoever asks for figures with the event sees it counted.
        let events = Events::named(&asked.renewed(), keys.iter().copied().flatten());
        let mut found = Vec::with_capacity(keys.len());
        for key in keys {
            found.push(match key {
                Some(key) => Some(events.get(key).await?),
                None => None,
            });
        }
        Ok(found)
    }
}

/// Records one event.
///
/// # Errors
/// `UNAUTHENTICATED` and `FORBIDDEN` for want of the right; `CONFLICT` for a key that came with another input.
pub(crate) async fn record_adoption(
    asked: &Arc<Asked>,
    input: RecordAdoptionInput,
) -> Result<AdoptionPayload> {
    let sent = Sent::new("recordAdoption", &input, &input.idempotency_key);
    let one = One {
        viewer: asked.viewer.clone(),
        row: input.row,
    };
    let recorded = receipt::answer(asked, sent, one).await?;
    let event = recorded.events(asked).await?.pop().flatten();
    let of_rows = recorded.rows.into_iter().flat_map(|row| row.user_errors);
    Ok(AdoptionPayload {
        event,
        user_errors: recorded.user_errors.into_iter().chain(of_rows).collect(),
    })
}

/// One row to be recorded; faults of rights are errors.
struct One {
    viewer: Viewer,
    row: AdoptionRowInput,
}

impl Work for One {
    type Answer = Recorded;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Recorded> {
        let register = Register::read(conn, std::slice::from_ref(&self.row)).await?;
        let row = match register.check(&self.viewer, now.date(), &self.row) {
            Ok(sound) => Ok(sound),
            Err(mut faults) => match faults.iter().position(Fault::is_of_rights) {
                Some(place) => return Err(faults.swap_remove(place).error),
                None => Err(tell(&faults, &[])),
            },
        };
        write(conn, now, vec![row]).await
    }
}

/// Records many events in one transaction; a row's faults, also of rights, are told with the row.
///
/// # Errors
/// `UNAUTHENTICATED` for an anonymous viewer; `CONFLICT` for a key that came with another input.
pub(crate) async fn record_adoptions(
    asked: &Arc<Asked>,
    input: RecordAdoptionsInput,
) -> Result<BulkAdoptionPayload> {
    let sent = Sent::new("recordAdoptions", &input, &input.idempotency_key);
    let many = Many {
        viewer: asked.viewer.clone(),
        rows: input.rows,
        all_or_nothing: input.all_or_nothing.unwrap_or(false),
    };
    let recorded = receipt::answer(asked, sent, many).await?;
    let events = recorded.events(asked).await?;
    let results: Vec<_> = std::iter::zip(recorded.rows, events)
        .enumerate()
        .map(|(index, (row, event))| BulkAdoptionResult {
            index,
            event,
            user_errors: row.user_errors,
        })
        .collect();
    Ok(BulkAdoptionPayload {
        recorded: results
            .iter()
            .filter(|result| result.event.is_some())
            .count(),
        results,
        user_errors: recorded.user_errors,
    })
}

/// Many rows to be recorded; each fault is told with its row.
struct Many {
    viewer: Viewer,
    rows: Vec<AdoptionRowInput>,
    all_or_nothing: bool,
}

impl Work for Many {
    type Answer = Recorded;

    async fn run(&self, conn: &mut Conn, now: NaiveDateTime) -> domain::Result<Recorded> {
        rows_fit(self.rows.len())?;
        let register = Register::read(conn, &self.rows).await?;
        let check = |(index, row): (usize, &AdoptionRowInput)| {
            let sound = register.check(&self.viewer, now.date(), row);
            sound.map_err(|faults| tell(&faults, &["rows".to_owned(), index.to_string()]))
        };
        let rows = self.rows.iter().enumerate().map(check).collect();
        if self.all_or_nothing {
            write_all(conn, now, rows).await
        } else {
            write(conn, now, rows).await
        }
    }
}

fn rows_fit(rows: usize) -> domain::Result<()> {
    if (1..=MOST_ROWS).contains(&rows) {
        return Ok(());
    }
    let reason = format!("Send 1 to {MOST_ROWS} rows at a time; these are {rows}.");
    Err(Error::invalid("rows", reason))
}

/// The faults of the row that is at `place` in the input.
fn tell(faults: &[Fault], place: &[String]) -> Vec<UserError> {
    let path = |field: &str| {
        let input = std::iter::once("input".to_owned());
        input
            .chain(place.iter().cloned())
            .chain([field.to_owned()])
            .collect::<Vec<_>>()
    };
    faults
        .iter()
        .map(|fault| UserError::new(path(fault.field), &fault.error))
        .collect()
}

/// Records all rows, or, when one is faulty, none.
async fn write_all(
    conn: &mut Conn,
    now: NaiveDateTime,
    rows: Vec<Checked>,
) -> domain::Result<Recorded> {
    let (total, faulty) = (rows.len(), rows.iter().filter(|row| row.is_err()).count());
    if faulty == 0 {
        return write(conn, now, rows).await;
    }
    let reason = format!(
        "{faulty} of {total} rows are faulty, so none was recorded; mend them and send all again."
    );
    let told = |row: Checked| RecordedRow {
        event: None,
        user_errors: row.err().unwrap_or_default(),
    };
    Ok(Recorded {
        rows: rows.into_iter().map(told).collect(),
        user_errors: vec![UserError::of("rows", &Error::invalid("rows", reason))],
    })
}

/// Records the rows that are sound, and tells of each what came of it.
async fn write(
    conn: &mut Conn,
    now: NaiveDateTime,
    rows: Vec<Checked>,
) -> domain::Result<Recorded> {
    let sound: Vec<&Sound> = rows.iter().flatten().collect();
    let events: Vec<NewEvent> = sound.iter().map(|sound| sound.event.clone()).collect();
    let ids = match sound.first() {
        // One viewer holds the same grant for each body.
        Some(first) => store::adoption::record_all(conn, &first.granted, now, &events).await?,
        None => Vec::new(),
    };
    let mut ids = ids.into_iter();
    let mut result = |row: Checked| match row {
        Ok(Sound { event, .. }) => RecordedRow {
            event: ids
                .next()
                .flatten()
                .map(|id| Key::Event((event.standard, event.organisation, id)).id().0),
            user_errors: Vec::new(),
        },
        Err(user_errors) => RecordedRow {
            event: None,
            user_errors,
        },
    };
    Ok(Recorded {
        rows: rows.into_iter().map(&mut result).collect(),
        user_errors: Vec::new(),
    })
}
