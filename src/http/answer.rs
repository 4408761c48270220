//! How a GraphQL answer becomes an HTTP answer, by the GraphQL-over-HTTP specification.

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
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

    /// The answer to one request that ran, or failed before it could. Whoever has to wait is told so by the status
    /// whatever they accept.
    pub(super) fn answer(self, response: Response) -> HttpResponse {
        let (never_ran, wait) = (never_ran(&response), wait_of(&response));
        let status = match self {
            _ if wait.is_some() => StatusCode::TOO_MANY_REQUESTS,
            Self::Graphql if never_ran => status_of(&response),
            _ => StatusCode::OK,
        };
        after(wait, self.with(status, &body(response, never_ran)))
    }

    /// The answers to a batch, in its order. It has to wait as a whole when each of its requests has.
    pub(super) fn answer_all(self, responses: Vec<Response>) -> HttpResponse {
        let waits: Vec<Option<u64>> = responses.iter().map(wait_of).collect();
        let status = if waits.iter().all(Option::is_some) {
            StatusCode::TOO_MANY_REQUESTS
        } else {
            StatusCode::OK
        };
        let bodies = responses.into_iter().map(|response| {
            let never_ran = never_ran(&response);
            body(response, never_ran)
        });
        let answer = self.with(status, &Value::Array(bodies.collect()));
        after(waits.into_iter().flatten().max(), answer)
    }
}

/// An answer that says after how many seconds to ask again.
fn after(wait: Option<u64>, mut answer: HttpResponse) -> HttpResponse {
    if let Some(seconds) = wait {
        let seconds = HeaderValue::from(seconds);
        answer.headers_mut().insert(RETRY_AFTER, seconds);
    }
    answer
}

/// How many seconds a request has to wait that was refused for want of a budget.
fn wait_of(response: &Response) -> Option<u64> {
    match response
        .errors
        .first()?
        .extensions
        .as_ref()?
        .get("retryAfter")?
    {
        GraphqlValue::Number(seconds) => seconds.as_u64(),
        _ => None,
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
