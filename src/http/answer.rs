//! How a GraphQL answer becomes an HTTP answer, by the GraphQL-over-HTTP specification.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::{Response, ServerError, Value as GraphqlValue};
use serde_json::{Value, json};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: the status code says how the request went.
    Graphql,
    /// `application/json`: 200 for every well-formed request.
    Json,
}

impl Media {
    /// The one the client accepts; `application/json` when it does not say.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let accept = request
            .headers()
            .get(ACCEPT)
            .and_then(|header| header.to_str().ok());
        match accept {
            Some(accept) if accept.contains("application/graphql-response+json") => Self::Graphql,
            _ => Self::Json,
        }
    }

    fn header(self) -> &'static str {
        match self {
            Self::Graphql => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// An answer with this status and body.
    pub(super) fn with(self, status: StatusCode, body: &Value) -> HttpResponse {
        HttpResponse::build(status)
            .insert_header((CONTENT_TYPE, self.header()))
            .insert_header(("Cache-Control", "no-store"))
            .body(body.to_string())
    }

    /// The answer to a request that was not understood or not allowed, before any of it ran.
    pub(super) fn refuse(self, status: StatusCode, code: &str, message: &str) -> HttpResponse {
        let error = json!({ "errors": [{ "message": message, "extensions": { "code": code } }] });
        self.with(status, &error)
    }

    /// The answer to one request that ran, or failed before it could.
    pub(super) fn answer(self, response: Response) -> HttpResponse {
        let never_ran = never_ran(&response);
        let status = match self {
            Self::Graphql if never_ran => status_of(&response),
            _ => StatusCode::OK,
        };
        self.with(status, &body(response, never_ran))
    }

    /// The answers to a batch, in its order.
    pub(super) fn answer_all(self, responses: Vec<Response>) -> HttpResponse {
        let bodies = responses.into_iter().map(|response| {
            let never_ran = never_ran(&response);
            body(response, never_ran)
        });
        self.with(StatusCode::OK, &Value::Array(bodies.collect()))
    }
}

/// The status of a request of which nothing ran: by its first error.
fn status_of(response: &Response) -> StatusCode {
    match code_of(response).as_deref() {
        Some("INTERNAL") => StatusCode::INTERNAL_SERVER_ERROR,
        Some("TIMEOUT") => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_REQUEST,
    }
}

/// The code of the first error.
pub(super) fn code_of(response: &Response) -> Option<String> {
    match response.errors.first()?.extensions.as_ref()?.get("code")? {
        GraphqlValue::String(code) => Some(code.clone()),
        _ => None,
    }
}

/// Whether a document was refused whole: a field that failed has a path, a document that did not parse has none.
fn never_ran(response: &Response) -> bool {
    response.data == GraphqlValue::Null
        && !response.errors.is_empty()
        && response
            .errors
            .iter()
            .all(|error: &ServerError| error.path.is_empty())
}

/// The body of one answer; without `data` when nothing ran.
fn body(response: Response, never_ran: bool) -> Value {
    let mut body = serde_json::to_value(response).unwrap_or_else(|_| {
        json!({ "errors": [{ "message": "The answer could not be written.", "extensions": { "code": "INTERNAL" } }] })
    });
    if never_ran && let Some(fields) = body.as_object_mut() {
        fields.remove("data");
    }
    body
}
