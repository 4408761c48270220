//! A schema that gives prepared answers and remembers what it was asked.

use std::cell::RefCell;
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use chrono::NaiveDate;
use dashboard::{Account, Ask, PageContext, PageError};
use serde_json::Value;

/// One prepared answer to whatever is asked.
pub struct Prepared {
    answer: Result<Value, PageError>,
    /// The variables of the last document asked.
    pub variables: RefCell<Value>,
}

impl Prepared {
    pub fn new(answer: &str) -> Self {
        Self::with(serde_json::from_str(answer).unwrap())
    }

    pub fn with(answer: Value) -> Self {
        Self::saying(Ok(answer))
    }

    pub fn saying(answer: Result<Value, PageError>) -> Self {
        Self {
            answer,
            variables: RefCell::default(),
        }
    }

    /// What a variable of the last document was.
    pub fn variable(&self, name: &str) -> Value {
        self.variables.borrow()[name].clone()
    }
}

impl Ask for Prepared {
    fn ask(
        &self,
        _document: &'static str,
        variables: Value,
    ) -> impl Future<Output = Result<Value, PageError>> {
        self.variables.replace(variables);
        ready(self.answer.clone())
    }

    fn failed(&self, cause: &str) -> String {
        assert!(!cause.is_empty());
        "logged-1".to_owned()
    }
}

/// What a page gives at once: prepared answers never wait.
pub fn now<T>(page: impl Future<Output = T>) -> T {
    match pin!(page).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(shown) => shown,
        Poll::Pending => panic!("a prepared answer was waited for"),
    }
}

pub fn context(path: &str) -> PageContext {
    PageContext {
        today: NaiveDate::from_ymd_opt(2026, 8, 31).unwrap(),
        path: path.to_owned(),
        notice: None,
        account: None,
        can_sign_in: false,
    }
}

/// As [`context`], for somebody of this name who is signed in.
pub fn signed_in(path: &str, name: &str) -> PageContext {
    PageContext {
        account: Some(Account {
            name: name.to_owned(),
            csrf: "c5rf".to_owned(),
        }),
        can_sign_in: true,
        ..context(path)
    }
}

/// The words of a page: tags are white space, white space is collapsed, and entities are read.
pub fn words(page: &str) -> String {
    let mut text = String::new();
    let mut within = false;
    for character in page.chars() {
        match character {
            '<' => {
                within = true;
                text.push(' ');
            }
            '>' => within = false,
            other if !within => text.push(other),
            _ => {}
        }
    }
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let read = [
        (" .", "."),
        (" ,", ","),
        (" ;", ";"),
        ("&nbsp;", " "),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    for (written, meant) in read {
        text = text.replace(written, meant);
    }
    text
}
