//! What a figure of one date means, by hand-worked cases.
use crate::adoption::{Count, Figure, Standing, figure, reasons, standings};
use crate::history::{Body, Provision, State, Status};
use crate::testing::{applied, body, day, event, history, member, provision, sized};
use std::collections::BTreeMap;

fn count(organisations: u32, population: i64) -> Count {
    Count {
        organisations,
        population,
    }
}

#[test]
fn the_rate_leaves_the_exempt_out_and_the_coverage_is_by_known_population() {
    // Of six bodies one is not eligible; 2 of the 5 − 1 others adopted: 1/2. By population, of
    // 100 + 0 + 300 + 50 without the exempt 50 there is 100 adopted: 1/4.
    let bodies = sized([Some(100), None, Some(300), Some(50), None, Some(999)]);
    let events = [
        event(1, 0, State::Adopted, "2020-01-01"),
        event(2, 1, State::Adopted, "2020-01-01"),
        event(3, 2, State::Declined, "2020-01-01"),
        event(4, 3, State::Exempt, "2020-01-01"),
        event(5, 5, State::Adopted, "2020-01-01"),
    ];
    let history = history(&bodies, &applied(&bodies[..5]), &events);
    let figure = figure(&history, day("2020-06-01"), None);

    assert_eq!((figure.eligible(), figure.population()), (5, 450));
    assert_eq!(figure.count(State::Adopted), count(2, 100));
    assert_eq!(figure.count(State::Declined), count(1, 300));
    assert_eq!(figure.count(State::Exempt), count(1, 50));
    assert_eq!(figure.count(State::Unknown), count(1, 0));
    assert_eq!(figure.count(State::Lapsed), count(0, 0));
    assert_eq!(
        (figure.adopted(), figure.exempt(), figure.unknown()),
        (2, 1, 1)
    );
    assert_eq!(figure.rate(), Some(0.5));
    assert_eq!(figure.coverage(), Some(0.25));
}

#[test]
fn without_a_denominator_there_is_no_rate() {
    let none = Figure::default();
    assert_eq!((none.rate(), none.coverage()), (None, None));

    let bodies = sized([Some(100)]);
    let exempt = event(1, 0, State::Exempt, "2020-01-01");
    let all_exempt = history(&bodies, &applied(&bodies), &[exempt]);
    let all_exempt = figure(&all_exempt, day("2020-06-01"), None);
    assert_eq!(all_exempt.eligible(), 1);
    assert_eq!((all_exempt.rate(), all_exempt.coverage()), (None, None));

    let bodies = sized([None]);
    let unsized_ = history(&bodies, &applied(&bodies), &[]);
    let unsized_ = figure(&unsized_, day("2020-06-01"), None);
    assert_eq!((unsized_.rate(), unsized_.coverage()), (Some(0.0), None));
}

#[test]
fn a_closed_body_is_not_counted_though_it_had_adopted() {
    let bodies = [body("", "2020-04-01"), body("2020-04-01", "")];
    let adopted = event(1, 0, State::Adopted, "2020-01-01");
    let history = history(&bodies, &applied(&bodies), &[adopted]);
    let before = figure(&history, day("2020-03-31"), None);
    let after = figure(&history, day("2020-04-01"), None);
    assert_eq!((before.eligible(), before.rate()), (1, Some(1.0)));
    assert_eq!((after.eligible(), after.rate()), (1, Some(0.0)));
    assert_eq!(after.unknown(), 1);
}

#[test]
fn a_group_has_the_members_of_the_day_each_counted_once() {
    let bodies = sized([Some(1), Some(10), Some(100)]);
    let history = history(&bodies, &applied(&bodies), &[]);
    let members = [
        member(2, "", ""),
        member(2, "2020-01-01", "2020-12-01"),
        member(0, "2020-02-01", "2020-03-01"),
        member(0, "2020-05-01", ""),
        member(9, "", ""),
    ];
    let population = |on| figure(&history, day(on), Some(&members)).population();
    let days = ["2020-01-31", "2020-02-01", "2020-03-01", "2020-05-01"];
    assert_eq!(days.map(population), [100, 101, 100, 101]);
    assert_eq!(
        figure(&history, day("2020-02-01"), Some(&[])),
        Figure::default()
    );
}

#[test]
fn standings_are_the_eligible_bodies_in_order_of_index() {
    let bodies = [Body::default(); 3];
    let adopted = event(7, 2, State::Adopted, "2020-01-01");
    let provisions = [provision(2, "", ""), provision(0, "", "")];
    let history = history(&bodies, &provisions, &[adopted]);
    let unknown = Standing {
        body: 0,
        status: Status::UNKNOWN,
    };
    let adopted = Standing {
        body: 2,
        status: Status {
            state: State::Adopted,
            since: Some(day("2020-01-01")),
            event: Some(7),
        },
    };
    let on = day("2020-06-01");
    assert_eq!(standings(&history, on, None), [unknown, adopted]);
    let members = [member(2, "", ""), member(1, "", ""), member(2, "", "")];
    assert_eq!(standings(&history, on, Some(&members)), [adopted]);
}

#[test]
fn each_eligible_body_has_one_reason_the_strongest() {
    let reason = |body, reason, from| Provision {
        reason,
        ..provision(body, from, "")
    };
    let exclusion = Provision {
        excluded: true,
        ..provision(3, "", "")
    };
    let provisions = [
        reason(0, 2, ""),
        reason(0, 0, "2020-06-01"),
        reason(1, 2, ""),
        reason(2, 4, ""),
        reason(3, 0, ""),
        exclusion,
    ];
    let history = history(&[Body::default(); 5], &provisions, &[]);
    let before = reasons(&history, day("2020-05-31"));
    assert_eq!(before, BTreeMap::from([(2, 2), (4, 1)]));
    let after = reasons(&history, day("2020-06-01"));
    assert_eq!(after, BTreeMap::from([(0, 1), (2, 1), (4, 1)]));
}
