//! What one body does with one standard: it thinks, promises, tries, follows, renews, lapses, declines or is exempt.

use crate::SOURCE;
use crate::history::{Recorded, note};
use crate::random::Random;
use analytics::history::History;
use chrono::{Days, Months, NaiveDate};
use domain::adoption::{AdoptionState, EvidenceGrade, Standing};
use store::adoption::NewEvent;
use store::figure::Sector;
use store::organisation::Organisation;
use store::standard::Standard;

/// One standard's course through the decade.
pub(crate) struct Course<'a> {
    pub(crate) standard: &'a Standard,
    /// Nothing takes effect after this day.
    pub(crate) until: NaiveDate,
}

impl Course<'_> {
    fn event(
        &self,
        body: &Organisation,
        state: AdoptionState,
        on: NaiveDate,
        grade: EvidenceGrade,
    ) -> NewEvent {
        let link = format!("https://example.org/{}/{}", body.slug, self.standard.slug);
        NewEvent {
            standard: self.standard.id,
            organisation: body.id,
            state,
            effective_on: on,
            expires_on: None,
            grade,
            standing: Standing::Confirmed,
            evidence_url: (grade >= EvidenceGrade::Document).then_some(link),
            checked_on: (grade == EvidenceGrade::AutomaticCheck).then_some(on),
            source: SOURCE.to_owned(),
            note: None,
            version_label: None,
            corrects: None,
            source_key: None,
        }
    }

    /// The way of a body that takes the standard up in `month`.
    pub(crate) fn run(&self, body: &Organisation, month: NaiveDate, recorded: &mut Recorded) {
        let mut random = Random::of(&format!("{}/{}/course", self.standard.slug, body.slug));
        let on = month + Days::new(random.between(0, 27));
        let grade = match random.between(0, 9) {
            0..=3 => EvidenceGrade::AutomaticCheck,
            4..=6 => EvidenceGrade::Document,
            7 => EvidenceGrade::Peer,
            _ => EvidenceGrade::SelfDeclared,
        };
        for (state, chance, days) in [
            (AdoptionState::Pledged, 0.4, random.between(90, 300)),
            (AdoptionState::Piloting, 0.5, random.between(30, 89)),
        ] {
            let earlier = on - Days::new(days);
            if random.happens(chance) && body.open_on(earlier) {
                let event = self.event(body, state, earlier, EvidenceGrade::SelfDeclared);
                self.note(body, event, &mut random, recorded);
            }
        }
        self.follow(body, on, grade, &mut random, recorded);
    }

    /// Checked by a machine it holds for as long as the check passes; said by the body it is renewed every two years,
    /// or lapses.
    fn follow(
        &self,
        body: &Organisation,
        mut on: NaiveDate,
        grade: EvidenceGrade,
        random: &mut Random,
        recorded: &mut Recorded,
    ) {
        loop {
            let mut event = self.event(body, AdoptionState::Adopted, on, grade);
            let checked = grade == EvidenceGrade::AutomaticCheck;
            event.expires_on = (!checked).then(|| on + Months::new(24));
            self.note(body, event, random, recorded);
            if checked || random.happens(0.12) {
                return;
            }
            on = on + Months::new(24) - Days::new(random.between(0, 60));
        }
    }

    fn note(
        &self,
        body: &Organisation,
        event: NewEvent,
        random: &mut Random,
        recorded: &mut Recorded,
    ) {
        if event.effective_on <= self.until && body.open_on(event.effective_on) {
            note(recorded, event, random.between(0, 45), self.until);
        }
    }
}

/// What some of the bodies that never took the standard up say instead; of most of them nothing is known.
pub(crate) fn others(
    course: &Course<'_>,
    sector: &Sector,
    history: &History,
    waiting: &[usize],
    recorded: &mut Recorded,
) {
    for place in waiting {
        let Some(body) = sector.organisations.get(*place) else {
            continue;
        };
        let mut random = Random::of(&format!("{}/{}/other", course.standard.slug, body.slug));
        let on = course.until - Days::new(random.between(30, 900));
        let state = match random.between(0, 19) {
            0..=2 => AdoptionState::Considering,
            3 => AdoptionState::Pledged,
            4 => AdoptionState::Piloting,
            5 => AdoptionState::Declined,
            6 => AdoptionState::Exempt,
            _ => continue,
        };
        if !history.eligible(*place, on) {
            continue;
        }
        let mut event = course.event(body, state, on, EvidenceGrade::SelfDeclared);
        event.expires_on = (state == AdoptionState::Exempt).then(|| on + Months::new(36));
        event.note = (state == AdoptionState::Exempt).then(|| {
            "Illustrative: the supplier of the present system does not support it.".to_owned()
        });
        course.note(body, event, &mut random, recorded);
    }
}
