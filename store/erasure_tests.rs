//! What must hold of personal data: an export has all of it, an erasure leaves none, and the record stays whole.

use crate::contact::{self, ContactFacts};
use crate::sample::{add_standard, adopted, may};
use crate::sample_people::{
    accept, admitted, appointing, as_person, body, invite, joined, managing, member, token_of,
    token_viewer, viewer,
};
use crate::testing::TestStore;
use crate::{Conn, invitation::Shown, person::Person};
use crate::{Store, adoption, check, job_run, membership, notice, now, person, refusal, session};
use diesel::sql_types::Text;
use diesel_async::RunQueryDsl;
use domain::Error;
use domain::adoption::Standing;
use domain::id::OrganisationId;
use domain::policy::{About, Action, Role, Viewer};

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

async fn lines(conn: &mut Conn, statement: &str) -> Vec<String> {
    let rows: Vec<Line> = on!(conn, c => diesel::sql_query(statement).load(c).await).unwrap();
    rows.into_iter().map(|row| row.line).collect()
}

/// Every table of the database, with the statement that lists its rows as text.
async fn tables(conn: &mut Conn) -> Vec<(String, String)> {
    let sqlite = conn.engine() == "sqlite";
    let names = if sqlite {
        "SELECT name AS line FROM sqlite_master WHERE type = 'table'"
    } else {
        "SELECT table_name::text AS line FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
    };
    let mut all = Vec::new();
    for table in lines(conn, names).await {
        let statement = if sqlite {
            let columns = format!(
                "SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')"
            );
            let columns = lines(conn, &columns).await.join(" || ' ' || ");
            format!("SELECT {columns} AS line FROM \"{table}\"")
        } else {
            format!("SELECT t::text AS line FROM \"{table}\" t")
        };
        all.push((table, statement));
    }
    all
}

/// Every row of every table that has one of these texts in it, whatever its case.
async fn rows_with(store: &Store, texts: &[&str]) -> Vec<String> {
    let mut conn = store.read().await.unwrap();
    let mut found = Vec::new();
    let mut read = 0;
    for (table, statement) in tables(&mut conn).await {
        for line in lines(&mut conn, &statement).await {
            read += 1;
            let line = line.to_lowercase();
            if texts.iter().any(|text| line.contains(text)) {
                found.push(format!("{table}: {line}"));
            }
        }
    }
    assert!(read > 20, "only {read} rows were read");
    found
}

const PERSONAL: [&str; 4] = [
    "ann@council.gov.uk",
    "ann surname",
    "subject-of-ann",
    "01903 1",
];

/// Ann, the lead of a council with an editor beside her, who left a trace wherever somebody can.
async fn ann(store: &Store, council: OrganisationId) -> Person {
    let home = Some(council);
    let ann = admitted(store, "ann").await;
    invite(
        store,
        &appointing(council),
        home,
        Role::Lead,
        Some("ann@council.gov.uk"),
        "to-ann",
    )
    .await
    .unwrap();
    accept(store, &ann, Shown::Link("to-ann")).await.unwrap();
    let (una, _) = member(store, "una", None, Role::Admin).await;
    let unit = managing(store, &una, None).await;
    invite(
        store,
        &unit,
        None,
        Role::Admin,
        Some("ann@council.gov.uk"),
        "open",
    )
    .await
    .unwrap();
    let lead = managing(store, &ann, home).await;
    invite(
        store,
        &lead,
        home,
        Role::Editor,
        Some("bob@council.gov.uk"),
        "to-bob",
    )
    .await
    .unwrap();
    let seen = viewer(store, ann.id).await.unwrap();
    token_of(store, &seen, home, Role::Editor, "token").await;
    let own = |action| seen.may(action, About::Organisation(council)).unwrap();
    let facts = ContactFacts {
        name: Some("Ann Surname".to_owned()),
        email: Some("ann@council.gov.uk".to_owned()),
        phone: Some("01903 1".to_owned()),
    };
    store
        .write(async |conn| {
            session::begin(conn, &may(Action::AdmitPerson), now(), ann.id, "session").await?;
            contact::save(
                conn,
                &own(Action::KeepContact),
                now(),
                council,
                None,
                &facts,
            )
            .await?;
            let standard = add_standard(conn, "s").await?;
            let event = adopted(standard, council, Standing::Confirmed);
            adoption::record_all(conn, &own(Action::RecordAdoption), now(), &[event]).await?;
            refusal::keep(conn, now(), &seen.label(), "run a job", "FORBIDDEN").await
        })
        .await
        .unwrap();
    // A run and an answer as they are kept for her, however they came about.
    let (label, id) = (seen.label(), ann.id);
    let insert = format!(
        "INSERT INTO idempotency (actor, idempotency_key, input_hash, answer, created_at)
         VALUES ('{label}', 'key-of-hers', 'h', '{{}}', '2026-01-01 00:00:00')"
    );
    store
        .write(async |conn| {
            let slot = now();
            job_run::request(
                conn,
                &may(Action::RunJob),
                "adoption_snapshot",
                slot,
                slot.date(),
            )
            .await?;
            for statement in [
                insert.as_str(),
                &format!("INSERT INTO subscription (person_id, id, thing_kind, thing_id, created_at) VALUES ('{id}', '{id}', 'ORGANISATION', '{council}', '2026-01-01 00:00:00')"),
                &format!("INSERT INTO digest (person_id, every, told_to, looked_at, version) VALUES ('{id}', 'WEEK', 0, '2026-01-01 00:00:00', 1)"),
                &format!("INSERT INTO unsubscribe_link (secret_hash, person_id, created_at) VALUES ('of-link', '{id}', '2026-01-01 00:00:00')"),
                "INSERT INTO declaration (id, number, title, text, published_on, version) VALUES ('d', 1, 't', 't', '2026-01-01', 1)",
                &format!("INSERT INTO signature (id, declaration_id, organisation_id, signed_on, signed_by, version) VALUES ('g', 'd', '{council}', '2026-01-01', '{label}', 1)"),
                &format!("UPDATE job_run SET requested_by = '{label}'"),
            ] {
                on!(conn, c => diesel::sql_query(statement).execute(c).await)
                    .map_err(Error::internal)?;
            }
            Ok(())
        })
        .await
        .unwrap();
    ann
}

#[tokio::test]
async fn every_table_that_refers_to_a_person_is_in_the_export() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let ann = ann(store, council).await;
        let mut conn = store.read().await.unwrap();
        let export = person::export(&mut conn, ann.id).await.unwrap();
        for (part, rows) in [
            ("memberships", 1),
            ("invitations", 2),
            ("invitationsMade", 1),
            ("sessions", 1),
            ("tokens", 1),
            ("contacts", 1),
            ("adoptionEvents", 1),
            ("jobRuns", 1),
            ("refusals", 1),
            ("requests", 1),
            ("signatures", 1),
            ("subscriptions", 1),
        ] {
            assert_eq!(
                export[part].as_array().unwrap().len(),
                rows,
                "{part}: {export}"
            );
        }
        // Admitted; joined (invitation and membership); invited, issued, wrote a contact and an event.
        assert_eq!(export["changes"].as_array().unwrap().len(), 7, "{export}");
        let text = export.to_string().to_lowercase();
        for personal in PERSONAL {
            assert!(text.contains(personal), "{personal}: {text}");
        }
        for hidden in ["salt", "hash", "bob@council.gov.uk"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        // Wherever the database has her id or address, the export has a part for it.
        let mut seen: Vec<String> = rows_with(store, &[&ann.id.to_string(), PERSONAL[0]])
            .await
            .iter()
            .map(|row| row.split(':').next().unwrap().to_owned())
            .collect();
        seen.sort_unstable();
        seen.dedup();
        let known = [
            "adoption_event",
            "change",
            "contact",
            "digest",
            "idempotency",
            "invitation",
            "job_run",
            "membership",
            "person",
            "refusal",
            "session",
            "signature",
            "subscription",
            "unsubscribe_link",
        ];
        assert_eq!(seen, known);
        // And no other table has a column for a person.
        let mut referring = Vec::new();
        for (table, statement) in tables(&mut conn).await {
            let sqlite = conn.engine() == "sqlite";
            let columns = if sqlite {
                format!("SELECT name AS line FROM pragma_table_info('{table}')")
            } else {
                format!(
                    "SELECT column_name::text AS line FROM information_schema.columns WHERE table_name = '{table}'"
                )
            };
            assert!(!statement.is_empty());
            let names = lines(&mut conn, &columns).await;
            if names
                .iter()
                .any(|name| ["person_id", "email", "actor"].contains(&name.as_str()))
            {
                referring.push(table);
            }
        }
        assert!(
            referring
                .iter()
                .all(|table| known.contains(&table.as_str())),
            "{referring:?}"
        );
    }
}

#[tokio::test]
async fn nothing_personal_is_ever_in_the_record_and_after_an_erasure_nowhere() {
    for test in TestStore::each().await {
        let store = &test.store;
        let council = body(store, "Adur").await;
        let ann = ann(store, council).await;
        let (bob, _) = member(store, "bob", Some(council), Role::Editor).await;
        let before = rows_with(store, &PERSONAL).await;
        let in_record = |row: &&String| row.starts_with("change:");
        assert!(
            before.len() >= 4 && before.iter().filter(in_record).count() == 0,
            "{before:#?}"
        );

        let granted = as_person(ann.id, Action::ErasePerson).because(Some("asked".to_owned()));
        let erase = async || {
            store
                .write(async |conn| person::erase(conn, &granted, now(), ann.id).await)
                .await
        };
        erase().await.unwrap();
        assert_eq!(rows_with(store, &PERSONAL).await, Vec::<String>::new());
        let salt = ann.salt.as_deref().unwrap();
        assert_eq!(rows_with(store, &[salt]).await, Vec::<String>::new());

        // Nobody acts as Ann any more, by whatever way.
        assert_eq!(
            viewer(store, ann.id).await.unwrap_err().code(),
            "UNAUTHENTICATED"
        );
        assert!(token_viewer(store, "token").await.is_err());
        let mut conn = store.read().await.unwrap();
        assert!(session::find(&mut conn, "session", now()).await.is_err());
        // The open invitation to her went with her; that to somebody else stays.
        let dan = admitted(store, "dan").await;
        let taken = accept(store, &dan, Shown::Link("open")).await.unwrap_err();
        assert!(taken.to_string().contains("withdrawn"), "{taken}");
        accept(store, &dan, Shown::Link("to-bob")).await.unwrap();
        // The unit hears that the council has no lead; her colleague stays.
        let told = notice::of(&mut conn, None, 10).await.unwrap();
        assert_eq!(told.len(), 1);
        assert!(
            viewer(store, bob.id)
                .await
                .unwrap()
                .may(Action::KeepContact, About::Organisation(council))
                .is_ok()
        );

        // The record is whole, and names her by her id alone.
        let found = check::run(&mut conn, now().date(), |_| {}).await.unwrap();
        assert_eq!(found.faults, Vec::<String>::new());
        let events = rows_with(store, &[&format!("person:{}", ann.id)]).await;
        assert!(
            events.iter().any(|row| row.starts_with("adoption_event")),
            "{events:#?}"
        );
        let export = person::export(&mut conn, ann.id).await.unwrap();
        assert_eq!(export["person"]["email"], serde_json::Value::Null);
        assert_eq!(export["memberships"][0]["to_on"], now().date().to_string());

        // Again, nothing happens; and whoever signs in with the same account is somebody new.
        let count = crate::sample::changes(store).await;
        erase().await.unwrap();
        assert_eq!(crate::sample::changes(store).await, count);
        assert_ne!(admitted(store, "ann").await.id, ann.id);
    }
}

#[tokio::test]
async fn an_erasure_costs_the_same_statements_however_much_there_is() {
    for test in TestStore::each().await {
        let store = &test.store;
        let mut costs = Vec::new();
        for (name, homes) in [("one", 1), ("many", 12)] {
            let person = admitted(store, name).await;
            for place in 0..homes {
                let council = body(store, &format!("{name} {place}")).await;
                joined(store, &person, Some(council), Role::Lead).await;
                let seen = viewer(store, person.id).await.unwrap();
                token_of(
                    store,
                    &seen,
                    Some(council),
                    Role::Lead,
                    &format!("{name}{place}"),
                )
                .await;
                let lead = managing(store, &person, Some(council)).await;
                let email = format!("{name}@council.gov.uk");
                let hash = format!("i{name}{place}");
                invite(store, &lead, Some(council), Role::Lead, Some(&email), &hash)
                    .await
                    .unwrap();
            }
            let granted = Viewer::Operator
                .may(Action::ErasePerson, About::Person(person.id))
                .unwrap();
            let before = store.statements().count();
            store
                .write(async |conn| person::erase(conn, &granted, now(), person.id).await)
                .await
                .unwrap();
            costs.push(store.statements().count() - before);
            let mut conn = store.read().await.unwrap();
            let all = membership::of_person(&mut conn, person.id).await.unwrap();
            assert!(all.len() == homes && all.iter().all(|one| !one.holds(now().date())));
        }
        assert_eq!(costs[0], costs[1]);
    }
}

#[tokio::test]
async fn a_grant_to_erase_one_person_erases_no_other() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ann, bob) = (admitted(store, "ann").await, admitted(store, "bob").await);
        let granted = as_person(ann.id, Action::ErasePerson);
        let refused = store
            .write(async |conn| person::erase(conn, &granted, now(), bob.id).await)
            .await;
        assert_eq!(refused.unwrap_err().code(), "INTERNAL");
        assert!(viewer(store, bob.id).await.is_ok());
    }
}
