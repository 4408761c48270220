//! What every answer tells browsers about itself, and which other sites may read the answers of the API.

use super::Site;
use super::origin::PublicUrl;
use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};

/// What pages may load and do: their own style, and nothing from elsewhere.
const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
                           base-uri 'none'; frame-ancestors 'none'";
/// What no page of ours asks a browser for.
const NOT_USED: &str =
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";
/// How long browsers come by `https` alone, in seconds: a year.
const HTTPS_ALONE: &str = "max-age=31536000";
/// How long a browser keeps what it was told about another site, in seconds.
const PREFLIGHT: usize = 3600;

const ALWAYS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (header::CROSS_ORIGIN_OPENER_POLICY, "same-origin"),
    (header::PERMISSIONS_POLICY, NOT_USED),
];

/// Adds the headers to whatever is answered.
pub(super) async fn add<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let site = request.app_data::<web::Data<Site>>();
    let https_alone = site.is_some_and(|site| site.https_alone);
    let elsewhere = site.is_some_and(|site| site.read_elsewhere) && is_shared(request.path());
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    let mut add = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value) in ALWAYS {
        add(name, value);
    }
    if https_alone {
        add(header::STRICT_TRANSPORT_SECURITY, HTTPS_ALONE);
    }
    if !elsewhere {
        add(header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    }
    Ok(response)
}

/// Whether scripts of other sites may read what is at this path, where the operator lets them.
fn is_shared(path: &str) -> bool {
    matches!(path, "/graphql" | "/schema.graphql" | "/record") || path.starts_with("/record/")
}

/// Lets scripts of these sites ask the API, without the cookies of whoever looks at them.
pub(super) fn cors(origins: &[PublicUrl]) -> Cors {
    let origins: Vec<String> = origins.iter().map(PublicUrl::origin).collect();
    Cors::default()
        .allowed_origin_fn(move |origin, head| {
            let known = origins.iter().any(|known| origin == known.as_str());
            known && is_shared(head.uri.path())
        })
        .allowed_methods(["GET", "POST"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT)
}
