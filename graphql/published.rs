//! The published schema is the schema of the code, and explains every word of it.

use crate::testing::{Fixture, ask};
use domain::policy::Viewer;
use serde_json::Value;

#[test]
fn the_published_schema_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, crate::sdl()).unwrap();
        return;
    }
    assert!(
        crate::sdl() == crate::PUBLISHED,
        "graphql/schema.graphql is not what the code says. If the change is meant and breaks nobody, write it with:\n\
         UPDATE_SCHEMA=1 cargo test -p graphql"
    );
}

/// The query that every GraphQL client sends to learn a schema, with the longest chain of `ofType` in use.
pub(crate) const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } \
    mutationType { name kind } subscriptionType { name kind } types { ...FullType } directives { name description \
    isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } } \
    fragment FullType on __Type { kind name description specifiedByURL fields(includeDeprecated: true) { name \
    description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } \
    inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } \
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } \
    fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated \
    deprecationReason } \
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind \
    name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } \
    } } }";

#[tokio::test]
async fn introspection_fits_an_anonymous_budget_and_every_word_is_explained() {
    let fixture = Fixture::sqlite().await;
    let answer = ask(
        &fixture.schema,
        &Viewer::Anonymous,
        INTROSPECTION,
        Value::Null,
    )
    .await;
    assert_eq!(answer["errors"], Value::Null);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut silent = Vec::new();
    let mut check = |place: String, value: &Value| {
        if value["description"]
            .as_str()
            .is_none_or(|text| text.trim().is_empty())
        {
            silent.push(place);
        }
    };
    for ty in list(&answer["data"]["__schema"]["types"]) {
        let name = ty["name"].as_str().unwrap();
        // These are the language's own.
        if name.starts_with("__") || name == "ID" {
            continue;
        }
        check(name.to_owned(), &ty);
        for value in list(&ty["enumValues"])
            .iter()
            .chain(&list(&ty["inputFields"]))
        {
            check(format!("{name}.{}", value["name"]), value);
        }
        for field in list(&ty["fields"]) {
            check(format!("{name}.{}", field["name"]), &field);
            for arg in list(&field["args"]) {
                check(format!("{name}.{}({})", field["name"], arg["name"]), &arg);
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}
