//! What the made-up projects said of themselves: most are heard of, one is silent, one is forgotten, one is too green.

use crate::projects::body;
use chrono::{Days, NaiveDateTime};
use domain::Result;
use domain::ask::AskKind;
use domain::policy::{About, Action};
use domain::status::{Draft, Rag};
use store::status::NewStatus;
use store::{Conn, Store, help, project, status};

use Rag::{Amber, Green, Red};

/// One update: how many days ago, the colours of delivery, money, people and reuse, the news, and what comes next.
type Said = (u64, [Rag; 4], &'static str, &'static str);

/// What a project asks for with its newest update.
type Asks = Option<(AskKind, &'static str)>;

/// The title of a project, the code of its lead, what it said from the first on, and what it asks for.
#[rustfmt::skip]
const SAID: &[(&str, &str, &[Said], Asks)] = &[
    ("One planning register", "E06000066", &[
        (61, [Green, Green, Green, Green], "The register is live in four councils", "Write the guide for those who come next"),
        (33, [Green, Green, Amber, Green], "Two more councils publish", "Find somebody for support in summer"),
        (5, [Green, Green, Green, Green], "Seven councils publish, support is found", "Help the next three to begin"),
    ], None),
    ("Brownfield land in one map", "E08000035", &[
        (48, [Amber, Green, Green, Amber], "Half of the registers load without mending", "Agree the form of dates"),
        (20, [Amber, Green, Green, Green], "The form of dates is agreed", "Load the rest"),
        (6, [Amber, Green, Green, Green], "Eighty registers load", "Try the map with planners"),
    ], Some((AskKind::Testing, "Two planners from different regions, an hour each, to try the map before it is announced."))),
    ("Missed bins, said once", "E06000043", &[
        (40, [Green, Green, Green, Green], "The form is drawn", "Try it with one crew"),
        (26, [Green, Amber, Green, Green], "A crew tries it; the supplier asks for more money", "Settle the change with the supplier"),
        (12, [Green, Amber, Red, Green], "The crew’s foreman has left", "Find another crew"),
    ], None),
    ("Street works without surprises", "E06000052", &[
        (13, [Amber, Green, Green, Green], "Eight residents seen of twelve", "See the other four"),
    ], None),
    ("Contracts that can be read", "E06000023", &[
        (90, [Green, Green, Green, Green], "The exporter writes its first file", "Write all of a year"),
        (34, [Green, Green, Green, Green], "Half of a year is written", "Write the other half"),
    ], None),
    ("Pages that everybody can read", "E06000054", &[
        (99, [Green, Green, Green, Green], "The patterns are live", "Count who uses them"),
    ], None),
    ("Spending over £500, the same way", "E06000043", &[
        (71, [Red, Green, Green, Red], "Half of the files fail the checks", "Change the form"),
        (22, [Amber, Green, Green, Amber], "The new form is drawn", "Try it on last year’s files"),
        (3, [Amber, Green, Green, Amber], "Nine of ten files pass", "Ask the suppliers of ledgers"),
    ], Some((AskKind::Skill, "Somebody who knows how ledgers export spending, for two days."))),
    ("Addresses that match", "E08000035", &[
        (24, [Green, Green, Green, Green], "Four lists of nine are matched", "Match the rates list"),
    ], None),
];

/// The codes of bodies that said with what they can help.
const HELPS: &[(&str, &[AskKind])] = &[
    ("E06000023", &[AskKind::Testing, AskKind::Advice]),
    ("E08000039", &[AskKind::Skill, AskKind::Data]),
    ("E06000026", &[AskKind::Testing]),
];

/// Makes up what every project said; how many updates that are.
///
/// # Errors
/// [`domain::Error::NotFound`] when a project or body is not in the demonstration; [`domain::Error::Internal`] when the
/// database fails.
pub(crate) async fn make(store: &Store, now: NaiveDateTime) -> Result<usize> {
    store.write(async |conn| helpers(conn, now).await).await?;
    let mut made = 0;
    for (title, lead, said, asks) in SAID {
        for (nth, one) in said.iter().enumerate() {
            let asks = asks.filter(|_| nth + 1 == said.len());
            store
                .write(async |conn| post(conn, now, (*title, *lead), one, asks).await)
                .await?;
            made += 1;
        }
    }
    Ok(made)
}

async fn helpers(conn: &mut Conn, now: NaiveDateTime) -> Result<()> {
    for (code, kinds) in HELPS {
        let (own, by_own) = body(conn, now, code).await?;
        let granted = by_own.may(Action::OfferHelp, About::Organisation(own))?;
        help::set(conn, &granted, now, own, kinds).await?;
    }
    Ok(())
}

async fn post(
    conn: &mut Conn,
    now: NaiveDateTime,
    (title, lead): (&str, &str),
    (ago, [delivery, money, people, reuse], headline, next): &Said,
    asks: Asks,
) -> Result<()> {
    let (_, by_lead) = body(conn, now, lead).await?;
    let row = status::locked(conn, None, &domain::slug::from_words(title)).await?;
    let team = project::team(conn, row.id).await?;
    let granted = by_lead.may_in(Action::PostStatus, &team)?;
    let new = NewStatus {
        draft: Draft {
            delivery: Some(*delivery),
            money: Some(*money),
            people: Some(*people),
            reuse: Some(*reuse),
            headline: Some((*headline).to_owned()),
            next_step: Some((*next).to_owned()),
            unchanged: false,
        },
        ask: asks.map(|(kind, text)| (kind, text.to_owned())),
        corrects: None,
    };
    status::post(conn, &granted, now - Days::new(*ago), &row, &new).await?;
    Ok(())
}
