//! What must hold of problems: their moves, revisions and lists.

use crate::problem::{self, Filter, Order, Problem};
use crate::problem_sample::{
    backed, faults, moved, own, project, raised, read, seen, text, writing,
};
use crate::sample::{changes, council};
use crate::sample_people::body;
use crate::testing::TestStore;
use crate::{Conn, backing, now, organisation, revision};
use domain::backing::Willingness;
use domain::id::ProblemId;
use domain::policy::Action;
use domain::problem::{NewText, ProblemState};

#[tokio::test]
async fn backings_and_projects_move_a_problem_and_people_decide_the_rest() {
    use ProblemState::{BeingSolved, Gathering, Parked, Proposed, Solved};
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, elm) = (body(store, "Ash").await, body(store, "Elm").await);
        let row = raised(store, ash, "Nobody knows who is homeless").await;
        assert_eq!(row.slug, "nobody-knows-who-is-homeless");
        assert_eq!(row.state, Proposed);
        // Its own backing gathers nobody.
        backed(store, row.id, ash, Willingness::Join).await.unwrap();
        assert_eq!(read(store, row.id).await.state, Proposed);
        let one = backed(store, row.id, elm, Willingness::Follow)
            .await
            .unwrap();
        let gathering = read(store, row.id).await;
        assert_eq!((gathering.state, gathering.backers), (Gathering, 2));
        let granted = own(ash, Action::MoveProblem);
        let early = moved(store, &granted, &gathering, Solved)
            .await
            .unwrap_err();
        assert_eq!(early.code(), "CONFLICT");

        project(store, &granted, &[row.id], "ALPHA", true).await;
        let solving = read(store, row.id).await;
        assert_eq!((solving.state, solving.projects), (BeingSolved, 1));
        project(store, &granted, &[row.id], "STOPPED", false).await;
        assert_eq!(read(store, row.id).await.state, Gathering);
        project(store, &granted, &[row.id], "BETA", false).await;

        let solving = read(store, row.id).await;
        let solved = moved(store, &granted, &solving, Solved).await.unwrap();
        // What was decided stays, whatever the facts.
        project(store, &granted, &[row.id], "RETIRED", false).await;
        assert_eq!(read(store, row.id).await.state, Solved);
        let stale = moved(store, &granted, &solving, Parked).await.unwrap_err();
        assert_eq!(stale.code(), "CONFLICT");
        let again = moved(store, &granted, &solved, Gathering).await.unwrap();
        let parked = moved(store, &granted, &again, Parked).await.unwrap();
        assert_eq!(parked.parked_reason.as_deref(), Some("Because."));

        let granted = own(elm, Action::BackProblem);
        store
            .write(async |conn| {
                backing::withdraw(conn, &granted, now(), (row.id, one.id), one.version).await
            })
            .await
            .unwrap();
        let last = read(store, row.id).await;
        assert_eq!((last.state, last.backers), (Parked, 1));
        assert_eq!(faults(store).await, [""; 0]);
    }
}

#[tokio::test]
async fn every_text_is_kept_and_can_be_brought_back() {
    for test in TestStore::each().await {
        let store = &test.store;
        let (ash, elm) = (body(store, "Ash").await, body(store, "Elm").await);
        let first = raised(store, ash, "Land charges take weeks").await;
        let same_title = raised(store, elm, "Land charges take weeks").await;
        assert_eq!(same_title.slug, "land-charges-take-weeks-2");
        let granted = writing(elm);
        let write = |text: NewText| NewText {
            why: "It holds up sales.".to_owned(),
            tags: vec!["land".to_owned(), "Searches".to_owned()],
            ..text
        };
        let revise = async |row: &Problem| {
            let change = seen(row);
            store
                .write(async |conn| revision::revise(conn, &granted, now(), change, write).await)
                .await
        };
        let second = revise(&first).await.unwrap();
        assert_eq!((second.revision, second.version), (2, 2));
        assert_eq!(second.tags().collect::<Vec<_>>(), ["land", "searches"]);
        assert_eq!(revise(&first).await.unwrap_err().code(), "CONFLICT");
        // The same again is no revision.
        let before = changes(store).await;
        assert_eq!(revise(&second).await.unwrap(), second);
        assert_eq!(changes(store).await, before);
        let third = store
            .write(async |conn| revision::restore(conn, &granted, now(), seen(&second), 1).await)
            .await
            .unwrap();
        assert_eq!(third.text(), first.text());
        let mut conn = store.read().await.unwrap();
        let all = revision::of_problems(&mut conn, &[first.id]).await.unwrap();
        let told: Vec<_> = all.iter().map(|one| (one.number, one.restores)).collect();
        assert_eq!(told, [(3, Some(1)), (2, None), (1, None)]);
        assert_eq!(all[1].text(), second.text());
        let missing = store
            .write(async |conn| revision::restore(conn, &granted, now(), seen(&third), 9).await)
            .await;
        assert_eq!(missing.unwrap_err().code(), "NOT_FOUND");
        assert_eq!(faults(store).await, [""; 0]);
    }
}

#[tokio::test]
async fn bodies_that_are_closed_neither_raise_nor_back() {
    for test in TestStore::each().await {
        let store = &test.store;
        let open = body(store, "Ash").await;
        let row = raised(store, open, "Bins").await;
        let facts = organisation::Facts {
            closed_on: Some(now().date()),
            ..council("Elm", None)
        };
        let closed = store
            .write(async |conn| Ok(crate::sample::add(conn, &facts).await?.id))
            .await
            .unwrap();
        let backing = backed(store, row.id, closed, Willingness::Fund).await;
        assert!(backing.unwrap_err().to_string().contains("is closed"));
        let granted = own(closed, Action::RaiseProblem);
        let raising = store
            .write(async |conn| {
                revision::raise(conn, &granted, now(), Some(closed), &text("Bins")).await
            })
            .await;
        assert_eq!(raising.unwrap_err().code(), "CONFLICT");
    }
}

#[tokio::test]
async fn lists_go_through_every_problem_once_in_each_order() {
    for test in TestStore::each().await {
        let store = &test.store;
        let bodies = [
            body(store, "A").await,
            body(store, "B").await,
            body(store, "C").await,
        ];
        let mut all = Vec::new();
        for n in 0..7 {
            let row = raised(store, bodies[n % 3], &format!("Problem {}", (n * 3) % 7)).await;
            for body in bodies.iter().take(n % 3) {
                backed(store, row.id, *body, Willingness::Test)
                    .await
                    .unwrap();
            }
            all.push(row.id);
        }
        let mut conn = store.read().await.unwrap();
        for order in [Order::Title, Order::Backers, Order::Newest, Order::Updated] {
            let whole = walk(&mut conn, order, 100).await;
            assert_eq!(whole.len(), 7, "{order:?}");
            assert_eq!(walk(&mut conn, order, 2).await, whole, "{order:?}");
        }
        let newest: Vec<ProblemId> = all.iter().rev().copied().collect();
        assert_eq!(walk(&mut conn, Order::Newest, 3).await, newest);
        let count =
            async |conn: &mut Conn, filter: Filter| problem::count(conn, &filter).await.unwrap();
        let raised_by = Filter {
            organisation: Some(bodies[0]),
            ..Filter::default()
        };
        assert_eq!(count(&mut conn, raised_by).await, 3);
        let backed_by = Filter {
            backed_by: Some(bodies[1]),
            ..Filter::default()
        };
        assert_eq!(count(&mut conn, backed_by).await, 2);
        let text = Filter {
            text: Some("problem 3".to_owned()),
            ..Filter::default()
        };
        assert_eq!(count(&mut conn, text).await, 1);
        let states = Some(vec![ProblemState::Gathering]);
        assert_eq!(
            count(
                &mut conn,
                Filter {
                    states,
                    ..Filter::default()
                }
            )
            .await,
            4
        );
        for (orphan, wanted) in [(true, 0), (false, 7)] {
            let filter = Filter {
                orphan: Some(orphan),
                ..Filter::default()
            };
            assert_eq!(count(&mut conn, filter).await, wanted);
        }
    }
}

async fn walk(conn: &mut Conn, order: Order, limit: u32) -> Vec<ProblemId> {
    let mut page = crate::page::Page::first(limit);
    let mut seen = Vec::new();
    loop {
        let rows = problem::page(conn, &Filter::default(), order, &page)
            .await
            .unwrap();
        let last = rows.rows.last().map(|row| order.place(row));
        page.after = last.map(|(key, id)| crate::page::Cursor { key, id });
        seen.extend(rows.rows.iter().map(|row| row.id));
        if !rows.more {
            return seen;
        }
    }
}
