//! Problems that are similar to what somebody writes, with the reasons: one index for all requests, kept up to date.

use crate::asked::{Asked, blocking};
use crate::error::Result;
use crate::once::distinct;
use crate::problem::{Problem, Service};
use crate::problem_words::SimilarReasonKind;
use crate::problems::Problems;
use analytics::similarity::{Index, Match, Reason, Text};
use async_graphql::SimpleObject;
use chrono::{NaiveDateTime, TimeDelta};
use domain::Error;
use domain::id::{ProblemId, StandardId};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};
use store::Conn;
use store::problem::{Filter, Problem as Row};
use tokio::sync::Mutex;

/// The longest text that is compared, in characters.
const LONGEST: usize = 10_000;
/// The most problems that are suggested.
const MOST: i32 = 20;
/// A change is looked for again for so long: one can commit after another that began later.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

/// What somebody writes.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) service: Option<String>,
    pub(crate) tags: Vec<String>,
}

/// A problem that is similar to what somebody writes.
#[derive(SimpleObject)]
pub struct SimilarProblem {
    /// The problem.
    problem: Problem,
    /// How similar it is: above 0, and about 1 where it says all that was written. Scores compare the answers to one
    /// question, not to two.
    score: f64,
    /// Why, the most telling words first.
    reasons: Vec<SimilarReason>,
}

/// Why a problem is similar.
#[derive(SimpleObject, Debug, Clone, PartialEq, Eq)]
pub struct SimilarReason {
    /// What both have.
    kind: SimilarReasonKind,
    /// The word, service, tag or standard, in words.
    text: String,
}

impl From<Reason> for SimilarReason {
    fn from(reason: Reason) -> Self {
        let (kind, text) = match reason {
            Reason::Word(word) => (SimilarReasonKind::Word, word),
            Reason::Alike { ours, theirs } => {
                (SimilarReasonKind::Alike, format!("{ours}, {theirs}"))
            }
            Reason::Service(code) => {
                let named = Service::named(&code).map(|one| one.name.to_owned());
                (SimilarReasonKind::Service, named.unwrap_or(code))
            }
            Reason::Tag(tag) => (SimilarReasonKind::Tag, tag),
            Reason::Standard(title) => (SimilarReasonKind::Standard, title),
        };
        Self { kind, text }
    }
}

/// The index of all problems that stand for themselves, shared by all requests to one schema.
#[derive(Default)]
pub(crate) struct Similar {
    /// Whoever brings it up to date, one at a time.
    seen: Mutex<Seen>,
    index: Arc<RwLock<Index<ProblemId>>>,
}

/// What the index has seen.
#[derive(Default)]
struct Seen {
    until: Option<NaiveDateTime>,
    /// The version of each problem, merged ones too.
    versions: BTreeMap<ProblemId, i64>,
    /// How many of them stand for themselves.
    standing: usize,
}

impl Similar {
    /// The problems similar to what is written, the most similar first.
    async fn ask(
        &self,
        asked: &Asked,
        written: Written,
        first: usize,
    ) -> Result<Vec<Match<ProblemId>>> {
        self.refresh(asked).await?;
        let index = Arc::clone(&self.index);
        blocking(move || {
            let tags: Vec<&str> = written.tags.iter().map(String::as_str).collect();
            let text = Text {
                title: &written.title,
                summary: &written.summary,
                service: written.service.as_deref(),
                tags: &tags,
                standards: &[],
            };
            let index = index.read().unwrap_or_else(PoisonError::into_inner);
            Ok(index.similar(&text, first))
        })
        .await
    }

    /// Takes up what was changed since it was last looked at.
    async fn refresh(&self, asked: &Asked) -> Result<()> {
        let mut seen = self.seen.lock().await;
        let mut conn = asked.read().await?;
        let since = seen.until.map(|until| until - OVERLAP);
        let mut changed = store::problem::changed_since(&mut conn, since).await?;
        self.take_up(&mut seen, &mut conn, &changed).await?;
        let standing = store::problem::count(&mut conn, &Filter::default()).await?;
        if usize::try_from(standing).ok() != Some(seen.standing) {
            // Something committed very late: everything is looked at, and what is new taken up.
            changed = store::problem::changed_since(&mut conn, None).await?;
            self.take_up(&mut seen, &mut conn, &changed).await?;
        }
        Ok(())
    }

    /// Takes up those of these problems that are at another version than was seen.
    async fn take_up(
        &self,
        seen: &mut Seen,
        conn: &mut Conn,
        changed: &[(ProblemId, NaiveDateTime, i64)],
    ) -> Result<()> {
        let new = |(id, _, version): &&(ProblemId, NaiveDateTime, i64)| {
            seen.versions.get(id) != Some(version)
        };
        let ids: Vec<ProblemId> = changed.iter().filter(new).map(|(id, ..)| *id).collect();
        if !ids.is_empty() {
            let rows = store::problem::by_ids(conn, &ids).await?;
            let titles = titles(conn, &rows).await?;
            seen.versions
                .extend(rows.iter().map(|row| (row.id, row.version)));
            let index = Arc::clone(&self.index);
            seen.standing = blocking(move || {
                let mut index = index.write().unwrap_or_else(PoisonError::into_inner);
                for row in &rows {
                    put(&mut index, row, &titles);
                }
                Ok(index.len())
            })
            .await?;
        }
        let newest = changed.iter().map(|(_, at, _)| *at).max();
        seen.until = seen.until.max(newest);
        Ok(())
    }
}

/// The titles of the standards that these problems name.
async fn titles(conn: &mut Conn, rows: &[Row]) -> Result<HashMap<StandardId, String>> {
    let ids = distinct(rows.iter().filter_map(|row| row.standard_id));
    let standards = store::standard::by_ids(conn, &ids).await?;
    Ok(standards
        .into_iter()
        .map(|row| (row.id, row.title))
        .collect())
}

/// Puts a problem into the index as it is now; one that was merged is taken out.
fn put(index: &mut Index<ProblemId>, row: &Row, titles: &HashMap<StandardId, String>) {
    index.remove(row.id);
    if row.merged_into_id.is_some() {
        return;
    }
    let summary = [&row.summary, &row.why, &row.affected, &row.burden].map(String::as_str);
    let tags: Vec<&str> = row.tags().collect();
    let standard = row.standard_id.and_then(|id| titles.get(&id));
    let standards: Vec<&str> = standard.map(String::as_str).into_iter().collect();
    let text = Text {
        title: &row.title,
        summary: &summary.join("\n"),
        service: row.service.as_deref(),
        tags: &tags,
        standards: &standards,
    };
    index.insert(row.id, &text);
}

/// The problems similar to what is written, the most similar first.
///
/// # Errors
/// `BAD_INPUT` for a text that is too long, an unknown service, or a number out of bounds.
pub(crate) async fn similar(
    asked: &Arc<Asked>,
    written: Written,
    first: i32,
) -> Result<Vec<SimilarProblem>> {
    let long = |text: &String| text.chars().count() > LONGEST;
    if long(&written.title) || long(&written.summary) || written.tags.iter().any(long) {
        let told = format!("Write at most {LONGEST} characters.");
        return Err(Error::invalid("title", told).into());
    }
    let count = usize::try_from(first)
        .ok()
        .filter(|_| (1..=MOST).contains(&first));
    let count = count
        .ok_or_else(|| Error::invalid("first", format!("Give 1 to {MOST}; {first} is not.")))?;
    let service = match written.service.as_deref().map(str::trim) {
        Some(code) if !code.is_empty() => Some(domain::service::find(code)?.code.to_owned()),
        _ => None,
    };
    let tags = written.tags.iter().map(|tag| domain::slug::from_words(tag));
    let written = Written {
        tags: tags.filter(|tag| !tag.is_empty()).collect(),
        service,
        ..written
    };
    let found = asked.desk.similar.ask(asked, written, count).await?;
    let together = Problems::named(asked, found.iter().map(|one| one.key));
    let mut all = Vec::with_capacity(found.len());
    for one in found {
        // One that was merged this very moment is left out.
        if let Some(problem) = together.find(one.key).await? {
            all.push(SimilarProblem {
                problem,
                score: one.score,
                reasons: one.reasons.into_iter().map(Into::into).collect(),
            });
        }
    }
    Ok(all)
}
