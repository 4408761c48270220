//! What a form sent, what follows it, and what was wrong with it.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::error::PageError;
use crate::params::chosen;

/// The fields of a form, as the browser sent them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(Vec<(String, String)>);

/// What follows a form that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// It was done: the browser is to look at the page at this path (303).
    Go(String),
    /// A page instead: of what is shown only once, or the same page with what was wrong.
    Page {
        /// The HTTP status to send it with: 200, 409 or 422.
        status: u16,
        /// The page.
        html: String,
    },
}

/// Why a form was not taken, in sentences for whoever sent it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// Of the form as a whole.
    pub(crate) whole: Vec<String>,
    /// Of its fields, by name.
    pub(crate) fields: Vec<(String, String)>,
    /// Whether the thing moved on since the page was made.
    pub(crate) conflict: bool,
}

/// A form that was not taken: what was typed, and what was wrong with it.
pub(crate) struct Returned<'a> {
    pub(crate) fields: &'a Fields,
    pub(crate) wrong: Wrong,
}

impl Fields {
    /// The fields in the order in which they were sent; a name may come more than once.
    #[must_use]
    pub fn new(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }

    /// What was sent under a name first, as it was typed.
    pub(crate) fn typed(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// Everything that was sent under a name.
    pub(crate) fn all<'a, 'n>(
        &'a self,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let named = self.0.iter().filter(move |(field, _)| field == name);
        named.map(|(_, value)| value.as_str())
    }

    /// What was filled in under a name: neither absent nor blank.
    pub(crate) fn filled(&self, name: &str) -> Option<String> {
        chosen(Some(self.typed(name)))
    }

    /// A whole number, if one was filled in.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i32>, Wrong> {
        let Some(text) = self.filled(name) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Wrong::of(
                name,
                "Write a whole number in digits, such as 14.",
            )),
        }
    }

    /// The version of the thing that whoever sent the form saw; null where there was none.
    pub(crate) fn version(&self) -> Value {
        json!(self.typed("version").parse::<i32>().ok())
    }

    /// These fields as parts of an input, blank ones as null, with the key by which it is done only once.
    pub(crate) fn input(&self, names: &[&str]) -> Map<String, Value> {
        let all = names.iter().chain(&["idempotencyKey"]);
        all.map(|name| ((*name).to_owned(), json!(self.filled(name))))
            .collect()
    }
}

impl Wrong {
    /// What is wrong with one field.
    pub(crate) fn of(field: &str, message: &str) -> Self {
        Self {
            fields: vec![(field.to_owned(), message.to_owned())],
            ..Self::default()
        }
    }

    /// What is wrong with the form as a whole.
    pub(crate) fn whole(message: String, conflict: bool) -> Self {
        Self {
            whole: vec![message],
            conflict,
            ..Self::default()
        }
    }

    /// Whether anything is.
    pub(crate) fn any(&self) -> bool {
        self.conflict || !self.whole.is_empty() || !self.fields.is_empty()
    }

    /// The HTTP status of the page that says it: 409 where the thing moved on, else 422.
    pub(crate) fn status(&self) -> u16 {
        if self.conflict { 409 } else { 422 }
    }

    /// The sentence about a field.
    pub(crate) fn of_field(&self, name: &str) -> Option<String> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, message)| message.clone())
    }
}

#[derive(Deserialize)]
struct Changed {
    done: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    user_errors: Vec<UserError>,
}

#[derive(Deserialize)]
struct UserError {
    path: Vec<String>,
    message: String,
}

impl From<Vec<UserError>> for Wrong {
    fn from(errors: Vec<UserError>) -> Self {
        let mut wrong = Self::default();
        for UserError { path, message } in errors {
            match path.into_iter().nth(1) {
                Some(field) => wrong.fields.push((field, message)),
                None => wrong.whole.push(message),
            }
        }
        wrong
    }
}

/// Runs a document that changes something with its one input. What came of it, or what is wrong with the form.
///
/// # Errors
/// As [`Ask::change`], but for what whoever sent the form can mend.
pub(crate) async fn change(
    ask: &impl Ask,
    document: &'static str,
    input: Map<String, Value>,
) -> Result<Result<Value, Wrong>, PageError> {
    let data = match ask.change(document, json!({ "input": input })).await {
        Ok(data) => data,
        Err(PageError::Conflict(why)) => return Ok(Err(Wrong::whole(why, true))),
        Err(PageError::BadRequest(why)) => return Ok(Err(Wrong::whole(why, false))),
        Err(error) => return Err(error),
    };
    let read = |cause: serde_json::Error| PageError::Failed(ask.failed(&cause.to_string()));
    let Changed { done } = serde_json::from_value(data).map_err(read)?;
    let payload = Payload::deserialize(&done).map_err(read)?;
    Ok(match payload.user_errors {
        errors if errors.is_empty() => Ok(done),
        errors => Err(errors.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(pairs: &[(&str, &str)]) -> Fields {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Fields::new(pairs.iter().map(own).collect())
    }

    #[test]
    fn blank_fields_are_null_in_an_input_and_others_are_trimmed() {
        let fields = sent(&[
            ("email", " "),
            ("role", " LEAD "),
            ("idempotencyKey", "k"),
            ("csrf", "c"),
        ]);
        let input = Value::Object(fields.input(&["email", "role", "reason"]));
        assert_eq!(
            input,
            json!({ "email": null, "role": "LEAD", "reason": null, "idempotencyKey": "k" })
        );
    }

    #[test]
    fn a_number_is_digits_or_nothing() {
        assert_eq!(sent(&[("days", "14")]).number("days"), Ok(Some(14)));
        assert_eq!(sent(&[]).number("days"), Ok(None));
        let wrong = sent(&[("days", "a fortnight")]).number("days").unwrap_err();
        assert!(wrong.of_field("days").is_some() && wrong.of_field("role").is_none());
    }

    #[test]
    fn what_is_wrong_goes_to_the_field_it_names() {
        let error = |path: &[&str]| UserError {
            path: path.iter().map(|part| (*part).to_owned()).collect(),
            message: "No.".to_owned(),
        };
        let wrong = Wrong::from(vec![error(&["input", "email"]), error(&["input"])]);
        assert_eq!(wrong.of_field("email").as_deref(), Some("No."));
        assert_eq!((wrong.whole.len(), wrong.status()), (1, 422));
    }
}
