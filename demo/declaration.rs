//! A declaration of two versions, made up, with councils that sign it, promise something, and keep it or not.

use chrono::{Days, NaiveDateTime};
use domain::commitment::CommitmentOutcome::{self, Dropped, Explained, Kept, Late};
use domain::id::OrganisationId;
use domain::policy::{About, Action, Role, Scopes, Viewer};
use domain::token::Secret;
use domain::{Error, Result};
use store::commitment::NewCommitment;
use store::token::NewToken;
use store::{Conn, Store, commitment, declaration, signature};

/// The versions: how many days ago each was published, its title and its text.
const VERSIONS: [(u64, &str, &str); 2] = [
    (
        700,
        "Solve it once",
        "Illustrative: this text is made up for the demonstration.\n\nWe say which problems we have, so that others can say that they have them too.\n\nWe look for what exists before we make something new.\n\nWe publish what we make, with a licence that lets others use it.",
    ),
    (
        200,
        "Solve it once, together",
        "Illustrative: this text is made up for the demonstration.\n\nOpen problems: we say which problems we have, so that others can say that they have them too.\n\nUse before make: we look for what exists before we make something new.\n\nOpen work: we publish what we make, with a licence that lets others use it, and say honestly how it goes.\n\nShared standards: we adopt what the sector agreed, or explain why we do not.",
    ),
];

/// A promise: made and due so many days ago (below zero: still to come), and how and when it ended.
struct Promise {
    text: &'static str,
    principle: &'static str,
    made: u64,
    due: i64,
    ended: Option<(CommitmentOutcome, u64, Option<&'static str>)>,
}

/// Councils by their GSS code, which versions they signed, and what they promised.
const SIGNATORIES: [(&str, &[usize], &[Promise]); 7] = [
    (
        "E06000066",
        &[0, 1],
        &[
            Promise {
                text: "Publish our tree preservation orders to the national specification.",
                principle: "Shared standards",
                made: 600,
                due: 420,
                ended: Some((Kept, 430, None)),
            },
            Promise {
                text: "Publish the code of our missed-bin reports.",
                principle: "Open work",
                made: 150,
                due: -25,
                ended: None,
            },
        ],
    ),
    (
        "E06000023",
        &[0, 1],
        &[
            Promise {
                text: "Describe our three most costly problems here.",
                principle: "Open problems",
                made: 500,
                due: 400,
                ended: Some((Kept, 410, None)),
            },
            Promise {
                text: "Publish every contract above £5,000 as open data.",
                principle: "Shared standards",
                made: 480,
                due: 300,
                ended: Some((Late, 250, None)),
            },
        ],
    ),
    (
        "E06000052",
        &[1],
        &[Promise {
            text: "Adopt the data standard for licence registers.",
            principle: "Shared standards",
            made: 190,
            due: 20,
            ended: Some((
                Explained,
                15,
                Some("Our supplier delivers the export in the spring."),
            )),
        }],
    ),
    (
        "E08000025",
        &[1],
        &[Promise {
            text: "Publish what our pilot of document redaction taught us.",
            principle: "Open work",
            made: 160,
            due: 40,
            ended: Some((Kept, 45, None)),
        }],
    ),
    (
        "E08000035",
        &[0, 1],
        &[
            Promise {
                text: "Replace our own address finder with the shared one.",
                principle: "Use before make",
                made: 650,
                due: 350,
                ended: Some((
                    Dropped,
                    360,
                    Some("The shared one does not cover our parishes yet."),
                )),
            },
            Promise {
                text: "Say every fortnight how our shared projects go.",
                principle: "Open work",
                made: 100,
                due: 10,
                ended: None,
            },
        ],
    ),
    ("E06000022", &[0], &[]),
    (
        "E06000024",
        &[1],
        &[Promise {
            text: "Look here before we buy a new case system.",
            principle: "Use before make",
            made: 90,
            due: -200,
            ended: None,
        }],
    ),
];

/// Makes it up, as of `now`.
///
/// # Errors
/// [`Error::Internal`] when the database fails.
pub(crate) async fn make(store: &Store, now: NaiveDateTime) -> Result<()> {
    store
        .write(async |conn| {
            let mut versions = Vec::new();
            let unit = Viewer::Operator.may(Action::PublishDeclaration, About::Sector)?;
            for (days, title, text) in VERSIONS {
                let at = now - Days::new(days);
                versions.push((
                    declaration::publish(conn, &unit, at, title, text).await?.id,
                    days,
                ));
            }
            for (code, signed, promises) in &SIGNATORIES {
                let (body, viewer) = signatory(conn, now, code).await?;
                let about = About::Organisation(body);
                let sign = viewer.may(Action::SignDeclaration, about)?;
                for version in *signed {
                    let (id, days) = versions[*version];
                    let at = now - Days::new(days.saturating_sub(30));
                    signature::sign(conn, &sign, at, body, Some(id)).await?;
                }
                for one in *promises {
                    promise(conn, now, &viewer, body, one).await?;
                }
            }
            Ok(())
        })
        .await
}

async fn promise(
    conn: &mut Conn,
    now: NaiveDateTime,
    viewer: &Viewer,
    body: OrganisationId,
    one: &Promise,
) -> Result<()> {
    let granted = viewer.may(Action::Commit, About::Organisation(body))?;
    let new = NewCommitment {
        organisation: body,
        text: one.text,
        principle: Some(one.principle),
        due_on: (now - chrono::TimeDelta::days(one.due)).date(),
        project: None,
        standard: None,
    };
    let made = commitment::make(conn, &granted, now - Days::new(one.made), &new).await?;
    if let Some((outcome, days, why)) = one.ended {
        let at = now - Days::new(days);
        commitment::settle(conn, &granted, at, made.id, made.version, (outcome, why)).await?;
    }
    Ok(())
}

/// Somebody who signs for a council: a machine with a token that ends tomorrow.
async fn signatory(
    conn: &mut Conn,
    now: NaiveDateTime,
    code: &str,
) -> Result<(OrganisationId, Viewer)> {
    let found = store::organisation::named(conn, code).await?;
    let body = found
        .ok_or_else(|| Error::not_found("organisation", code))?
        .id;
    let granted = Viewer::Operator.may(Action::IssueToken, About::Organisation(body))?;
    let name = "Made up for the demonstration";
    let new = NewToken {
        name,
        secret_hash: &Secret::Token.hash(&store::secret(Secret::Token)?)?,
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::usual(),
        expires_at: now + Days::new(1),
    };
    let id = store::token::issue(conn, &granted, now, &new).await?;
    let viewer = Viewer::Token {
        id,
        name: name.to_owned(),
        role: Role::Signatory,
        organisation: Some(body),
        scopes: Scopes::usual(),
        membership: None,
    };
    Ok((body, viewer))
}
