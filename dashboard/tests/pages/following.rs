//! Following: what can be followed names its feed, and has the one form for it for whoever is signed in.

use dashboard::*;

use crate::asked::{Prepared, ann, context, now};
use crate::projects::PROJECT;
use crate::rendered::STANDARD;
use crate::suggestions::PROBLEM;

/// The pages of what can be followed as somebody sees them: the feed, the thing's id, and the page.
fn pages(at: &PageContext) -> Vec<(&'static str, &'static str, String)> {
    let none = DoneParams::default();
    let problem = now(problem(&Prepared::new(PROBLEM), at, "late-plans", &none)).unwrap();
    let Shown::Page(problem) = problem else {
        panic!("{problem:?}");
    };
    let ask = Prepared::new(PROJECT);
    let project = now(project(&ask, at, "one-register", &none)).unwrap();
    let ask = Prepared::new(STANDARD);
    let standard = now(standard(&ask, at, "trees", &Default::default()));
    vec![
        ("problem/late-plans", "UHJvYmxlbTox", problem),
        ("project/one-register", "UHJvamVjdDox", project),
        ("standard/trees", "U3RhbmRhcmQ6MQ", standard.unwrap()),
    ]
}

#[test]
fn a_page_names_its_feed_to_everybody_and_is_followed_by_whoever_is_signed_in() {
    let follow = "name=\"does\" value=\"follow\"";
    for (feed, _, page) in pages(&context("/")) {
        let link = "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"What changed\"";
        assert!(
            page.contains(&format!("{link} href=\"/feeds/{feed}\">")),
            "{feed}"
        );
        assert!(!page.contains(follow), "{feed}");
    }
    for (feed, id, page) in pages(&ann("/")) {
        assert_eq!(page.matches(follow).count(), 1, "{feed}");
        let form = page.split("id=\"follow-0\"").nth(1).unwrap();
        let form = form.split("</form>").next().unwrap();
        assert!(
            form.contains(&format!("name=\"about\" value=\"{id}\"")),
            "{feed}"
        );
        assert!(page.contains("action=\"/account\" id=\"follow-0\""));
    }
}
