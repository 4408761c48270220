//! A made-up decade: each standard spreads from body to body, faster where others already follow it.

use crate::body::{self, Course};
use crate::random::Random;
use chrono::{Days, Months, NaiveDate, NaiveDateTime};
use domain::Result;
use domain::id::StandardId;
use std::collections::BTreeMap;
use store::Store;
use store::adoption::NewEvent;
use store::figure::{Sector, histories};

/// Events by the moment they were recorded.
pub(crate) type Recorded = BTreeMap<NaiveDateTime, Vec<NewEvent>>;

/// How many years of history there are.
const YEARS: u32 = 10;

/// How a standard spreads, a month: what drives a body alone, and what the example of others adds (Bass, 1969).
struct Spread {
    alone: f64,
    example: f64,
    /// The share of bodies that would ever follow it.
    ceiling: f64,
    /// Months after the start of the decade at which it begins to spread.
    delay: u32,
}

impl Spread {
    fn of(slug: &str) -> Self {
        let mut random = Random::of(slug);
        Self {
            alone: 0.001 + 0.004 * random.share(),
            example: 0.03 + 0.08 * random.share(),
            ceiling: 0.55 + 0.4 * random.share(),
            delay: u32::try_from(random.between(0, 48)).unwrap_or_default(),
        }
    }
}

/// Makes up every event of the last ten years, by month of record, in the order in which they are to be written.
pub(crate) async fn make_up(store: &Store, now: NaiveDateTime) -> Result<Recorded> {
    let mut conn = store.read_wide().await?;
    let sector = Sector::load(&mut conn).await?;
    let standards = store::standard::all(&mut conn).await?;
    let ids: Vec<StandardId> = standards.iter().map(|standard| standard.id).collect();
    let eligible = histories(&mut conn, &sector, &ids, now, None).await?;
    let mut recorded = Recorded::new();
    for standard in &standards {
        let Some(history) = eligible.get(&standard.id) else {
            continue;
        };
        let spread = Spread::of(&standard.slug);
        let course = Course {
            standard,
            until: now.date(),
        };
        let first = now.date() - Months::new(YEARS * 12 - spread.delay);
        let mut waiting: Vec<usize> = (0..sector.organisations.len()).collect();
        let mut following = 0_usize;
        for month in (0..)
            .map(|n| first + Months::new(n))
            .take_while(|month| *month <= now.date())
        {
            let of = waiting
                .iter()
                .filter(|place| history.eligible(**place, month))
                .count()
                + following;
            let hazard = spread.alone + spread.example * following as f64 / of.max(1) as f64;
            let follows =
                |place: &usize| decides(&sector, *place, standard, month, hazard, spread.ceiling);
            let (now_following, still): (Vec<_>, Vec<_>) = waiting
                .into_iter()
                .partition(|place| history.eligible(*place, month) && follows(place));
            for place in &now_following {
                course.run(&sector.organisations[*place], month, &mut recorded);
            }
            following += now_following.len();
            waiting = still;
        }
        body::others(&course, &sector, history, &waiting, &mut recorded);
    }
    Ok(recorded)
}

/// Whether a body takes a standard up in a month: some regions and tiers are quicker than others.
fn decides(
    sector: &Sector,
    place: usize,
    standard: &store::standard::Standard,
    month: NaiveDate,
    hazard: f64,
    ceiling: f64,
) -> bool {
    let body = &sector.organisations[place];
    let key = format!("{}/{}", standard.slug, body.slug);
    if !Random::of(&key).happens(ceiling) {
        return false;
    }
    let region = body
        .region
        .as_deref()
        .or(body.nation.map(|nation| nation.name()))
        .unwrap_or_default();
    let pace = 0.6 + 0.9 * Random::of(&format!("{}/{region}", standard.slug)).share();
    Random::of(&format!("{key}/{month}")).happens(hazard * pace)
}

/// Notes an event as recorded `lag` days after it took effect, never later than `until`.
pub(crate) fn note(recorded: &mut Recorded, event: NewEvent, lag: u64, until: NaiveDate) {
    let day = (event.effective_on + Days::new(lag)).min(until);
    let at = day.and_time(chrono::NaiveTime::MIN);
    recorded.entry(at).or_default().push(event);
}
