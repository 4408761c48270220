//! News: sealed changes that everybody may see, in plain words. Feeds, mails and webhooks tell these and nothing else.

use crate::Conn;
use crate::activity::{Read, Recorded, recorded, sealed_rows};
use crate::change::ChangeRow;
use crate::conn::internal;
use crate::schema::{change, organisation, problem, project, seal, sealed, standard};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use domain::Result;
use domain::change::Change;
use domain::id::{OrganisationId, ProblemId, ProjectId, StandardId};
use domain::news::{Names, body, sentence, subject, untold_kinds};
use domain::subscription::{Followed, FollowedKind};
use std::collections::HashMap;
use uuid::Uuid;

/// A change in plain words.
#[derive(Debug, Clone)]
pub struct News {
    /// The change, with its place in the record.
    pub recorded: Recorded,
    /// It in a sentence.
    pub sentence: String,
    /// What it is part of, where that has a page.
    pub about: Option<Titled>,
}

/// What a thing is called, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// The thing.
    pub followed: Followed,
    /// Its name or title.
    pub title: String,
    /// The last part of its address.
    pub slug: String,
}

impl Titled {
    /// The path of its page.
    pub fn path(&self) -> String {
        format!("{}/{}", self.followed.kind.path(), self.slug)
    }
}

/// Only what is told, of what is followed.
macro_rules! told {
    ($query:ident, $of:expr) => {
        $query = $query.filter(sealed::thing_kind.ne_all(untold_kinds()));
        if let Some(of) = $of {
            let (bodies, subjects) = split(of);
            let of_bodies = sealed::organisation_id
                .assume_not_null()
                .eq_any(bodies.clone());
            let of_subjects = sealed::subject_id.eq_any(subjects.clone());
            $query = match (bodies.is_empty(), subjects.is_empty()) {
                (_, true) => $query.filter(of_bodies),
                (true, _) => $query.filter(of_subjects),
                _ => $query.filter(of_bodies.or(of_subjects)),
            };
        }
    };
}

/// The bodies among these, and the keys of all others.
fn split(of: &[Followed]) -> (Vec<OrganisationId>, Vec<String>) {
    let (bodies, others): (Vec<&Followed>, Vec<&Followed>) = of
        .iter()
        .partition(|one| one.kind == FollowedKind::Organisation);
    (
        bodies.iter().map(|one| one.id.into()).collect(),
        others.iter().map(|one| one.id.to_string()).collect(),
    )
}

/// The newest news of one thing, the newest first.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn newest(conn: &mut Conn, of: Followed, limit: i64) -> Result<Vec<News>> {
    let of = [of];
    let read: Vec<Read> = on!(conn, c => {
        let mut query = sealed_rows!().into_boxed();
        told!(query, Some(&of));
        query.order(sealed::sequence.desc()).limit(limit).load(c).await
    })
    .map_err(internal)?;
    worded(conn, read).await
}

/// The news after one place in the record up to another, in their order, at most `limit`: of these things, or of all.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn between(
    conn: &mut Conn,
    of: Option<&[Followed]>,
    (after, to): (i64, i64),
    limit: i64,
) -> Result<Vec<News>> {
    let read: Vec<Read> = on!(conn, c => {
        let mut query = sealed_rows!().into_boxed();
        told!(query, of);
        query
            .filter(sealed::sequence.gt(after))
            .filter(sealed::sequence.le(to))
            .order(sealed::sequence.asc())
            .limit(limit)
            .load(c)
            .await
    })
    .map_err(internal)?;
    worded(conn, read).await
}

/// How many news there are after one place in the record up to another, of these things.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn count(conn: &mut Conn, of: &[Followed], (after, to): (i64, i64)) -> Result<i64> {
    on!(conn, c => {
        let mut query = sealed::table.count().into_boxed();
        told!(query, Some(of));
        query
            .filter(sealed::sequence.gt(after))
            .filter(sealed::sequence.le(to))
            .get_result(c)
            .await
    })
    .map_err(internal)
}

async fn worded(conn: &mut Conn, read: Vec<Read>) -> Result<Vec<News>> {
    let all: Vec<Recorded> = read.into_iter().map(recorded).collect();
    let changes: Vec<Change> = all.iter().map(|row| row.change.change()).collect();
    let sentences = sentences(conn, changes.iter()).await?;
    let news = all.into_iter().zip(sentences);
    Ok(news
        .map(|(recorded, (sentence, about))| News {
            recorded,
            sentence,
            about,
        })
        .collect())
}

/// These changes in sentences, each with what it is part of, where that has a page: in at most five statements.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn sentences<'a>(
    conn: &mut Conn,
    changes: impl Iterator<Item = &'a Change> + Clone,
) -> Result<Vec<(String, Option<Titled>)>> {
    let bodies = changes.clone().filter_map(body).map(|id| Followed {
        kind: FollowedKind::Organisation,
        id: id.0,
    });
    let subjects = changes.clone().filter_map(subject);
    let mut named: Vec<Followed> = subjects.chain(bodies).collect();
    named.sort_unstable();
    named.dedup();
    let titles = titles(conn, &named).await?;
    let worded = changes.map(|change| {
        let about = subject(change).and_then(|one| titles.get(&one));
        let body = body(change).and_then(|id| {
            titles.get(&Followed {
                kind: FollowedKind::Organisation,
                id: id.0,
            })
        });
        let names = Names {
            body: body.map(|one| one.title.as_str()),
            title: about.map(|one| one.title.as_str()),
        };
        (sentence(change, names), about.or(body).cloned())
    });
    Ok(worded.collect())
}

type Row = (Uuid, String, String);

macro_rules! titled {
    ($conn:expr, $table:ident, $id:ty, $title:ident, $ids:expr) => {{
        let ids: Vec<$id> = $ids.into_iter().map(<$id>::from).collect();
        if ids.is_empty() {
            Vec::new()
        } else {
            let rows: Vec<($id, String, String)> = on!($conn, c => $table::table
                .filter($table::id.eq_any(ids))
                .select(($table::id, $table::$title, $table::slug))
                .load(c)
                .await)
            .map_err(internal)?;
            rows.into_iter().map(|(id, title, slug)| (id.0, title, slug)).collect()
        }
    }};
}

/// What these things are called; what is not there is left out. A statement for each kind.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn titles(conn: &mut Conn, of: &[Followed]) -> Result<HashMap<Followed, Titled>> {
    let mut found = HashMap::new();
    for kind in FollowedKind::ALL {
        let ids: Vec<Uuid> = of
            .iter()
            .filter(|one| one.kind == *kind)
            .map(|one| one.id)
            .collect();
        let rows: Vec<Row> = match kind {
            FollowedKind::Problem => titled!(conn, problem, ProblemId, title, ids),
            FollowedKind::Project => titled!(conn, project, ProjectId, title, ids),
            FollowedKind::Standard => titled!(conn, standard, StandardId, title, ids),
            FollowedKind::Organisation => titled!(conn, organisation, OrganisationId, name, ids),
        };
        for (id, title, slug) in rows {
            let followed = Followed { kind: *kind, id };
            let titled = Titled {
                followed,
                title,
                slug,
            };
            found.insert(followed, titled);
        }
    }
    Ok(found)
}

macro_rules! by_slug {
    ($conn:expr, $table:ident, $id:ty, $title:ident, $slug:expr) => {{
        let row: Option<($id, String)> = on!($conn, c => $table::table
            .filter($table::slug.eq($slug))
            .select(($table::id, $table::$title))
            .first(c)
            .await
            .optional())
        .map_err(internal)?;
        row.map(|(id, title)| (id.0, title))
    }};
}

/// The thing of this kind at an address; `None` when there is none.
///
/// # Errors
/// [`domain::Error::Internal`] when the database fails.
pub async fn at(conn: &mut Conn, kind: FollowedKind, slug: &str) -> Result<Option<Titled>> {
    let row: Option<(Uuid, String)> = match kind {
        FollowedKind::Problem => by_slug!(conn, problem, ProblemId, title, slug),
        FollowedKind::Project => by_slug!(conn, project, ProjectId, title, slug),
        FollowedKind::Standard => by_slug!(conn, standard, StandardId, title, slug),
        FollowedKind::Organisation => by_slug!(conn, organisation, OrganisationId, name, slug),
    };
    Ok(row.map(|(id, title)| Titled {
        followed: Followed { kind, id },
        title,
        slug: slug.to_owned(),
    }))
}
