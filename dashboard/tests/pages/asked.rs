//! A schema that gives prepared answers and remembers what it was asked.

use std::cell::RefCell;
use std::future::{Future, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use chrono::NaiveDate;
use dashboard::{Account, Ask, PageContext, PageError};
use serde_json::{Value, json};

/// One prepared answer to whatever is asked.
pub struct Prepared {
    answer: Result<Value, PageError>,
    /// The variables of the last document asked.
    pub variables: RefCell<Value>,
    /// What a document that changes something gives.
    changed: Result<Value, PageError>,
    /// The documents that were to change something, with their inputs.
    pub changes: RefCell<Vec<(&'static str, Value)>>,
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
            changed: Err(PageError::NotFound),
            changes: RefCell::default(),
        }
    }

    /// The payload of whatever is to be changed.
    pub fn changing(self, payload: Value) -> Self {
        let changed = Ok(json!({ "done": payload }));
        Self { changed, ..self }
    }

    /// The refusal of whatever is to be changed.
    pub fn refusing(self, error: PageError) -> Self {
        let changed = Err(error);
        Self { changed, ..self }
    }

    /// The name of the mutation that was sent last, and its input.
    pub fn sent(&self) -> (String, Value) {
        let changes = self.changes.borrow();
        let (document, input) = changes.last().unwrap();
        let name = document.split_once("mutation ").unwrap().1;
        (name.split_once('(').unwrap().0.to_owned(), input.clone())
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

    fn change(
        &self,
        document: &'static str,
        variables: Value,
    ) -> impl Future<Output = Result<Value, PageError>> {
        let mut changes = self.changes.borrow_mut();
        changes.push((document, variables["input"].clone()));
        ready(self.changed.clone())
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
        key: "fresh".into(),
        stamp: "sealed".into(),
        origin: "https://manyhands.example".into(),
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

/// As [`context`], for Ann Lee.
pub fn ann(path: &str) -> PageContext {
    signed_in(path, "Ann Lee")
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
        (" :", ":"),
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
