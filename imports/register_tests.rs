//! What must hold of bodies, successions, aliases and groups from files.

use crate::testing::{
    BODIES, attempt, body, changes, counts, day, import, options, reasons, sector,
};
use crate::{Kind, Options};
use domain::group::GroupKind;
use domain::id::OrganisationId;
use domain::organisation::{Nation, OrganisationKind, Tier};
use store::testing::TestStore;
use store::{Store, code, group, succession};

const HEADER: &str = "local-authority-code,official-name,gss-code,start-date,end-date,replaced-by,nation,region,\
                      local-authority-type,combined-authority,pop-2020,former-gss-codes\n";

/// A chain (OLD → MID → NEW), a split (MID also becomes TWO), a merge, and a body that ends without a successor.
const REGISTER: &str = "\
OLD,Old  Borough  Council,E07000001,,2019-03-31,MID,England,South West,NMD,,100.0,
OTH,Other Council,E07000002,,2019-04-01,MID,England,South West,NMD,,50.0,
MID,Middle Council,E07000003,2019-04-01,2023-03-31,\"NEW,TWO\",England,South West,NMD,,,
NEW,New Council,E06000004,2023-04-01,,,England,South West,UA,COM,170.0,\"E06000104,E07000002\"
TWO,New Council,E06000005,2023-04-01,,,England,South West,UA,XXX,80.0,
NIR-A,Ards,,,2015-03-31,,Northern Ireland,Northern Ireland,NID,,,
COM,Combined Authority,E47000001,2020-01-01,,,England,,COMB,,,
";

fn register() -> String {
    format!("{HEADER}{REGISTER}")
}

/// The slugs of the groups of one kind that a body is in, each with its first day.
async fn groups(store: &Store, body: OrganisationId, kind: GroupKind) -> Vec<(String, String)> {
    let mut conn = store.read().await.unwrap();
    let all = group::all(&mut conn).await.unwrap();
    let members = group::of(&mut conn, &[body]).await.unwrap();
    let named = members.iter().filter_map(|member| {
        let group = all
            .iter()
            .find(|group| group.id == member.group_id && group.kind == kind)?;
        Some((
            group.slug.clone(),
            member
                .from_on
                .map_or_else(String::new, |day| day.to_string()),
        ))
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

#[tokio::test]
async fn a_register_gives_bodies_their_lives_codes_and_groups() {
    for test in TestStore::each().await {
        let store = &test.store;
        let report = import(store, Kind::Register, &register()).await;
        assert_eq!((counts(&report), report.noted), ([7, 7, 0, 0, 0], 1));
        assert_eq!(
            reasons(&report),
            [(
                "end date taken as the first day after; no successor to compare",
                1
            )]
        );

        let old = body(store, "OLD").await;
        assert_eq!(
            (old.name.as_str(), old.slug.as_str()),
            ("Old Borough Council", "old-borough-council")
        );
        assert_eq!(
            (old.tier, old.nation, old.population()),
            (Some(Tier::District), Some(Nation::England), Some(100))
        );
        // One end is written inclusive, the other exclusive: both meet the successor.
        assert_eq!(old.closed_on, Some(day("2019-04-01")));
        assert_eq!(body(store, "OTH").await.closed_on, Some(day("2019-04-01")));
        let middle = body(store, "MID").await;
        assert_eq!(
            (middle.opened_on, middle.closed_on),
            (Some(day("2019-04-01")), Some(day("2023-04-01")))
        );
        assert_eq!(middle.population(), None);
        let ards = body(store, "register:NIR-A").await;
        assert_eq!(
            (ards.closed_on, ards.region),
            (Some(day("2015-03-31")), None)
        );
        assert_eq!(
            body(store, "COM").await.kind,
            OrganisationKind::CombinedAuthority
        );

        let (new, two) = (body(store, "gss:E06000104").await, body(store, "TWO").await);
        assert_eq!(
            new.id,
            body(store, "NEW").await.id,
            "a former code is an alias"
        );
        assert_eq!(
            body(store, "E07000002").await.slug,
            "other-council",
            "a code in use is no alias"
        );
        assert_eq!(
            (new.slug.as_str(), two.slug.as_str()),
            ("new-council", "new-council-two")
        );
        let kind = GroupKind::CombinedAuthority;
        assert_eq!(
            groups(store, new.id, kind).await,
            [("combined-authority-com".into(), "2020-01-01".into())]
        );
        assert_eq!(
            groups(store, two.id, kind).await,
            [("combined-authority-xxx".into(), String::new())]
        );
        assert_eq!(
            groups(store, two.id, GroupKind::Region).await,
            [("region-south-west".into(), String::new())]
        );

        let before = changes(store).await;
        assert_eq!(
            counts(&import(store, Kind::Register, &register()).await),
            [7, 0, 0, 7, 0]
        );
        assert_eq!(changes(store).await, before);
        let renamed = register().replace("Ards", "Ards Borough");
        assert_eq!(
            counts(&import(store, Kind::Register, &renamed).await),
            [7, 0, 1, 6, 0]
        );
        assert_eq!(body(store, "NIR-A").await.slug, "ards", "an address stays");
    }
}

#[tokio::test]
async fn faulty_rows_of_a_register_are_left_out_with_the_reason() {
    let rows = [
        ("AAA,A,E1,,,,England,,NMD,,x,", "bad `pop-2020`"),
        ("AAA,A,E1,,,,England,,NMD,,10.5,", "bad `pop-2020`"),
        ("AAA,A,E1,01/04/2019,,,England,,NMD,,,", "bad `start-date`"),
        (
            "AAA,A,E1,2020-01-01,2019-01-01,,England,,NMD,,,",
            "bad `to`",
        ),
        ("AAA,A,E1,,,,Narnia,,NMD,,,", "bad `nation`"),
        (
            "AAA,A,E1,,,,England,,PARISH,,,",
            "unknown `local-authority-type`",
        ),
        (",A,E1,,,,England,,NMD,,,", "blank `local-authority-code`"),
        ("AAA, ,E1,,,,England,,NMD,,,", "blank `official-name`"),
        ("BBB,B again,E2,,,,England,,NMD,,,", "duplicate row"),
        ("CCC,C,E0,,,,England,,NMD,,,", "duplicate row"),
    ];
    for test in TestStore::each().await {
        for (row, class) in rows {
            let text = format!("{HEADER}BBB,B,E0,,,,England,,NMD,,,\n{row}\n");
            let report = attempt(
                &test.store,
                Kind::Register,
                &text,
                &Options {
                    dry_run: true,
                    ..options()
                },
            )
            .await;
            let report = report.unwrap();
            assert_eq!(
                (counts(&report), reasons(&report)),
                ([2, 1, 0, 0, 1], vec![(class, 1)]),
                "{row}"
            );
            assert_eq!(report.examples[0].row, 3);
        }
    }
}

#[tokio::test]
async fn a_row_whose_codes_name_two_bodies_is_left_out() {
    for test in TestStore::each().await {
        sector(&test.store).await;
        let text = BODIES.replace("AAA,E07000001", "AAA,E07000002");
        let report = import(&test.store, Kind::Organisations, &text).await;
        assert_eq!(
            (counts(&report), reasons(&report)),
            ([6, 0, 0, 5, 1], vec![("codes of two bodies", 1)])
        );
        // Known by its GSS code alone, a body of another register is the same body.
        let text = format!(
            "{HEADER}ASH,Ash Council,E07000001,,2019-03-31,CCC,England,South West,NMD,,,\n"
        );
        assert_eq!(
            counts(&import(&test.store, Kind::Register, &text).await),
            [1, 0, 1, 0, 0]
        );
        assert_eq!(
            body(&test.store, "ASH").await.id,
            body(&test.store, "AAA").await.id
        );
    }
}

#[tokio::test]
async fn successions_make_lives_meet_in_whatever_order_they_come() {
    let rows = [
        "AAA,CCC,2019-04-01",
        "E07000002,register:CCC,2019-04-01",
        "CCC,EEE,2023-04-01",
        "CCC,DDD,2023-04-01",
    ];
    let text = |rows: &[&str]| format!("predecessor,successor,on\n{}\n", rows.join("\n"));
    let mut backwards = rows;
    backwards.reverse();
    for order in [rows, backwards] {
        for test in TestStore::each().await {
            let store = &test.store;
            sector(store).await;
            assert_eq!(
                counts(&import(store, Kind::Successions, &text(&order)).await),
                [4, 4, 0, 0, 0]
            );
            assert_eq!(body(store, "CCC").await.closed_on, Some(day("2023-04-01")));
            assert_eq!(
                body(store, "EEE").await.opened_on,
                Some(day("2023-04-01")),
                "a blank opening is filled in"
            );
            let before = changes(store).await;
            assert_eq!(
                counts(&import(store, Kind::Successions, &text(&order)).await),
                [4, 0, 0, 4, 0]
            );
            // Their days stay, although the table of bodies leaves them blank.
            assert_eq!(
                counts(&import(store, Kind::Organisations, BODIES).await),
                [6, 0, 0, 6, 0]
            );
            assert_eq!(changes(store).await, before);
            let mut conn = store.read().await.unwrap();
            assert_eq!(succession::all(&mut conn).await.unwrap().len(), 4);
        }
    }
}

#[tokio::test]
async fn successions_that_cannot_be_are_left_out() {
    let rows = [
        ("AAA,AAA,2019-04-01", "a body cannot follow itself"),
        ("AAA,E07000001,2019-04-01", "a body cannot follow itself"),
        ("AAA,CCC,2018-04-01", "contradicts the lives of the bodies"),
        ("AAA,EEE,2021-04-01", "contradicts the lives of the bodies"),
        ("DDD,CCC,2018-04-01", "contradicts the lives of the bodies"),
        ("AAA,CCC,", "blank `on`"),
        ("AAA,CCC,2019", "bad `on`"),
        ("AAA,QQQ,2019-04-01", "unknown body"),
        ("BBB,CCC,2019-04-01", "duplicate row"),
        ("BBB,EEE,2019-04-02", "contradicts the lives of the bodies"),
    ];
    for test in TestStore::each().await {
        sector(&test.store).await;
        for (row, class) in rows {
            let text = format!("predecessor,successor,on\nBBB,CCC,2019-04-01\n{row}\n");
            let dry = Options {
                dry_run: true,
                ..options()
            };
            let report = attempt(&test.store, Kind::Successions, &text, &dry)
                .await
                .unwrap();
            assert_eq!(
                (counts(&report), reasons(&report)),
                ([2, 1, 0, 0, 1], vec![(class, 1)]),
                "{row}"
            );
        }
    }
}

#[tokio::test]
async fn aliases_name_bodies_by_the_codes_of_others() {
    for test in TestStore::each().await {
        sector(&test.store).await;
        let text = "scheme,code,organisation_code\nPlanning,CED,CCC\nplanning,ELM,gss:E07000005\n";
        assert_eq!(
            counts(&import(&test.store, Kind::Aliases, text).await),
            [2, 2, 0, 0, 0]
        );
        assert_eq!(
            counts(&import(&test.store, Kind::Aliases, text).await),
            [2, 0, 0, 2, 0]
        );
        assert_eq!(
            body(&test.store, "planning:CED").await.slug,
            "cedar-council"
        );
        let faults = "scheme,code,organisation_code\nplanning,CED,EEE\nplanning,X,QQQ\n,X,CCC\nplanning,a b,CCC\n\
                      planning,Y,CCC\nPLANNING,Y,CCC\n";
        let report = import(&test.store, Kind::Aliases, faults).await;
        assert_eq!(counts(&report), [6, 1, 0, 0, 5]);
        assert!(
            report.examples[0]
                .reason
                .contains("already names Cedar Council"),
            "{report:?}"
        );
        let classes = [
            "bad `code`",
            "blank `scheme`",
            "code of another body",
            "duplicate row",
            "unknown body",
        ];
        assert_eq!(reasons(&report), classes.map(|class| (class, 1)));
        let mut conn = test.store.read().await.unwrap();
        let codes = code::of(&mut conn, &[body(&test.store, "CCC").await.id])
            .await
            .unwrap();
        assert_eq!(codes.iter().filter(|code| code.alias).count(), 2);
    }
}

#[tokio::test]
async fn a_family_holds_just_the_time_its_file_gives_a_body_and_leaves_other_families_alone() {
    const FAMILIES: &str = "group,name,organisation,from,to\n\
                            coast,Coastal councils,CCC,2020-01-01,2021-01-01\ncoast,Coastal councils,CCC,2022-01-01,\n\
                            coast,Coastal councils,EEE,,\nhills,Hill councils,CCC,2020-06-01,\n";
    for test in TestStore::each().await {
        let store = &test.store;
        sector(store).await;
        assert_eq!(
            counts(&import(store, Kind::Groups, FAMILIES).await),
            [4, 4, 0, 0, 0]
        );
        assert_eq!(
            counts(&import(store, Kind::Groups, FAMILIES).await),
            [4, 0, 0, 4, 0]
        );
        let cedar = body(store, "CCC").await.id;
        let shorter = "group,name,organisation,from,to\ncoast,Coastal councils,CCC,2022-01-01,\n";
        assert_eq!(
            counts(&import(store, Kind::Groups, shorter).await),
            [1, 0, 1, 0, 0]
        );
        let both = [
            ("coast".into(), "2022-01-01".into()),
            ("hills".into(), "2020-06-01".into()),
        ];
        assert_eq!(groups(store, cedar, GroupKind::Family).await, both);
        let faults = "group,name,organisation,from,to\nregion-south-west,South West,CCC,,\ncoast,Coast,CCC,,\n\
                      coast,Shore,EEE,,\ncoast,Coast,DDD,,\ncoast,Coast,CCC,2030-01-01,\nA B,Coast,CCC,,\n\
                      coast,Coast,EEE,2021-01-01,2020-01-01\n";
        let report = import(store, Kind::Groups, faults).await;
        let classes = [
            "`name` differs within one group",
            "a group that follows by itself",
            "bad `group`",
            "bad `to`",
            "duplicate row",
        ];
        assert_eq!(
            reasons(&report),
            classes.map(|class| (class, 1)),
            "{report:#?}"
        );
    }
}
