//! Each document is one named query or mutation of valid syntax, small and shallow, with bounded lists.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, OperationDefinition, OperationType, Selection, SelectionSet,
};
use dashboard::DOCUMENTS;

#[test]
fn every_document_is_one_operation_of_the_name_it_is_listed_under() {
    for (name, document) in DOCUMENTS {
        let parsed = parse_query(document).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        let DocumentOperations::Multiple(operations) = parsed.operations else {
            panic!("{name} has no name");
        };
        let names: Vec<_> = operations.keys().map(|name| name.as_str()).collect();
        assert_eq!(names, [*name]);
        for operation in operations.values() {
            match operation.node.ty {
                OperationType::Query => {}
                OperationType::Mutation => assert_one_change(name, &operation.node),
                OperationType::Subscription => panic!("{name} follows something"),
            }
        }
    }
}

/// A mutation does one thing with one input, and asks what is wrong with that.
fn assert_one_change(name: &str, operation: &OperationDefinition) {
    let variables: Vec<_> = operation.variable_definitions.iter().collect();
    assert_eq!(variables.len(), 1, "{name}");
    assert_eq!(variables[0].node.name.node, "input", "{name}");
    let [item] = operation.selection_set.node.items.as_slice() else {
        panic!("{name} does several things");
    };
    let Selection::Field(field) = &item.node else {
        panic!("{name}: {item:?}");
    };
    assert_eq!(field.node.response_key().node, "done", "{name}");
    let asked = &field.node.selection_set.node.items;
    let asks_faults = asked.iter().any(|item| {
        matches!(&item.node, Selection::Field(field) if field.node.name.node == "userErrors")
    });
    assert!(asks_faults, "{name}");
}

#[test]
fn no_document_is_deeper_than_six_levels() {
    for (name, document) in DOCUMENTS {
        let parsed = parse_query(document).unwrap();
        let depths = parsed
            .operations
            .iter()
            .map(|(_, one)| depth(&one.node.selection_set.node));
        let deepest = depths.max().unwrap();
        assert!((2..=6).contains(&deepest), "{name} is {deepest} deep");
    }
}

#[test]
fn every_list_of_nodes_says_how_many_it_wants() {
    for (name, document) in DOCUMENTS {
        let parsed = parse_query(document).unwrap();
        for (_, operation) in parsed.operations.iter() {
            assert_bounded(name, &operation.node.selection_set.node);
        }
    }
}

#[test]
fn no_document_has_a_string_in_it() {
    // The pages make a document compact by collapsing its white space, which would change a string.
    for (name, document) in DOCUMENTS {
        assert!(!document.contains('"'), "{name}");
    }
}

fn depth(set: &SelectionSet) -> usize {
    let below = set.items.iter().map(|item| match &item.node {
        Selection::Field(field) => 1 + depth(&field.node.selection_set.node),
        other => panic!("no document needs {other:?}"),
    });
    below.max().unwrap_or(0)
}

fn assert_bounded(document: &str, set: &SelectionSet) {
    for item in &set.items {
        let Selection::Field(field) = &item.node else {
            panic!("no document needs {item:?}");
        };
        let children = &field.node.selection_set.node;
        let connection = children.items.iter().any(|child| {
            matches!(&child.node, Selection::Field(child)
                if ["nodes", "totalCount"].contains(&child.node.name.node.as_str()))
        });
        let bounded = field
            .node
            .arguments
            .iter()
            .any(|(name, _)| name.node == "first");
        assert!(
            bounded || !connection,
            "{document}: {} has no first",
            field.node.name.node
        );
        assert_bounded(document, children);
    }
}
