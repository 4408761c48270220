//! What must hold of the record over GraphQL.
