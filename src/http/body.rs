//! Bodies of requests: read up to a length and within a time.

use super::answer::Media;
use actix_web::body::{self, BodyStream};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_LENGTH;
use actix_web::{HttpRequest, HttpResponse, web};
use std::time::Duration;

/// The longest body of the API, in bytes: 500 adoption rows fit with room to spare.
pub(super) const LONGEST: usize = 1024 * 1024;
/// The longest form, in bytes.
pub(super) const LONGEST_FORM: usize = 64 * 1024;
/// How long a client may take to send a body.
const SLOWEST: Duration = Duration::from_secs(30);

/// Why there is no body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is longer than what is read.
    TooLong,
    /// It did not come in time.
    TooSlow,
    /// The client broke off, or sent what is no body.
    Broken,
}

impl Fault {
    /// What the API says of it.
    pub(super) fn answer(self, media: Media) -> HttpResponse {
        let (status, message) = match self {
            Self::TooLong => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "The body is longer than 1 MiB; send it in parts.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "The body did not come within 30 seconds; send it again.",
            ),
            Self::Broken => (
                StatusCode::BAD_REQUEST,
                "The body could not be read to its end; send it again.",
            ),
        };
        media.refuse(status, "BAD_INPUT", message)
    }
}

/// Whether a request says of itself that its body is longer than `longest` bytes.
pub(super) fn is_too_long(request: &HttpRequest, longest: usize) -> bool {
    let said = request.headers().get(CONTENT_LENGTH);
    let length = said.and_then(|said| said.to_str().ok()?.parse::<usize>().ok());
    length.is_some_and(|length| length > longest)
}

/// Reads a body of at most `longest` bytes.
///
/// # Errors
/// Why there is none.
pub(super) async fn read(payload: Payload, longest: usize) -> Result<web::Bytes, Fault> {
    let reading = body::to_bytes_limited(BodyStream::new(payload), longest);
    match tokio::time::timeout(SLOWEST, reading).await {
        Err(_) => Err(Fault::TooSlow),
        Ok(Err(_)) => Err(Fault::TooLong),
        Ok(Ok(Err(_))) => Err(Fault::Broken),
        Ok(Ok(Ok(bytes))) => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[actix_web::test]
    async fn a_body_is_read_up_to_its_longest() {
        let sent = |length: usize| {
            let request = TestRequest::post().set_payload(vec![b'x'; length]);
            request.to_http_parts().1
        };
        assert_eq!(read(sent(10), 10).await.unwrap().len(), 10);
        assert_eq!(read(sent(11), 10).await, Err(Fault::TooLong));
    }

    #[test]
    fn what_says_that_it_is_too_long_is_not_read_at_all() {
        let says = |length: &str| {
            let request = TestRequest::post().insert_header((CONTENT_LENGTH, length));
            is_too_long(&request.to_http_request(), 10)
        };
        assert!(says("11") && says("99999999999") && !says("10") && !says("x"));
    }
}
