//! What a change did to the fields of a thing, from the thing before and after as JSON.

use serde_json::{Map, Value};

/// The longest value that is shown whole, in characters.
const LONGEST: usize = 300;

/// The fields of a thing that is new or was taken away, or those that became different.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) fields: Vec<Field>,
    /// Whether the thing stood before and still does, so that fields have two values.
    pub(crate) compares: bool,
}

/// One field: its name in words, and its values; a value that is not there is `None`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

impl Difference {
    pub(crate) fn of(before: Option<&str>, after: Option<&str>) -> Self {
        let compares = before.is_some() && after.is_some();
        let (before, after) = (object(before), object(after));
        let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
        names.sort();
        names.dedup();
        let fields = names.into_iter().filter_map(|name| {
            let (old, new) = (before.get(name), after.get(name));
            let (old, new) = (old.and_then(shown), new.and_then(shown));
            (old != new).then(|| Field {
                name: name.replace('_', " "),
                before: old.map(shortened),
                after: new.map(shortened),
            })
        });
        Self {
            fields: fields.collect(),
            compares,
        }
    }

    /// What names the thing, among what people call things by.
    pub(crate) fn name(before: Option<&str>, after: Option<&str>) -> Option<String> {
        let object = object(after.or(before));
        let names = ["name", "title", "job", "label", "code", "slug"];
        let named = names.iter().find_map(|name| object.get(*name)?.as_str());
        named.map(|name| shortened(name.to_owned()))
    }
}

/// The fields of a thing; what is no object has one.
fn object(json: Option<&str>) -> Map<String, Value> {
    let Some(json) = json else { return Map::new() };
    match serde_json::from_str(json) {
        Ok(Value::Object(fields)) => fields,
        Ok(other) => Map::from_iter([("value".to_owned(), other)]),
        Err(_) => Map::from_iter([("value".to_owned(), json.into())]),
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        other => Some(other.to_string()),
    }
}

fn shortened(text: String) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &str, before: Option<&str>, after: Option<&str>) -> Field {
        Field {
            name: name.into(),
            before: before.map(Into::into),
            after: after.map(Into::into),
        }
    }

    #[test]
    fn only_the_fields_that_became_different_are_shown() {
        let before = r#"{"name":"Ash","region":null,"version":1,"closed_on":"2026-01-01"}"#;
        let after = r#"{"name":"Ash","region":"South East","version":2,"closed_on":null}"#;
        let difference = Difference::of(Some(before), Some(after));
        assert!(difference.compares);
        assert_eq!(
            difference.fields,
            [
                field("closed on", Some("2026-01-01"), None),
                field("region", None, Some("South East")),
                field("version", Some("1"), Some("2")),
            ]
        );
    }

    #[test]
    fn a_new_thing_is_shown_with_every_field_it_has() {
        let difference = Difference::of(None, Some(r#"{"a":null,"b":true,"c":[1,{"d":2}]}"#));
        assert!(!difference.compares);
        let fields = [
            field("b", None, Some("yes")),
            field("c", None, Some(r#"[1,{"d":2}]"#)),
        ];
        assert_eq!(difference.fields, fields);
        let gone = Difference::of(Some(r#"{"b":1}"#), None);
        assert_eq!(gone.fields, [field("b", Some("1"), None)]);
    }

    #[test]
    fn what_is_long_is_cut_between_characters_and_what_is_no_object_is_shown() {
        let long = format!("\"{}\"", "é".repeat(1_000));
        let cut = Difference::of(None, Some(&long));
        let shown = cut.fields[0].after.clone().unwrap();
        assert_eq!(shown.chars().count(), LONGEST + 1);
        let broken = Difference::of(None, Some("{"));
        assert_eq!(broken.fields, [field("value", None, Some("{"))]);
    }

    #[test]
    fn a_thing_is_called_by_its_name() {
        let name = |json| Difference::name(None, Some(json));
        assert_eq!(
            name(r#"{"slug":"ash","name":"Ash"}"#).as_deref(),
            Some("Ash")
        );
        assert_eq!(name(r#"{"id":1}"#), None);
    }
}
