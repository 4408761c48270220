//! How large a document is once its fragments are spread out, measured before the library unfolds it: a small text can
//! stand for a huge request.

use crate::Limits;
use crate::error::{BAD_INPUT, TOO_COSTLY, refusal};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationType, Selection, SelectionSet,
};
use async_graphql::{Request, ServerError, Value};
use std::collections::HashMap;

/// How often introspection may go from types to the types of their fields: each such step multiplies the answer.
const INTROSPECTED: usize = 2;

/// The most brackets of any kind inside each other: the parser calls itself for each, and its stack is not endless.
const NESTED: usize = 64;

/// Whether a document nests brackets deeper than may be parsed. Text in quotes does not count.
pub fn nests_too_deep(document: &str) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in document.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'[' | b'{' | b'(' => depth += 1,
            b']' | b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > NESTED {
            return true;
        }
    }
    false
}

/// Refuses a request whose document is too long, too large or too deep, or whose text no database keeps; gives its
/// depth. Introspection does not count towards the depth.
pub(crate) fn check(request: &mut Request, limits: &Limits) -> Result<usize, ServerError> {
    let bytes = request.query.len();
    if bytes > limits.query_bytes {
        let message = format!(
            "The document has {bytes} bytes; at most {} are read.",
            limits.query_bytes
        );
        return Err(refusal(TOO_COSTLY, message));
    }
    if nests_too_deep(&request.query) {
        let message = format!("The document nests brackets more than {NESTED} deep.");
        return Err(refusal(TOO_COSTLY, message));
    }
    let null_in_document = request.query.contains('\0') || request.query.contains("\\u0000");
    if null_in_document || request.variables.values().any(holds_null_character) {
        return Err(refusal(
            BAD_INPUT,
            "Text may not hold the character U+0000; leave it out.",
        ));
    }
    let size = Measure::of(request.parsed_query()?)?;
    if size.fields > limits.fields {
        let message = format!(
            "The request asks for {} fields; at most {} are allowed.",
            size.fields, limits.fields
        );
        return Err(refusal(TOO_COSTLY, message));
    }
    if size.depth > limits.depth {
        let message = format!(
            "The request is {} fields deep; at most {} are allowed.",
            size.depth, limits.depth
        );
        return Err(refusal(TOO_COSTLY, message));
    }
    if size.introspected > INTROSPECTED {
        let message = format!(
            "Introspection may follow fields to their types {INTROSPECTED} times, not more."
        );
        return Err(refusal(TOO_COSTLY, message));
    }
    Ok(size.depth)
}

/// Whether the operation that would run is a mutation.
pub(crate) fn is_mutation(document: &ExecutableDocument, operation: Option<&str>) -> bool {
    let chosen = match (&document.operations, operation) {
        (DocumentOperations::Single(only), _) => Some(only),
        (DocumentOperations::Multiple(named), Some(name)) => named.get(name),
        (DocumentOperations::Multiple(named), None) => {
            named.values().next().filter(|_| named.len() == 1)
        }
    };
    chosen.is_some_and(|operation| operation.node.ty == OperationType::Mutation)
}

fn holds_null_character(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(values) => values.iter().any(holds_null_character),
        Value::Object(fields) => fields.values().any(holds_null_character),
        _ => false,
    }
}

/// What a part of a document comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Size {
    /// Fields, aliases and spreads of fragments, those of fragments as often as they are spread.
    fields: usize,
    /// The longest chain of fields, without introspection.
    depth: usize,
    /// The most lists of further types on one chain of introspection.
    introspected: usize,
}

impl Size {
    /// Two parts beside each other.
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            depth: self.depth.max(other.depth),
            introspected: self.introspected.max(other.introspected),
        }
    }

    /// The field `name` with this inside.
    fn within(self, name: &str) -> Self {
        let own_depth = usize::from(!name.starts_with("__"));
        let further = ["fields", "inputFields", "interfaces", "possibleTypes"].contains(&name);
        Self {
            fields: self.fields.saturating_add(1),
            depth: if matches!(name, "__schema" | "__type") {
                0
            } else {
                self.depth + own_depth
            },
            introspected: self.introspected + usize::from(further),
        }
    }
}

/// Measures a document, each fragment once.
struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// The fragments measured so far; `None` for one that is being measured.
    fragments: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    fn of(document: &'a ExecutableDocument) -> Result<Size, ServerError> {
        let mut measure = Self {
            document,
            fragments: HashMap::new(),
        };
        let mut whole = Size::default();
        for (_, operation) in document.operations.iter() {
            whole = whole.beside(measure.set(&operation.node.selection_set.node)?);
        }
        Ok(whole)
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Size, ServerError> {
        let mut whole = Size::default();
        for item in &set.items {
            let part = match &item.node {
                Selection::Field(field) => self
                    .set(&field.node.selection_set.node)?
                    .within(field.node.name.node.as_str()),
                Selection::InlineFragment(fragment) => {
                    self.set(&fragment.node.selection_set.node)?
                }
                Selection::FragmentSpread(spread) => {
                    self.fragment(spread.node.fragment_name.node.as_str())?
                }
            };
            whole = whole.beside(part);
        }
        Ok(whole)
    }

    fn fragment(&mut self, name: &'a str) -> Result<Size, ServerError> {
        // Validation, which comes next, tells of unknown fragments.
        let spread = Size {
            fields: 1,
            ..Size::default()
        };
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(spread);
        };
        let size = match self.fragments.insert(name, None) {
            Some(None) => {
                return Err(refusal(
                    BAD_INPUT,
                    format!("The fragment `{name}` holds itself; take it out of itself."),
                ));
            }
            Some(Some(known)) => known,
            None => self.set(&fragment.node.selection_set.node)?,
        };
        self.fragments.insert(name, Some(size));
        Ok(size.beside(spread))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::parser::parse_query;

    fn size(query: &str) -> Size {
        Measure::of(&parse_query(query).unwrap()).unwrap()
    }

    #[test]
    fn fields_are_counted_as_often_as_they_are_asked_for() {
        let query = "{ a: x { ...F } b: x { ...F } } fragment F on X { y { z } w }";
        assert_eq!(
            size(query),
            Size {
                fields: 2 + 2 * (1 + 3),
                depth: 3,
                introspected: 0
            }
        );
        assert_eq!(size("{ ... { a } ... @include(if: true) { a } }").fields, 2);
        assert_eq!(
            size("query A { a } query B { b { c } }"),
            Size {
                fields: 3,
                depth: 2,
                introspected: 0
            }
        );
    }

    #[test]
    fn a_fragment_that_doubles_at_each_of_many_levels_is_measured_at_once() {
        let mut query = "{ ...F0 }".to_owned();
        for n in 0..200 {
            query.push_str(&format!(
                " fragment F{n} on X {{ ...F{} ...F{} }}",
                n + 1,
                n + 1
            ));
        }
        query.push_str(" fragment F200 on X { x }");
        assert_eq!(size(&query).fields, usize::MAX);
    }

    #[test]
    fn a_fragment_that_holds_itself_is_refused() {
        let document =
            parse_query("{ ...F } fragment F on X { x { ...G } } fragment G on X { ...F }")
                .unwrap();
        assert!(
            Measure::of(&document)
                .unwrap_err()
                .message
                .contains("holds itself")
        );
    }

    #[test]
    fn introspection_has_a_bound_of_its_own() {
        let nested = "{ __schema { types { fields { type { ofType { fields { type { name } } } } } } } a { b } }";
        assert_eq!(
            size(nested),
            Size {
                fields: 10,
                depth: 2,
                introspected: 2
            }
        );
        assert_eq!(size("{ a { __typename } }").depth, 1);
        let mut request = Request::new(
            "{ __type { fields { type { fields { type { interfaces { name } } } } } } }",
        );
        assert!(
            check(&mut request, &Limits::default())
                .unwrap_err()
                .message
                .contains("Introspection")
        );
    }

    #[test]
    fn the_null_character_is_refused_wherever_it_stands() {
        let refused = |mut request: Request| check(&mut request, &Limits::default()).is_err();
        assert!(refused(Request::new("{ a(b: \"\\u0000\") }")));
        let variables =
            async_graphql::Variables::from_json(serde_json::json!({"a": [{"b": "x\0"}]}));
        assert!(refused(Request::new("{ a }").variables(variables)));
        assert!(!refused(Request::new("{ a }")));
    }

    #[test]
    fn only_the_chosen_operation_says_whether_something_is_written() {
        let both = parse_query("query A { a } mutation B { b }").unwrap();
        assert!(!is_mutation(&both, Some("A")));
        assert!(is_mutation(&both, Some("B")));
        assert!(!is_mutation(&both, None));
        assert!(is_mutation(&parse_query("mutation B { b }").unwrap(), None));
        assert!(is_mutation(&parse_query("mutation { b }").unwrap(), None));
    }
}
