//! Who is signed in, as the frame of every page shows it, and the pages around signing in.

use dashboard::*;

use crate::asked::{context, signed_in, words};

#[test]
fn the_frame_shows_who_is_signed_in_and_how_to_sign_out() {
    let page = error_page(&PageError::NotFound, &signed_in("/standards", "Ann Lee"));
    assert!(words(&page).contains("Your account: Ann Lee Sign out"));
    assert!(page.contains("<form method=\"post\" action=\"/sign-out\""));
    assert!(page.contains("name=\"csrf\" value=\"c5rf\""));
    assert!(!page.contains("/sign-in"));
}

#[test]
fn the_frame_leads_to_the_sign_in_where_there_is_one_and_back() {
    let public = PageContext {
        can_sign_in: true,
        ..context("/standards/trees")
    };
    let page = error_page(&PageError::Unauthenticated, &public);
    assert_eq!(
        page.matches("/sign-in?to=%2Fstandards%2Ftrees\"").count(),
        2
    );
    let page = error_page(&PageError::Unauthenticated, &context("/standards/trees"));
    assert!(!page.contains("/sign-in") && words(&page).contains("Go to the front page"));
}

#[test]
fn each_page_says_what_happened_and_what_to_do() {
    let to = || "/account?x=1".to_owned();
    let failed = SignInPage::Failed {
        why: "Because.".into(),
        to: to(),
    };
    for (page, says, leads) in [
        (failed, "Because.", "/sign-in?to=%2Faccount%3Fx%3D1"),
        (
            SignInPage::Unavailable { to: to() },
            "does not answer",
            "/sign-in?to=%2Faccount%3Fx%3D1",
        ),
        (
            SignInPage::SignedOut { to: to() },
            "Nothing was changed",
            "/sign-in?to=%2Faccount%3Fx%3D1",
        ),
        (SignInPage::None, "There is no sign-in here", "href=\"/\""),
        (SignInPage::TrialOver, "works once", "href=\"/\""),
        (SignInPage::NotOurs, "reload the page", "href=\"/\""),
    ] {
        let html = sign_in(&page, &context("/sign-in"));
        assert!(words(&html).contains(says), "{page:?}");
        assert!(html.contains(leads), "{page:?}");
        assert_eq!(html.matches("<h1>").count(), 1, "{page:?}");
    }
}

#[test]
fn a_trial_signs_in_by_a_button_and_never_by_a_look() {
    let page = SignInPage::Trial {
        action: "/sign-in/trial/secret".into(),
        name: "Trial administrator".into(),
    };
    let html = sign_in(&page, &context("/sign-in/trial/secret"));
    assert!(html.contains("<form method=\"post\" action=\"/sign-in/trial/secret\">"));
    assert!(words(&html).contains("Sign in as Trial administrator"));
    assert!(!html.contains("href=\"/sign-in/trial"));
}
