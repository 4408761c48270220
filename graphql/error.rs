//! How what goes wrong reaches a client: a code for machines, a sentence for people, and never an internal text.

use async_graphql::{ErrorExtensionValues, ServerError};
use std::collections::HashMap;
use std::sync::Arc;

/// A result whose error many resolvers may share: things read together fail together.
pub(crate) type Result<T, E = Arc<domain::Error>> = std::result::Result<T, E>;

/// A field that is null where it fails, beside the error that says why. A plain [`Result`] of an option would be left out
/// of the answer instead.
pub(crate) type Nullable<T> = Option<Result<T>>;

/// The argument asks for what cannot be.
pub(crate) const BAD_INPUT: &str = "BAD_INPUT";
/// The request asks for more than one request may.
pub(crate) const TOO_COSTLY: &str = "TOO_COSTLY";

/// A refusal with a code, before anything ran.
pub(crate) fn refusal(code: &str, message: impl Into<String>) -> ServerError {
    coded(ServerError::new(message, None), code)
}

fn coded(mut error: ServerError, code: &str) -> ServerError {
    error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default)
        .set("code", code);
    error
}

/// Says with a conflict of versions which is the current one.
fn versioned(mut error: ServerError, cause: &domain::Error) -> ServerError {
    if let (domain::Error::Stale { current }, Some(values)) = (cause, &mut error.extensions) {
        values.set("currentVersion", *current);
    }
    error
}

/// Gives every error its code. Internal ones are logged, each once with an id, and show only that id.
///
/// What the library itself refuses (a document that cannot be read or does not fit the schema, a value of the wrong
/// type) comes without a cause: it is the caller's to mend.
pub(crate) fn finish(errors: Vec<ServerError>) -> Vec<ServerError> {
    let mut logged = HashMap::new();
    errors
        .into_iter()
        .map(|error| finish_one(error, &mut logged))
        .collect()
}

/// What went wrong in the sector's words, where it was one of ours.
pub(crate) fn cause(error: &ServerError) -> Option<&domain::Error> {
    let source = error.source.as_ref()?;
    source.downcast_ref::<Arc<domain::Error>>().map(Arc::as_ref)
}

fn finish_one(error: ServerError, logged: &mut HashMap<usize, String>) -> ServerError {
    if error
        .extensions
        .as_ref()
        .is_some_and(|values| values.get("code").is_some())
    {
        return error;
    }
    let Some(source) = &error.source else {
        return coded(error, BAD_INPUT);
    };
    // Arcs that are still held have addresses of their own, so an address names a cause within this answer.
    let (address, chain) = match source.downcast_ref::<Arc<domain::Error>>() {
        Some(cause) if cause.code() != "INTERNAL" => {
            let cause = Arc::clone(cause);
            return versioned(coded(error, cause.code()), &cause);
        }
        Some(cause) => (Arc::as_ptr(cause).addr(), cause.chain()),
        None => (
            Arc::as_ptr(source).cast::<()>().addr(),
            error.message.clone(),
        ),
    };
    let id = logged.entry(address).or_insert_with(|| log(&chain)).clone();
    let mut shown = coded(
        ServerError {
            message: format!("Something went wrong on our side; quote id {id}."),
            source: None,
            ..error
        },
        "INTERNAL",
    );
    if let Some(values) = &mut shown.extensions {
        values.set("id", id);
    }
    shown
}

/// Logs an internal error and gives the id under which it is found.
fn log(chain: &str) -> String {
    let id = uuid::Uuid::now_v7().simple().to_string();
    tracing::error!(id, error = chain, "A request failed on our side: {chain}");
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{Error, Pos};
    use domain::Error as Cause;

    fn server(cause: &Arc<Cause>) -> ServerError {
        Error::from(Arc::clone(cause)).into_server_error(Pos::default())
    }

    fn value(error: &ServerError, name: &str) -> String {
        error
            .extensions
            .as_ref()
            .unwrap()
            .get(name)
            .unwrap()
            .to_string()
    }

    #[test]
    fn what_the_caller_can_mend_keeps_its_words_and_gets_its_code() {
        let cause = Arc::new(Cause::invalid("first", "Give 1 to 100."));
        let shown = finish(vec![
            server(&cause),
            ServerError::new("Unknown field", None),
        ]);
        assert_eq!(shown[0].message, "first: Give 1 to 100.");
        assert_eq!(value(&shown[0], "code"), r#""BAD_INPUT""#);
        assert_eq!(value(&shown[1], "code"), r#""BAD_INPUT""#);
    }

    #[test]
    fn an_internal_error_shows_only_an_id_and_one_cause_has_one_id() {
        let cause = Arc::new(Cause::internal("the password is x"));
        let other = Arc::new(Cause::internal("y"));
        let strange = Error::new_with_source("z").into_server_error(Pos::default());
        let shown = finish(vec![
            server(&cause),
            server(&cause),
            server(&other),
            strange,
        ]);
        let ids: Vec<_> = shown.iter().map(|error| value(error, "id")).collect();
        assert_eq!(ids[0], ids[1]);
        assert!(ids[0] != ids[2] && ids[2] != ids[3] && ids[0] != ids[3]);
        for (error, id) in shown.iter().zip(&ids) {
            assert_eq!(value(error, "code"), r#""INTERNAL""#);
            let quoted = id.trim_matches('"');
            assert_eq!(
                error.message,
                format!("Something went wrong on our side; quote id {quoted}.")
            );
        }
    }

    #[test]
    fn a_version_that_moved_on_is_a_conflict_that_names_the_current_one() {
        let cause = Arc::new(Cause::Stale { current: 7 });
        let shown = finish(vec![server(&cause)]);
        assert_eq!(value(&shown[0], "code"), r#""CONFLICT""#);
        assert_eq!(value(&shown[0], "currentVersion"), "7");
        assert!(shown[0].message.contains('7'), "{}", shown[0].message);
    }

    #[test]
    fn a_refusal_keeps_its_own_code() {
        let shown = finish(vec![refusal(TOO_COSTLY, "Too much.")]);
        assert_eq!(value(&shown[0], "code"), r#""TOO_COSTLY""#);
    }
}
