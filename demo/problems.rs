//! Made-up problems in every state. Each body raises, backs and answers for itself, by a token of its own.

use crate::projects::body;
use chrono::{Days, NaiveDateTime};
use domain::backing::Willingness;
use domain::id::ProblemId;
use domain::policy::{About, Action};
use domain::problem::{NewText, ProblemState};
use domain::{Error, Result};
use store::problem::Change;
use store::{Conn, Store, backing, problem, revision};

/// A problem to be made up.
struct Plan {
    title: &'static str,
    summary: &'static str,
    why: &'static str,
    service: &'static str,
    tags: &'static [&'static str],
    /// The GSS code of who raises it.
    by: &'static str,
    /// How many days ago.
    ago: u64,
    /// The GSS codes of who backs it, with what they are willing to do.
    backers: &'static [(&'static str, Willingness)],
    /// What who raised it answers to the first of them.
    answer: Option<&'static str>,
    /// Why nobody goes on with it.
    parked: Option<&'static str>,
}

/// Which problem each made-up project works on.
const WORKED_ON: &[(&str, &str)] = &[
    ("One planning register", "planning-data-cannot-be-compared"),
    (
        "Missed bins, said once",
        "missed-bins-are-reported-again-and-again",
    ),
    (
        "Street works without surprises",
        "nobody-hears-of-street-works-in-time",
    ),
    (
        "A directory of help nearby",
        "people-cannot-find-help-near-them",
    ),
    (
        "Contracts that can be read",
        "contracts-end-before-anybody-looks",
    ),
    (
        "Asking for social care once",
        "families-tell-their-story-five-times",
    ),
    (
        "Addresses that match",
        "addresses-do-not-match-between-systems",
    ),
];

use Willingness::{Follow, Fund, Join, Test};

#[rustfmt::skip]
const PLANS: &[Plan] = &[
    Plan { title: "Planning data cannot be compared", summary: "Every council publishes planning applications in its own way, so nobody can compare or join them.", why: "Builders, residents and the government ask each council anew.", service: "planning-applications", tags: &["open data", "standards"], by: "E06000066", ago: 720, backers: &[("E06000052", Join), ("E06000059", Join), ("E06000054", Test)], answer: Some("We start in spring; come to the first meeting."), parked: None },
    Plan { title: "Missed bins are reported again and again", summary: "Residents report a missed bin by telephone, form and e-mail, and crews hear of it three times or never.", why: "A third of all contacts about waste are repeats.", service: "household-collections", tags: &["contact", "forms"], by: "E06000043", ago: 260, backers: &[("E06000026", Join), ("E08000039", Test)], answer: Some("Your crews' system is one of the two we try first."), parked: None },
    Plan { title: "Nobody hears of street works in time", summary: "People learn of works in their street when the cones come.", why: "Carers and shops cannot plan.", service: "street-works", tags: &["notices"], by: "E06000052", ago: 120, backers: &[("E06000059", Join), ("E06000054", Follow)], answer: None, parked: None },
    Plan { title: "People cannot find help near them", summary: "Directories of charities and clubs are out of date a month after they are made.", why: "Social workers keep lists of their own.", service: "early-help", tags: &["directory", "open data"], by: "E08000003", ago: 810, backers: &[("E08000035", Join), ("E08000039", Join), ("E06000023", Follow)], answer: Some("Yes: charities keep their own entries."), parked: None },
    Plan { title: "Contracts end before anybody looks", summary: "Large contracts renew themselves because nobody sees in time that they end.", why: "Terms that nobody would sign today run on for years.", service: "procurement", tags: &["contracts"], by: "E06000023", ago: 360, backers: &[("E06000043", Join), ("E06000066", Join)], answer: None, parked: None },
    Plan { title: "Families tell their story five times", summary: "Hospital, council and charity each ask a family the same questions before care begins.", why: "Every week of delay is a week in a hospital bed.", service: "care-assessments", tags: &["data sharing", "health"], by: "E06000059", ago: 70, backers: &[("E06000052", Join), ("E06000026", Fund)], answer: None, parked: None },
    Plan { title: "Addresses do not match between systems", summary: "The lists of council tax, planning and waste write the same address in different ways.", why: "Letters go astray, and discounts are paid twice.", service: "data-and-insight", tags: &["addresses", "data quality"], by: "E08000035", ago: 210, backers: &[("E08000003", Join)], answer: Some("Send us an extract and we will try the matcher on it."), parked: None },
    Plan { title: "Nobody knows who is homeless", summary: "Three lists of people who sleep rough, and none of them is whole.", why: "Outreach finds people twice and misses others.", service: "homelessness", tags: &["data sharing"], by: "E08000003", ago: 40, backers: &[("E08000035", Join), ("E06000023", Test), ("E06000043", Follow), ("E08000039", Fund)], answer: None, parked: None },
    Plan { title: "Damp in council homes is found too late", summary: "Reports of damp wait for an inspection that costs more than the repair.", why: "Children fall ill; claims follow.", service: "council-homes", tags: &["repairs", "health"], by: "E08000039", ago: 35, backers: &[("E08000035", Join), ("E06000023", Join), ("E08000003", Test)], answer: None, parked: None },
    Plan { title: "Waiting lists for homes are not kept up", summary: "Half of those on the register have moved, and nobody asks them.", why: "Offers are refused, and homes stay empty meanwhile.", service: "housing-register", tags: &["data quality"], by: "E06000023", ago: 30, backers: &[("E08000003", Follow), ("E06000026", Test)], answer: None, parked: None },
    Plan { title: "Landlords are licensed on paper", summary: "Applications for licences of rented homes come as forms that somebody types in again.", why: "It takes ten weeks where the law says eight.", service: "private-renting", tags: &["forms"], by: "E08000035", ago: 28, backers: &[("E06000023", Join)], answer: Some("We have a form that you can have."), parked: None },
    Plan { title: "School transport is planned by hand", summary: "Routes for children with special needs are planned anew each summer in spreadsheets.", why: "The cost has doubled in five years.", service: "school-transport", tags: &["routes", "cost"], by: "E06000052", ago: 25, backers: &[("E06000066", Fund), ("E06000054", Join), ("E06000059", Join)], answer: None, parked: None },
    Plan { title: "Plans for children with special needs are late", summary: "Advice from four bodies has to come together in twenty weeks, and rarely does.", why: "Half of all plans miss the date that the law sets.", service: "special-educational-needs", tags: &["data sharing", "deadlines"], by: "E06000066", ago: 24, backers: &[("E06000052", Join), ("E06000059", Test)], answer: None, parked: None },
    Plan { title: "Fostering enquiries go cold", summary: "People who ask about fostering wait weeks for the first call.", why: "Half of them do not answer any more.", service: "fostering-and-adoption", tags: &["contact"], by: "E06000026", ago: 22, backers: &[("E06000052", Follow)], answer: None, parked: None },
    Plan { title: "Land searches take weeks", summary: "Answers to conveyancers are gathered from six departments by e-mail.", why: "Sales fall through while everybody waits.", service: "land-charges", tags: &["open data"], by: "E06000054", ago: 21, backers: &[("E06000066", Join), ("E06000059", Test)], answer: Some("Ours go through one register now; have a look."), parked: None },
    Plan { title: "Listed buildings are altered unseen", summary: "Owners do not know that their house is listed, and councils learn of it too late.", why: "What is lost cannot be put back.", service: "conservation", tags: &["heritage"], by: "E06000054", ago: 20, backers: &[], answer: None, parked: None },
    Plan { title: "Fly-tipping is photographed and forgotten", summary: "Reports with pictures end in mailboxes; nobody joins them into a case.", why: "The same people tip again and again.", service: "fly-tipping", tags: &["contact", "enforcement"], by: "E08000039", ago: 19, backers: &[("E08000003", Test), ("E08000035", Join)], answer: None, parked: None },
    Plan { title: "Recycling is spoilt by a few bags", summary: "Whole loads are burnt because nobody sees the wrong bags in time.", why: "Each load costs more than a week's crew.", service: "recycling", tags: &["cost"], by: "E06000043", ago: 18, backers: &[("E06000026", Follow)], answer: None, parked: None },
    Plan { title: "Potholes are counted, not mended", summary: "Inspection, report and repair live in three systems that do not talk.", why: "The same hole is visited four times.", service: "highways", tags: &["repairs"], by: "E06000059", ago: 17, backers: &[("E06000052", Join), ("E06000054", Join), ("E06000066", Follow)], answer: None, parked: None },
    Plan { title: "Parking appeals are answered one by one", summary: "Most appeals are of five kinds, and each is written by hand.", why: "Officers write the same letter forty times a day.", service: "parking", tags: &["letters"], by: "E08000035", ago: 16, backers: &[], answer: None, parked: None },
    Plan { title: "Flood warnings miss those who need them", summary: "Care homes and ground floors are not on the list of those who are called.", why: "The next flood will not wait.", service: "flooding", tags: &["warnings", "data sharing"], by: "E06000026", ago: 15, backers: &[("E06000052", Join), ("E06000023", Test)], answer: None, parked: None },
    Plan { title: "Trees are felled that nobody wanted felled", summary: "Orders that protect trees are on paper maps.", why: "Each felling costs trust.", service: "trees", tags: &["maps", "open data"], by: "E06000043", ago: 14, backers: &[("E06000066", Test)], answer: None, parked: None },
    Plan { title: "Food inspections follow the calendar, not the risk", summary: "Good kitchens are visited as often as bad ones.", why: "There are too few inspectors for both.", service: "food-safety", tags: &["risk"], by: "E06000023", ago: 12, backers: &[("E08000003", Follow)], answer: None, parked: None },
    Plan { title: "Council tax arrears grow in silence", summary: "People in debt hear from five parts of the council and owe all of them.", why: "Bailiffs cost more than they bring.", service: "council-tax", tags: &["debt", "data sharing"], by: "E08000003", ago: 11, backers: &[("E08000035", Join), ("E08000039", Join)], answer: None, parked: None },
    Plan { title: "Benefits are not claimed by those who may", summary: "Half of those who could have help with council tax do not ask for it.", why: "They ask for help with rent arrears later.", service: "benefits", tags: &["debt"], by: "E08000039", ago: 10, backers: &[("E08000003", Test)], answer: None, parked: None },
    Plan { title: "Libraries cannot lend across borders", summary: "A card of one council opens nothing in the next.", why: "Books stand unread two miles away.", service: "libraries", tags: &["sign-in"], by: "E06000059", ago: 9, backers: &[("E06000052", Follow)], answer: None, parked: None },
    Plan { title: "Electoral rolls are checked by knocking", summary: "Every summer canvassers knock at doors that could be checked by letter.", why: "It costs a pound a house.", service: "elections", tags: &["cost"], by: "E06000066", ago: 8, backers: &[], answer: None, parked: Some("The law on the annual canvass is under review; we wait for it.") },
    Plan { title: "Calls about the same thing come ten times", summary: "Nobody who calls is told how far their case has come, so they call again.", why: "Four in ten calls ask what has become of the last one.", service: "customer-contact", tags: &["contact"], by: "E06000052", ago: 7, backers: &[("E06000043", Join), ("E06000059", Join), ("E06000026", Follow)], answer: None, parked: None },
    Plan { title: "Requests for information are answered twice", summary: "The same question is asked of every council, and each finds the answer anew.", why: "A day of work each.", service: "information-governance", tags: &["open data"], by: "E06000054", ago: 5, backers: &[("E06000023", Follow)], answer: None, parked: None },
    Plan { title: "Temporary staff cost twice what they need", summary: "Neighbouring councils bid against one another for the same social workers.", why: "The agencies are the only ones who gain.", service: "people", tags: &["cost", "market"], by: "E06000023", ago: 3, backers: &[("E06000052", Join)], answer: None, parked: None },
];

/// Makes up every problem; how many there are.
///
/// # Errors
/// [`Error::NotFound`] when a body is not in the demonstration; [`Error::Internal`] when the database fails.
pub(crate) async fn make(store: &Store, now: NaiveDateTime) -> Result<usize> {
    for plan in PLANS {
        store.write(async |conn| one(conn, now, plan).await).await?;
    }
    Ok(PLANS.len())
}

/// The problems that the project of this title works on.
pub(crate) async fn worked_on(conn: &mut Conn, project: &str) -> Result<Vec<ProblemId>> {
    let Some((_, slug)) = WORKED_ON.iter().find(|(title, _)| *title == project) else {
        return Ok(Vec::new());
    };
    let row = problem::by_slug(conn, slug).await?;
    let row = row.ok_or_else(|| Error::not_found("problem", *slug))?;
    Ok(vec![row.id])
}

async fn one(conn: &mut Conn, now: NaiveDateTime, plan: &Plan) -> Result<()> {
    let raised = now - Days::new(plan.ago);
    let (owner, by) = body(conn, now, plan.by).await?;
    let granted = by.may(Action::RaiseProblem, About::Organisation(owner))?;
    let text = NewText {
        title: plan.title.to_owned(),
        summary: plan.summary.to_owned(),
        why: plan.why.to_owned(),
        service: Some(plan.service.to_owned()),
        tags: plan.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        ..NewText::default()
    };
    let row = revision::raise(conn, &granted, raised, Some(owner), &text).await?;
    let mut first = None;
    for (code, willingness) in plan.backers {
        let (backer, for_it) = body(conn, now, code).await?;
        let granted = for_it.may(Action::BackProblem, About::Organisation(backer))?;
        let (pair, said) = ((row.id, backer), (*willingness, None));
        let one = backing::back(conn, &granted, raised + Days::new(1), pair, said).await?;
        first = first.or(Some(one));
    }
    if let (Some(words), Some(one)) = (plan.answer, first) {
        let granted = by.may(Action::AnswerBacking, About::Organisation(owner))?;
        let (key, said) = ((row.id, one.id), (words, one.version));
        backing::answer(conn, &granted, raised + Days::new(2), key, said).await?;
    }
    if let Some(why) = plan.parked {
        let granted = by.may(Action::MoveProblem, About::Organisation(owner))?;
        let change = Change {
            problem: row.id,
            expected_version: row.version,
            reason: Some(why),
        };
        problem::move_to(
            conn,
            &granted,
            raised + Days::new(3),
            change,
            ProblemState::Parked,
        )
        .await?;
    }
    Ok(())
}
