//! Rebuilds what is derived of problems, and compares.

use super::Findings;
use super::derived::versions;
use crate::{Conn, problem, problem_state, revision};
use domain::Result;
use domain::id::ProblemId;
use std::collections::HashMap;

/// A problem's text follows from its newest revision, its tags, backers, projects and place from the rows about it, its
/// search key from its title, its version from the record.
pub(super) async fn check(conn: &mut Conn, findings: &mut Findings) -> Result<()> {
    let versions = versions(conn, "problem").await?;
    let rows = problem::all(conn).await?;
    let counted = problem_state::counted(conn, &rows).await?;
    let mut tags: HashMap<ProblemId, Vec<String>> = HashMap::new();
    for (id, tag) in revision::tags(conn).await? {
        tags.entry(id).or_default().push(tag);
    }
    for chunk in rows.chunks(crate::CHUNK) {
        let ids: Vec<ProblemId> = chunk.iter().map(|row| row.id).collect();
        let revisions = revision::of_problems(conn, &ids).await?;
        for row in chunk {
            let mut fault = |text: &str| findings.fault(format!("problem {}: {text}", row.slug));
            let newest = revisions.iter().find(|one| one.problem_id == row.id);
            if newest.map(|one| (one.number, one.text())) != Some((row.revision, row.text())) {
                fault("its text is not that of its newest revision");
            }
            if tags.remove(&row.id).unwrap_or_default().join(" ") != row.tags {
                fault("the tags it is found by are not its tags");
            }
            if row.title_key != row.title.to_lowercase() {
                fault("its search key does not follow from its title");
            }
            if let Some(now) = counted.get(&row.id) {
                if (now.backers, now.facts.projects) != (row.backers, row.projects) {
                    fault("its numbers of backers and projects are not those of the rows");
                }
                let merged = row.merged_into_id.is_some();
                if !merged && row.state.settled(now.facts) != row.state {
                    fault("its state does not follow from who backs it and works on it");
                }
            }
            if versions.get(&row.id.to_string().into()) != Some(&row.version) {
                fault("its version is not the number of its changes in the record");
            }
            findings.problems += 1;
        }
    }
    Ok(())
}
