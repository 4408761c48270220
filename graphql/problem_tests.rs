//! Problems by the API alone: raised, backed, written at, merged, suggested as similar, and asked about by anyone.

use crate::problem_sample::{lead, raised};
use crate::sample::Sample;
use crate::testing::{Fixture, ask, fault};
use domain::policy::Viewer;
use serde_json::{Value, json};

/// Does a mutation as this viewer; the payload.
async fn done(
    fixture: &Fixture,
    viewer: &Viewer,
    mutation: &str,
    input: Value,
    ask_for: &str,
) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation ($input: {kind}!) {{ done: {mutation}(input: $input) {{ {ask_for} userErrors {{ path code message }} }} }}"
    );
    let answer = ask(&fixture.schema, viewer, &document, json!({"input": input})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["done"].clone()
}

/// Does it, and sees that nothing is wrong with the input.
async fn fine(
    fixture: &Fixture,
    viewer: &Viewer,
    mutation: &str,
    input: Value,
    ask_for: &str,
) -> Value {
    let done = done(fixture, viewer, mutation, input, ask_for).await;
    assert_eq!(done["userErrors"], json!([]), "{done}");
    done
}

#[tokio::test]
async fn a_problem_is_raised_backed_answered_and_written_at() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let (ash, birch) = (lead(Some(sample.ash)), lead(Some(sample.birch)));
        let input = json!({
            "title": "Nobody knows who is homeless", "summary": "Three lists, none of them whole.",
            "service": "homelessness", "tags": ["Data sharing"], "standard": "maps",
        });
        let wanted = "problem { id slug title state service { code name } tags standard { slug } organisation { slug } version }";
        let made = fine(&fixture, &ash, "raiseProblem", input, wanted).await["problem"].clone();
        assert_eq!(made["slug"], "nobody-knows-who-is-homeless");
        assert_eq!(made["state"], "PROPOSED");
        assert_eq!(
            made["service"],
            json!({"code": "homelessness", "name": "Homelessness"})
        );
        assert_eq!(made["tags"], json!(["data-sharing"]));
        assert_eq!(made["organisation"]["slug"], "ash");
        let id = &made["id"];

        let backing = fine(
            &fixture, &birch, "backProblem", json!({"problem": made["slug"], "willingness": "JOIN"}),
            "backing { id version willingness replyBy organisation { slug } } problem { state backers version }",
        )
        .await;
        assert_eq!(
            backing["problem"],
            json!({"state": "GATHERING", "backers": 1, "version": 2})
        );
        assert_eq!(backing["backing"]["organisation"]["slug"], "birch");
        let input = json!({"backing": backing["backing"]["id"], "answer": "Let us meet.", "expectedVersion": 1});
        let answered = fine(
            &fixture,
            &ash,
            "answerBacking",
            input,
            "backing { answer version }",
        )
        .await;
        assert_eq!(
            answered["backing"],
            json!({"answer": "Let us meet.", "version": 2})
        );

        let input = json!({"problem": id, "expectedVersion": 2, "why": "People sleep rough.", "note": "Why."});
        fine(&fixture, &birch, "reviseProblem", input, "").await;
        let input = json!({"problem": id, "expectedVersion": 2, "summary": "Too late."});
        let document = "mutation ($input: ReviseProblemInput!) { reviseProblem(input: $input) { userErrors { code } } }";
        let late = ask(&fixture.schema, &ash, document, json!({"input": input})).await;
        assert_eq!(fault(&late).0, "CONFLICT");
        let read = fixture
            .data(r#"{ problem(slug: "nobody-knows-who-is-homeless") { version why revisions { number note
                organisation { slug } diff { part lines { kind text } } } backings { willingness answer } mayMove } }"#)
            .await;
        let problem = &read["problem"];
        assert_eq!(problem["version"], 3);
        assert_eq!(problem["mayMove"], false);
        let revision = &problem["revisions"][0];
        assert_eq!(
            (&revision["number"], &revision["organisation"]["slug"]),
            (&json!(2), &json!("birch"))
        );
        let difference =
            json!([{"part": "WHY", "lines": [{"kind": "IN", "text": "People sleep rough."}]}]);
        assert_eq!(revision["diff"], difference);
        let input = json!({"problem": id, "expectedVersion": 3, "revision": 1});
        let back = fine(
            &fixture,
            &ash,
            "restoreProblem",
            input,
            "problem { why version }",
        )
        .await;
        assert_eq!(back["problem"], json!({"why": "", "version": 4}));
        let input = json!({"problem": id, "expectedVersion": 4, "state": "PARKED"});
        let parked = done(&fixture, &ash, "moveProblem", input, "").await;
        assert_eq!(parked["userErrors"][0]["path"], json!(["input", "reason"]));
    }
}

#[tokio::test]
async fn a_list_of_problems_takes_as_many_statements_however_long_it_is() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let birch = lead(Some(sample.birch));
        let list = "{ problems(first: 100, orderBy: BACKERS) { nodes { title backers organisation { slug } standard { slug }
            mergedInto { slug } backings { organisation { slug } } revisions { number diff { part } organisation { slug } }
            merges { problem { slug } } suggestions { text } mayAnswer } } }";
        let mut counts = Vec::new();
        for n in 0..6 {
            let row = raised(&fixture.store, &format!("Problem {n}")).await;
            fine(
                &fixture,
                &birch,
                "backProblem",
                json!({"problem": row.slug}),
                "",
            )
            .await;
            if n == 1 || n == 5 {
                counts.push(fixture.statements(list).await);
            }
        }
        assert_eq!(counts[0], counts[1]);
    }
}

#[tokio::test]
async fn merged_problems_are_read_where_they_went_until_it_is_undone() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let (unit, birch) = (lead(None), lead(Some(sample.birch)));
        raised(&fixture.store, "Bins are missed").await;
        raised(&fixture.store, "Missed bins").await;
        fine(
            &fixture,
            &birch,
            "backProblem",
            json!({"problem": "bins-are-missed"}),
            "",
        )
        .await;
        let input =
            json!({"problem": "bins-are-missed", "into": "missed-bins", "expectedVersion": 2});
        let wanted = "merge { id version into { slug } } problem { slug backers state }";
        let merged = fine(&fixture, &unit, "mergeProblems", input, wanted).await;
        assert_eq!(
            merged["problem"],
            json!({"slug": "missed-bins", "backers": 1, "state": "GATHERING"})
        );
        let both = r#"{ problem(slug: "bins-are-missed") { title mergedInto { slug } backers state } problems(first: 9) { totalCount } }"#;
        let read = fixture.data(both).await;
        assert_eq!(read["problem"]["mergedInto"]["slug"], "missed-bins");
        assert_eq!(read["problem"]["title"], "Bins are missed");
        assert_eq!(read["problems"]["totalCount"], 1);
        let input = json!({"merge": merged["merge"]["id"], "expectedVersion": 1});
        fine(&fixture, &unit, "undoMerge", input, "").await;
        let read = fixture.data(both).await;
        let alone = json!({"title": "Bins are missed", "mergedInto": null, "backers": 1, "state": "GATHERING"});
        assert_eq!(read["problem"], alone);
        assert_eq!(read["problems"]["totalCount"], 2);
    }
}

/// The titles, scores to the bit, and reasons of what is similar.
async fn similar(fixture: &Fixture, title: &str) -> Vec<(String, u64, Value)> {
    let query = format!(
        r#"{{ similarProblems(title: "{title}", first: 10) {{ score problem {{ title }} reasons {{ kind text }} }} }}"#
    );
    let data = fixture.data(&query).await;
    let all = data["similarProblems"].as_array().unwrap();
    let one = |one: &Value| {
        let title = one["problem"]["title"].as_str().unwrap().to_owned();
        (
            title,
            one["score"].as_f64().unwrap().to_bits(),
            one["reasons"].clone(),
        )
    };
    all.iter().map(one).collect()
}

#[tokio::test]
async fn similar_problems_are_the_same_on_both_engines_and_follow_every_change() {
    let mut answers = Vec::new();
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let unit = lead(None);
        assert_eq!(similar(&fixture, "missed bin collections").await, []);
        for title in [
            "Bin collections are missed in narrow streets",
            "Nobody knows who is homeless",
            "Missed collection of garden waste",
            "Planning letters are hard to read",
            "Collecting council tax arrears",
        ] {
            raised(&fixture.store, title).await;
        }
        let first = similar(&fixture, "missed bin collections").await;
        assert_eq!(first[0].0, "Bin collections are missed in narrow streets");
        assert!(first[0].2.as_array().unwrap().len() > 1, "{first:?}");
        assert!(!first.iter().any(|one| one.0.starts_with("Nobody")));
        // What is written anew is found as it is now.
        let input = json!({"problem": "nobody-knows-who-is-homeless", "expectedVersion": 1, "title": "Missed bins"});
        fine(
            &fixture,
            &lead(Some(sample.ash)),
            "reviseProblem",
            input,
            "",
        )
        .await;
        let second = similar(&fixture, "missed bin collections").await;
        assert!(second.iter().any(|one| one.0 == "Missed bins"));
        // What was merged is suggested no more.
        let input = json!({"problem": "nobody-knows-who-is-homeless", "expectedVersion": 2,
            "into": "bin-collections-are-missed-in-narrow-streets"});
        fine(&fixture, &unit, "mergeProblems", input, "").await;
        let third = similar(&fixture, "missed bin collections").await;
        assert!(!third.iter().any(|one| one.0 == "Missed bins"));
        answers.push((first, second, third));
    }
    assert!(
        answers.windows(2).all(|two| two[0] == two[1]),
        "{answers:#?}"
    );
}

#[tokio::test]
async fn anyone_asks_and_only_the_unit_and_who_has_the_receipt_see_it_before_it_is_answered() {
    for fixture in Fixture::each().await {
        let sample = Sample::fill(&fixture.store).await;
        let row = raised(&fixture.store, "Bins").await;
        let anyone = Viewer::Anonymous;
        let input = json!({"problem": row.slug, "text": "Why on Mondays?"});
        let wanted = "receipt suggestion { id state version problem { slug } }";
        let made = fine(&fixture, &anyone, "suggest", input, wanted).await;
        let receipt = made["receipt"].as_str().unwrap();
        assert!(receipt.starts_with("mhr_"));
        let spam = json!({"text": "http://a.example http://b.example http://c.example"});
        let refused = done(&fixture, &anyone, "suggest", spam, "receipt").await;
        assert_eq!(
            (&refused["receipt"], &refused["userErrors"][0]["code"]),
            (&Value::Null, &json!("BAD_INPUT"))
        );

        let queue =
            "{ suggestions(first: 9, state: AWAITING) { totalCount nodes { text version } } }";
        for viewer in [anyone.clone(), lead(Some(sample.ash))] {
            let answer = ask(&fixture.schema, &viewer, queue, Value::Null).await;
            assert!(["UNAUTHENTICATED", "FORBIDDEN"].contains(&fault(&answer).0.as_str()));
        }
        let unit = lead(None);
        let answer = ask(&fixture.schema, &unit, queue, Value::Null).await;
        assert_eq!(answer["data"]["suggestions"]["totalCount"], 1);
        let public = r#"{ problem(slug: "bins") { suggestions { text answer } } }"#;
        assert_eq!(
            fixture.data(public).await["problem"]["suggestions"],
            json!([])
        );
        let by_receipt =
            format!(r#"{{ suggestion(receipt: "{receipt}") {{ text state answer }} }}"#);
        assert_eq!(
            fixture.data(&by_receipt).await["suggestion"]["state"],
            "AWAITING"
        );
        let input = json!({"suggestion": made["suggestion"]["id"], "state": "ANSWERED",
            "answer": "They are not.", "expectedVersion": 1});
        fine(&fixture, &unit, "answerSuggestion", input, "").await;
        let said = json!([{"text": "Why on Mondays?", "answer": "They are not."}]);
        assert_eq!(fixture.data(public).await["problem"]["suggestions"], said);
        assert_eq!(
            fixture.data(&by_receipt).await["suggestion"]["answer"],
            "They are not."
        );
        let other = r#"{ suggestion(receipt: "mhr_0") { text } }"#;
        assert_eq!(fault(&fixture.ask(other).await).0, "NOT_FOUND");
    }
}
