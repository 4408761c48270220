//! `/feeds/{kind}/{slug}`: the newest changes of a problem, a project, a standard or an organisation, as an Atom feed.

use super::answer::Media;
use super::{Site, origin, secret};
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, ETag, EntityTag, Header, HttpDate, IfModifiedSince, IfNoneMatch,
    LastModified,
};
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDateTime;
use domain::subscription::FollowedKind;
use std::fmt::Write;
use std::time::{Duration, SystemTime};
use store::news::{self, News, Titled};

/// How many changes a feed has.
const SHOWN: i64 = 50;

/// The routes of the feeds.
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.route("/feeds/{kind}/{slug}", super::read().to(feed));
}

async fn feed(
    site: web::Data<Site>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (kind, slug) = path.into_inner();
    let known = FollowedKind::ALL.iter().find(|one| one.in_record() == kind);
    let found = match known {
        Some(kind) => read(&site, *kind, &slug).await,
        None => Ok(None),
    };
    match found {
        Ok(Some((of, news))) => {
            let base = origin::of(site.access.public_url.as_ref(), &request);
            answer(&request, &base, &of, &news)
        }
        Ok(None) => {
            let message = "There is no such feed; the page of each problem, project, standard and organisation \
                           links to its own.";
            Media::Json.refuse(StatusCode::NOT_FOUND, "NOT_FOUND", message)
        }
        Err(error) => {
            let id = store::fresh::<uuid::Uuid>();
            tracing::error!(error.id = %id, error = error.chain(), "A feed could not be read");
            let message = format!("Something went wrong on our side; quote id {id}.");
            Media::Json.refuse(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", &message)
        }
    }
}

async fn read(
    site: &Site,
    kind: FollowedKind,
    slug: &str,
) -> domain::Result<Option<(Titled, Vec<News>)>> {
    let mut conn = site.store.read().await?;
    let Some(of) = news::at(&mut conn, kind, slug).await? else {
        return Ok(None);
    };
    let news = news::newest(&mut conn, of.followed, SHOWN).await?;
    Ok(Some((of, news)))
}

/// The feed, or that it is as whoever asks has it.
fn answer(request: &HttpRequest, base: &str, of: &Titled, news: &[News]) -> HttpResponse {
    let body = atom(base, of, news);
    let tag = EntityTag::new_strong(secret::digest(&body));
    let changed = SystemTime::UNIX_EPOCH + seconds(updated(news));
    let known = is_known(request, &tag, changed);
    let mut answer = match known {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    answer
        .insert_header(ETag(tag))
        .insert_header(LastModified(HttpDate::from(changed)))
        .insert_header((CACHE_CONTROL, "public, max-age=60"));
    if known {
        return answer.finish();
    }
    answer
        .insert_header((CONTENT_TYPE, "application/atom+xml; charset=utf-8"))
        .body(body)
}

fn seconds(at: NaiveDateTime) -> Duration {
    Duration::from_secs(u64::try_from(at.and_utc().timestamp()).unwrap_or(0))
}

/// Whether a request names the feed as it is. A tag says more than a time, so it decides where there is one.
fn is_known(request: &HttpRequest, tag: &EntityTag, changed: SystemTime) -> bool {
    if request.headers().contains_key("If-None-Match") {
        return match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(tag)),
            Err(_) => false,
        };
    }
    let since = IfModifiedSince::parse(request);
    since.is_ok_and(|since| SystemTime::from(since.0) >= changed)
}

/// When the newest of the news was sealed.
fn updated(news: &[News]) -> NaiveDateTime {
    let sealed = news.iter().map(|one| one.recorded.sealed_at);
    sealed.max().unwrap_or_default()
}

/// A feed by RFC 4287.
fn atom(base: &str, of: &Titled, news: &[News]) -> String {
    let kind = of.followed.kind.in_record();
    let (page, slug) = (escape(&format!("{base}{}", of.path())), escape(&of.slug));
    let (title, base) = (escape(&of.title), escape(base));
    let id = of.followed.id;
    let updated = moment(updated(news));
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"en-GB\">\n\
         <id>urn:uuid:{id}</id>\n<title>{title}</title>\n<updated>{updated}</updated>\n\
         <author><name>Manyhands</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}/feeds/{kind}/{slug}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{page}\"/>\n"
    );
    for one in news {
        let change = one.recorded.change.change();
        let about = one.about.as_ref().unwrap_or(of);
        // Writing to a string cannot fail.
        let _ = write!(
            feed,
            "<entry>\n<id>urn:uuid:{}</id>\n<title>{said}</title>\n<published>{}</published>\n\
             <updated>{}</updated>\n<link rel=\"alternate\" type=\"text/html\" href=\"{base}{}\"/>\n\
             <content type=\"text\">{said}</content>\n</entry>\n",
            change.id,
            moment(change.at),
            moment(one.recorded.sealed_at),
            escape(&about.path()),
            said = escape(&one.sentence),
        );
    }
    feed.push_str("</feed>\n");
    feed
}

fn moment(at: NaiveDateTime) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as it stands in XML, without the characters that may not stand there at all.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}
