//! What a problem's text may be, and how it is kept.

use crate::id::StandardId;
use crate::{Error, Result, service, slug};

/// The longest title, in characters.
pub const LONGEST_TITLE: usize = 150;
/// The longest summary, in characters.
pub const LONGEST_SUMMARY: usize = 1_000;
/// The longest of the other texts, in characters.
pub const LONGEST_TEXT: usize = 5_000;
/// The most lines of a text.
pub const MOST_LINES: usize = 200;
/// The most tags.
pub const MOST_TAGS: usize = 8;
/// The longest tag, in characters.
const LONGEST_TAG: usize = 30;
/// The longest reason or note, in characters.
const LONGEST_REASON: usize = 1_000;

/// A problem's text as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// What the problem is, on one line.
    pub title: String,
    /// The same in a paragraph.
    pub summary: String,
    /// Why it matters; can be empty.
    pub why: String,
    /// Who has it; can be empty.
    pub affected: String,
    /// What it costs, in money, days or harm; can be empty.
    pub burden: String,
    /// The service it belongs to: a code of the [taxonomy](crate::service).
    pub service: Option<String>,
    /// Its tags, in order and each once.
    pub tags: Vec<String>,
    /// The standard it is about.
    pub standard: Option<StandardId>,
}

/// A problem's text as somebody writes it; what is left out is blank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewText {
    /// What the problem is.
    pub title: String,
    /// The same in a paragraph.
    pub summary: String,
    /// Why it matters.
    pub why: String,
    /// Who has it.
    pub affected: String,
    /// What it costs.
    pub burden: String,
    /// The service it belongs to.
    pub service: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The standard it is about.
    pub standard: Option<StandardId>,
}

impl NewText {
    /// The text as it is kept: trimmed, with `\n` for the ends of lines, tags in lower case.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is blank and must not be, too long, or no service.
    pub fn kept(&self) -> Result<Text> {
        let title = text("title", &self.title, LONGEST_TITLE)?;
        if title.is_empty() || title.contains('\n') || slug::from_words(&title).is_empty() {
            let told = "Say what the problem is on one line, in words.";
            return Err(Error::invalid("title", told));
        }
        let summary = text("summary", &self.summary, LONGEST_SUMMARY)?;
        if summary.is_empty() {
            let told = "Say in a sentence or two what the problem is.";
            return Err(Error::invalid("summary", told));
        }
        Ok(Text {
            title,
            summary,
            why: text("why", &self.why, LONGEST_TEXT)?,
            affected: text("affected", &self.affected, LONGEST_TEXT)?,
            burden: text("burden", &self.burden, LONGEST_TEXT)?,
            service: code(self.service.as_deref())?,
            tags: tags(&self.tags)?,
            standard: self.standard,
        })
    }
}

impl From<Text> for NewText {
    fn from(text: Text) -> Self {
        Self {
            title: text.title,
            summary: text.summary,
            why: text.why,
            affected: text.affected,
            burden: text.burden,
            service: text.service,
            tags: text.tags,
            standard: text.standard,
        }
    }
}

/// A text as it is kept.
///
/// # Errors
/// [`Error::Invalid`] when it has too many characters or lines, or control characters.
pub(crate) fn text(field: &'static str, raw: &str, longest: usize) -> Result<String> {
    let lines: Vec<&str> = raw.trim().lines().map(str::trim_end).collect();
    let kept = lines.join("\n");
    if kept.chars().count() > longest {
        let told = format!("Write at most {longest} characters.");
        return Err(Error::invalid(field, told));
    }
    if lines.len() > MOST_LINES {
        let told = format!("Write at most {MOST_LINES} lines.");
        return Err(Error::invalid(field, told));
    }
    if kept.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(Error::invalid(field, "Write plain text."));
    }
    Ok(kept)
}

/// A reason or note as it is kept; `None` for a blank one.
///
/// # Errors
/// [`Error::Invalid`] when it is longer than 1,000 characters or has control characters.
pub fn reason(field: &'static str, raw: Option<&str>) -> Result<Option<String>> {
    let kept = text(field, raw.unwrap_or_default(), LONGEST_REASON)?;
    Ok(Some(kept).filter(|text| !text.is_empty()))
}

fn code(raw: Option<&str>) -> Result<Option<String>> {
    let code = raw.map(str::trim).filter(|code| !code.is_empty());
    code.map(|code| Ok(service::find(code)?.code.to_owned()))
        .transpose()
}

fn tags(raw: &[String]) -> Result<Vec<String>> {
    let mut tags = Vec::with_capacity(raw.len().min(MOST_TAGS));
    for one in raw.iter().filter(|tag| !tag.trim().is_empty()) {
        let tag = slug::from_words(one);
        if tag.is_empty() || tag.len() > LONGEST_TAG {
            let told = format!("`{}` is no tag; use a word or two.", one.trim());
            return Err(Error::invalid("tags", told));
        }
        tags.push(tag);
    }
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > MOST_TAGS {
        let told = format!("Give at most {MOST_TAGS} tags.");
        return Err(Error::invalid("tags", told));
    }
    Ok(tags)
}
