//! Revisions: what a problem's text was, and how one differs from another.

use crate::author;
use crate::cost;
use crate::error::Result;
use crate::organisation::Organisation;
use crate::problem::Service;
use crate::problem_words::{LineKind, ProblemPart};
use crate::problems::Problems;
use crate::scalar::DateTime;
use crate::words::ActorKind;
use async_graphql::{Object, SimpleObject};
use domain::Error;
use domain::difference::{Line, lines};
use std::sync::Arc;
use store::revision::Revision as Row;

/// A revision, and the problems that were read with its own.
#[derive(Clone)]
pub struct Revision {
    row: Row,
    problems: Arc<Problems>,
}

/// How a part of a problem's text differs between two revisions.
#[derive(SimpleObject)]
pub struct PartDifference {
    /// Which part.
    part: ProblemPart,
    /// Its lines, as in both texts.
    lines: Vec<DifferenceLine>,
}

/// A line of a difference.
#[derive(SimpleObject)]
pub struct DifferenceLine {
    /// In which of the two it stands.
    kind: LineKind,
    /// The line.
    text: String,
}

impl From<Line<'_>> for DifferenceLine {
    fn from(line: Line<'_>) -> Self {
        let (kind, text) = match line {
            Line::Same(text) => (LineKind::Same, text),
            Line::Out(text) => (LineKind::Out, text),
            Line::In(text) => (LineKind::In, text),
        };
        Self {
            kind,
            text: text.to_owned(),
        }
    }
}

/// The parts of a text that are compared, in the order in which they are read.
fn parts(row: &Row) -> [(ProblemPart, String); 7] {
    let service = row.service.as_deref().and_then(Service::named);
    [
        (ProblemPart::Title, row.title.clone()),
        (ProblemPart::Summary, row.summary.clone()),
        (ProblemPart::Why, row.why.clone()),
        (ProblemPart::Affected, row.affected.clone()),
        (ProblemPart::Burden, row.burden.clone()),
        (
            ProblemPart::Service,
            service.map_or_else(String::new, |one| one.name.to_owned()),
        ),
        (ProblemPart::Tags, row.tags.replace(' ', "\n")),
    ]
}

impl Revision {
    /// A revision of one of these problems.
    pub(crate) fn new(row: Row, problems: &Arc<Problems>) -> Self {
        Self {
            row,
            problems: Arc::clone(problems),
        }
    }
}

/// What a problem's text was from one change to the next.
#[Object(name = "ProblemRevision")]
impl Revision {
    /// 1, 2, 3 …
    async fn number(&self) -> i32 {
        self.row.number
    }

    /// What it is, on one line.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// The same in a paragraph.
    async fn summary(&self) -> &str {
        &self.row.summary
    }

    /// Why it matters.
    async fn why(&self) -> &str {
        &self.row.why
    }

    /// Who has it.
    async fn affected(&self) -> &str {
        &self.row.affected
    }

    /// What it costs.
    async fn burden(&self) -> &str {
        &self.row.burden
    }

    /// The service it belongs to.
    async fn service(&self) -> Option<Service> {
        self.row.service.as_deref().and_then(Service::named)
    }

    /// Its tags, in order.
    async fn tags(&self) -> Vec<&str> {
        self.row
            .tags
            .split(' ')
            .filter(|tag| !tag.is_empty())
            .collect()
    }

    /// Whether a person, a machine or the program wrote it.
    async fn actor(&self) -> Option<ActorKind> {
        author::kind(&self.row.written_by)
    }

    /// For which organisation it was written; null for the unit.
    async fn organisation(&self) -> Result<Option<Organisation>> {
        match self.row.organisation_id {
            Some(id) => self.problems.authors().await?.get(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// What was done, or why, where somebody said so.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// The revision whose text it brings back.
    async fn restores(&self) -> Option<i32> {
        self.row.restores
    }

    /// When it was written.
    async fn written_at(&self) -> DateTime {
        DateTime(self.row.written_at)
    }

    /// How it differs from an earlier one: the parts that are not the same, line by line.
    #[graphql(complexity = "cost::list(7, child_complexity)")]
    async fn diff(
        &self,
        #[graphql(desc = "The number of the earlier one; the one before it if left out.")]
        against: Option<i32>,
    ) -> Result<Vec<PartDifference>> {
        let number = against.unwrap_or(self.row.number - 1);
        let revisions = self.problems.revisions().await?;
        let mut all = revisions.get(&self.row.problem_id).into_iter().flatten();
        let earlier = all.find(|row| row.number == number);
        if earlier.is_none() && against.is_some() {
            return Err(Error::not_found("revision", number.to_string()).into());
        }
        // Nothing is before the first.
        let blank = parts(&self.row).map(|(part, _)| (part, String::new()));
        let before = earlier.map_or(blank, parts);
        let both = before.into_iter().zip(parts(&self.row));
        let changed = both.filter(|((_, before), (_, after))| before != after);
        Ok(changed
            .map(|((part, before), (_, after))| PartDifference {
                part,
                lines: lines(&before, &after).into_iter().map(Into::into).collect(),
            })
            .collect())
    }
}
