//! Awards on each engine: what becomes of a row, that a second import changes nothing, and the real register of grants.

use crate::testing::{counts, options, reasons, sector};
use crate::{Kind, Report, Silent, run};
use domain::participation::ParticipationRole::{Funder, Lead, Partner};
use domain::participation::{ParticipationRole, ParticipationState};
use domain::policy::Viewer;
use domain::project::Phase;
use std::path::{Path, PathBuf};
use store::page::Page;
use store::project::{Filter, Order, Project};
use store::testing::TestStore;
use store::{Conn, Store, contribution, participation, project};

const FUNDS: &str = "\
start-date,project,reference,fund,name,documentation-url,organisation
2020-01-01,p,kit-beta,kit-beta,Planning Kit Beta,https://example.org/kit,ZCA
2020-01-01,p,kit,kit,Planning Kit,,
";

const AWARDS: &str = "\
award,start-date,fund,intervention,amount,organisation,organisations,documentation-url,notes
1,2021-03-01,kit-beta,software,80000,local-authority:CCC,local-authority:DDD;local-authority:CCC,,
2,2021-04-01,kit,plan-making,500,local-authority:DDD,local-authority:XXX;local-authority:AAA,,Words.
3,2021-04-01,kit,,500,company:12345,,,
4,2021-04-01,other,,x,local-authority:DDD,,,
5,2021-04-01,other,,,local-authority:DDD,,,
5,2021-04-01,other,,,local-authority:DDD,,,
";

/// Writes texts to files of their own in a folder of this test and imports them.
async fn awards(store: &Store, texts: &[(&str, &str)]) -> Report {
    let folder = std::env::temp_dir().join(format!("manyhands-awards-{}", uuid_of(store)));
    std::fs::create_dir_all(&folder).unwrap();
    let mut files: Vec<PathBuf> = Vec::new();
    for (name, text) in texts {
        files.push(folder.join(name));
        std::fs::write(folder.join(name), text).unwrap();
    }
    let operator = Viewer::Operator;
    let report = run(store, &operator, Kind::Awards, &files, &options(), &Silent).await;
    std::fs::remove_dir_all(&folder).unwrap();
    report.unwrap()
}

fn uuid_of(store: &Store) -> String {
    store.url().to_string().replace(['/', ':', '@', '.'], "_")
}

async fn all(store: &Store) -> Vec<Project> {
    let mut page = Page::first(100);
    let mut found = Vec::new();
    loop {
        let mut conn: Conn = store.read().await.unwrap();
        let rows = project::page(&mut conn, &Filter::default(), Order::Newest, &page).await;
        let rows = rows.unwrap();
        page.after = rows.rows.last().map(|row| store::page::Cursor {
            key: String::new(),
            id: row.id.to_string(),
        });
        found.extend(rows.rows);
        if !rows.more {
            return found;
        }
    }
}

#[tokio::test]
async fn an_award_becomes_a_project_whose_lead_and_partners_are_invited_and_nobody_takes_part() {
    for test in TestStore::each().await {
        let store = &test.store;
        sector(store).await;
        let texts = [("fund.csv", FUNDS), ("award.csv", AWARDS)];
        let report = awards(store, &texts).await;
        assert_eq!(counts(&report), [6, 3, 0, 0, 3]);
        assert_eq!(
            reasons(&report),
            [
                ("bad `amount`", 1),
                ("closed body", 1),
                ("duplicate row", 1),
                ("unknown body", 1),
                ("unknown fund", 1),
                ("unknown partner", 1),
            ]
        );
        let again = awards(store, &texts).await;
        assert_eq!(counts(&again), [6, 0, 0, 3, 3]);

        let mut rows = all(store).await;
        rows.sort_by(|a, b| a.source_key().cmp(&b.source_key()));
        let first = &rows[0];
        assert_eq!(first.title, "Planning Kit Beta: Cedar Council");
        assert_eq!(
            (first.phase, first.lead_id, first.participants),
            (Phase::Beta, None, 0)
        );
        assert_eq!(
            first.summary,
            "software: an award of Planning Kit Beta to Cedar Council."
        );
        assert_eq!(first.url.as_deref(), Some("https://example.org/kit"));
        assert_eq!(
            (rows[1].phase, rows[1].summary.as_str()),
            (Phase::Discovery, "Words.")
        );
        let mut conn = store.read().await.unwrap();
        let parts = participation::of(&mut conn, &[first.id]).await.unwrap();
        let roles: Vec<ParticipationRole> = parts.iter().map(|row| row.role).collect();
        assert_eq!(roles, [Lead, Partner, Funder]);
        for part in &parts {
            assert_eq!(part.state, ParticipationState::Invited);
            let told = part.message.as_deref();
            assert_eq!(
                told,
                Some("Named in award 1 of Planning Kit Beta, 2021-03-01.")
            );
        }
        let money = contribution::of(&mut conn, &[first.id, rows[1].id])
            .await
            .unwrap();
        let pence: Vec<i64> = money.iter().map(|row| row.pledged).collect();
        assert!(
            pence.contains(&8_000_000) && pence.contains(&50_000),
            "{pence:?}"
        );
        assert_eq!(
            money
                .iter()
                .filter(|row| row.organisation_id.is_some())
                .count(),
            1
        );
    }
}

/// The folder of shared data; `None`, and a loud line, where it is not beside the workspace.
#[allow(clippy::print_stderr, reason = "a test that cannot run must say so")]
fn data() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    if shared.exists() {
        return Some(shared.join("data"));
    }
    eprintln!("SKIPPED: there is no folder `shared` beside the workspace to take real data from.");
    None
}

#[tokio::test]
async fn the_real_register_of_grants_becomes_projects_once() {
    let Some(data) = data() else { return };
    for test in TestStore::each().await {
        let store = &test.store;
        let import = async |kind: Kind, files: &[&str]| {
            let files: Vec<PathBuf> = files.iter().map(|path| data.join(path)).collect();
            run(store, &Viewer::Operator, kind, &files, &options(), &Silent)
                .await
                .unwrap()
        };
        import(Kind::Register, &["register/local-authorities.csv"]).await;
        // Codes that differ between the register and planning data.
        let aliases = crate::real_tests::ALIASES;
        crate::testing::attempt(store, Kind::Aliases, aliases, &options())
            .await
            .unwrap();
        let files = ["projects/fund.csv", "projects/award.csv"];
        let report = import(Kind::Awards, &files).await;
        // Companies and national parks are not in the register of councils.
        assert_eq!(counts(&report), [573, 541, 0, 0, 32]);
        assert_eq!(reasons(&report), [("closed body", 3), ("unknown body", 32)]);
        assert_eq!(
            counts(&import(Kind::Awards, &files).await),
            [573, 0, 0, 541, 32]
        );

        let rows = all(store).await;
        assert_eq!(rows.len(), 541);
        assert!(
            rows.iter()
                .all(|row| row.lead_id.is_none() && row.participants == 0)
        );
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut conn = store.read().await.unwrap();
        let parts = participation::of(&mut conn, &ids).await.unwrap();
        assert_eq!(parts.len(), 668);
        assert!(
            parts
                .iter()
                .all(|row| row.state == ParticipationState::Invited)
        );
        let several = ids
            .iter()
            .filter(|id| parts.iter().filter(|part| part.project_id == **id).count() > 1);
        assert_eq!(several.count(), 58);
        let money = contribution::of(&mut conn, &ids).await.unwrap();
        let pence: i64 = money.iter().map(|row| row.pledged).sum();
        assert_eq!(pence, 8_490_722_900);
    }
}
