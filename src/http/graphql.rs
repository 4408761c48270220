//! `/graphql` by `POST` and `GET`, and the published schema.

use super::answer::Media;
use super::visit::Visit;
use super::{Site, identity, origin};
use actix_web::http::header::{ACCEPT, ALLOW, CONTENT_TYPE, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use async_graphql::parser::types::OperationType;
use async_graphql::{Request, Response, Variables};
use domain::policy::Viewer;
use serde::Deserialize;
use serde_json::Value;

/// The routes of the API.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource("/graphql")
                .route(web::post().to(post))
                .route(web::get().to(get))
                .default_service(web::to(async || {
                    HttpResponse::MethodNotAllowed()
                        .insert_header((ALLOW, "GET, POST"))
                        .finish()
                })),
        )
        .route("/schema.graphql", super::read().to(schema));
}

async fn schema() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .body(graphql::PUBLISHED)
}

/// What a document comes with, in a body.
#[derive(Deserialize)]
struct Body {
    query: String,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<Value>,
}

impl From<Body> for Request {
    fn from(body: Body) -> Self {
        let variables = Variables::from_json(body.variables.unwrap_or_default());
        let request = Self::new(body.query).variables(variables);
        match body.operation_name {
            Some(name) => request.operation_name(name),
            None => request,
        }
    }
}

/// Why a request was refused before it was run.
type Refusal = (StatusCode, &'static str, String);

fn bad(message: impl Into<String>) -> Refusal {
    (StatusCode::BAD_REQUEST, "BAD_INPUT", message.into())
}

async fn post(site: web::Data<Site>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let media = Media::of(&request);
    let viewer = match viewer(&site, &request).await {
        Ok(viewer) => viewer,
        Err((status, code, message)) => return media.refuse(status, code, &message),
    };
    match read(&request, &body) {
        Err((status, code, message)) => media.refuse(status, code, &message),
        Ok(One(body)) => media.answer(site.execute(body.into(), viewer, true).await),
        Ok(Many(bodies)) => media.answer_all(batch(&site, bodies, viewer).await),
    }
}

/// Answers the requests of a batch in turn. They share the budget of one: a batch buys no more than a request.
async fn batch(site: &Site, bodies: Vec<Body>, viewer: Viewer) -> Vec<Response> {
    let (mut spent, mut budget) = (0, u64::MAX);
    let mut answers = Vec::with_capacity(bodies.len());
    for body in bodies {
        if spent >= budget {
            let message = format!(
                "The requests before this one spent the budget of {budget}; send it by itself."
            );
            answers.push(super::refused("TOO_COSTLY", message));
            continue;
        }
        let answer = site.execute(body.into(), viewer.clone(), true).await;
        let cost = answer
            .extensions
            .get("cost")
            .cloned()
            .and_then(|cost| cost.into_json().ok());
        let part = |name: &str| cost.as_ref().and_then(|cost| cost[name].as_u64());
        spent += part("cost").unwrap_or_default();
        budget = part("budget").unwrap_or(budget);
        answers.push(answer);
    }
    answers
}

use Bodies::{Many, One};

enum Bodies {
    One(Body),
    Many(Vec<Body>),
}

fn read(request: &HttpRequest, body: &[u8]) -> Result<Bodies, Refusal> {
    if !request
        .content_type()
        .eq_ignore_ascii_case("application/json")
    {
        return Err((
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "BAD_INPUT",
            "Send the request as JSON, with `Content-Type: application/json`.".to_owned(),
        ));
    }
    let not_a_request = |error: serde_json::Error| {
        bad(format!(
            "The body is not a GraphQL request ({error}); send {{\"query\": \"…\", \"variables\": {{…}}}}."
        ))
    };
    let value: Value = serde_json::from_slice(body).map_err(not_a_request)?;
    let most = graphql::Limits::default().batch;
    match &value {
        Value::Array(all) if all.is_empty() => {
            Err(bad("The batch is empty; send at least one request."))
        }
        Value::Array(all) if all.len() > most => Err(bad(format!(
            "The batch holds {} requests; send at most {most}.",
            all.len()
        ))),
        Value::Array(_) => serde_json::from_value(value)
            .map(Many)
            .map_err(not_a_request),
        _ => serde_json::from_value(value)
            .map(One)
            .map_err(not_a_request),
    }
}

/// What a document comes with, in an address.
#[derive(Deserialize)]
struct Parameters {
    query: Option<String>,
    #[serde(rename = "operationName")]
    operation_name: Option<String>,
    variables: Option<String>,
}

async fn get(
    site: web::Data<Site>,
    request: HttpRequest,
    parameters: web::Query<Parameters>,
) -> HttpResponse {
    let media = Media::of(&request);
    let parameters = parameters.into_inner();
    if parameters.query.is_none() && wants_page(&request) {
        return match Visit::of(&request).await {
            Ok(visit) => super::pages::api(&visit),
            Err(refused) => *refused,
        };
    }
    let viewer = match viewer(&site, &request).await {
        Ok(viewer) => viewer,
        Err((status, code, message)) => return media.refuse(status, code, &message),
    };
    match asked(parameters) {
        Ok(body) if changes(&body) => {
            let message = "A GET never changes anything; send the mutation by POST.";
            let mut refused = media.refuse(StatusCode::METHOD_NOT_ALLOWED, "BAD_INPUT", message);
            refused
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("POST"));
            refused
        }
        Ok(body) => media.answer(site.execute(body.into(), viewer, false).await),
        Err((status, code, message)) => media.refuse(status, code, &message),
    }
}

fn wants_page(request: &HttpRequest) -> bool {
    let accept = request
        .headers()
        .get(ACCEPT)
        .and_then(|header| header.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Whether the operation that is asked for is a mutation. What cannot be parsed is refused later, with its place.
fn changes(body: &Body) -> bool {
    if graphql::nests_too_deep(&body.query) {
        return false;
    }
    let Ok(document) = async_graphql::parser::parse_query(&body.query) else {
        return false;
    };
    let name = body.operation_name.as_deref();
    document.operations.iter().any(|(own, operation)| {
        let asked = name.is_none_or(|name| own.is_some_and(|own| own.as_str() == name));
        asked && operation.node.ty == OperationType::Mutation
    })
}

fn asked(parameters: Parameters) -> Result<Body, Refusal> {
    let query = parameters.query.ok_or_else(|| {
        bad("Ask with /graphql?query=…, or send a POST; /schema.graphql says what can be asked.")
    })?;
    let variables = parameters
        .variables
        .filter(|text| !text.is_empty())
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| bad(format!("`variables` is not JSON ({error}).")))?;
    Ok(Body {
        query,
        operation_name: parameters.operation_name,
        variables,
    })
}

/// Who asks. A request that comes by a session has to come from one of our own pages: a `POST` of another site is refused,
/// and a `GET` that another site led to is answered as the public's.
async fn viewer(site: &Site, request: &HttpRequest) -> Result<Viewer, Refusal> {
    let identity = identity::of(site, request)
        .await
        .map_err(|error| match error {
            domain::Error::Internal(_) => {
                tracing::error!(error = error.chain(), "Could not look up who asks");
                let message = "Something went wrong on our side; try again.".to_owned();
                (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
            }
            refused => (
                StatusCode::UNAUTHORIZED,
                refused.code(),
                refused.to_string(),
            ),
        })?;
    let changes = request.method() == Method::POST;
    if identity.session.is_none() {
        return Ok(identity.viewer.clone());
    }
    if changes && !origin::is_ours(site.access.public_url.as_ref(), request) {
        let message =
            "A request with the cookie of a session must come from a page of this server; \
                       send a token instead."
                .to_owned();
        return Err((StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    if origin::is_foreign(request) {
        return Ok(Viewer::Anonymous);
    }
    Ok(identity.viewer.clone())
}
