//! Webhooks: where changes are delivered to, how a delivery is signed, and when one that failed is tried again.
//!
//! Signed as the Standard Webhooks specification has it: `v1,` and the base64 of HMAC-SHA256 over `ID.TIMESTAMP.BODY`,
//! under a secret that is written `whsec_` and base64.

use crate::{Error, Result, text_enum};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDateTime, TimeDelta};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Random bytes in a secret.
pub const SECRET_BYTES: usize = 32;
/// What a secret begins with.
const PREFIX: &str = "whsec_";
/// The longest address, in bytes.
const LONGEST_URL: usize = 2_000;
/// The most webhooks of one organisation.
pub const MOST_WEBHOOKS: i64 = 10;
/// The most changes in one delivery.
pub const BATCH: i64 = 50;
/// How long after a failure the first new try comes.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(1);
/// The longest pause between two tries.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(12);
/// A webhook that failed for so long is paused.
const GIVES_UP: TimeDelta = TimeDelta::days(3);
/// How long deliveries are kept.
pub const KEPT: TimeDelta = TimeDelta::days(30);

text_enum!(
    /// Whether a webhook is delivered to.
    pub enum WebhookState as "webhook state" {
        /// It is.
        Active = "ACTIVE",
        /// Not until somebody resumes it.
        Paused = "PAUSED",
    }
);

impl WebhookState {
    /// The state after somebody pauses or resumes it.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is in that state already.
    pub fn becomes(self, next: Self) -> Result<Self> {
        if self != next {
            return Ok(next);
        }
        let now = match self {
            Self::Active => "active",
            Self::Paused => "paused",
        };
        Err(Error::Conflict(format!("This webhook is {now} already.")))
    }
}

/// Writes a secret from its random bytes.
pub fn secret(random: &[u8; SECRET_BYTES]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// The signature of a delivery: `v1,` and base64.
///
/// # Errors
/// [`Error::Internal`] when the secret is not one of ours.
pub fn sign(secret: &str, id: &str, timestamp: i64, body: &str) -> Result<String> {
    let bare = secret.strip_prefix(PREFIX);
    let key = bare.and_then(|bare| STANDARD.decode(bare).ok());
    let key = key.ok_or_else(|| Error::internal("a webhook has no secret of ours"))?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(Error::internal)?;
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    Ok(format!(
        "v1,{}",
        STANDARD.encode(mac.finalize().into_bytes())
    ))
}

/// How long after the `failures`th failure in a row the next try comes: twice as long each time, from a minute to twelve
/// hours.
pub fn pause_after(failures: i32) -> TimeDelta {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(0);
    let factor = 1_i32 << doublings.min(16);
    (FIRST_PAUSE * factor).min(LONGEST_PAUSE)
}

/// Whether a webhook that fails since a moment is paused now.
pub fn gives_up(failing_since: NaiveDateTime, now: NaiveDateTime) -> bool {
    now - failing_since >= GIVES_UP
}

/// Checks that changes may be delivered to an address: by `https`, or by `http` to this machine alone where `plain` says
/// so. Where its name leads is looked at when it is delivered to.
///
/// # Errors
/// [`Error::Invalid`] when it is no such address.
pub fn check_url(raw: &str, plain: bool) -> Result<String> {
    let url = raw.trim();
    let refuse = |reason: &str| Err(Error::invalid("url", reason));
    if url.len() > LONGEST_URL || url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return refuse("Give an address of at most 2,000 bytes without blanks.");
    }
    let (host, secure) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (host(rest), true),
        (_, Some(rest)) => (host(rest), false),
        _ => return refuse("Give an address that begins with https://."),
    };
    if host.is_empty() || host.contains('@') {
        return refuse("Give an address with a host, and without a user's name.");
    }
    let here = ["localhost", "127.0.0.1", "[::1]"].contains(&host.as_str());
    if !(secure || plain && here) {
        return refuse("Only https is delivered to.");
    }
    Ok(url.to_owned())
}

/// The host of an address, without its port, with what may not be before it.
fn host(rest: &str) -> String {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    host.to_ascii_lowercase()
}

/// Whether an address is one of the public internet: not of this machine, a private network, or set aside.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocols = a == 192 && b == 0 && c == 0;
    let benchmarks = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 224
        || shared
        || protocols
        || benchmarks
        || v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation())
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let segments = v6.segments();
    // Addresses that stand for one of IPv4 lead there: mapped, compatible, translated (64:ff9b::/96) and 6to4.
    let embedded = match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some((high, low))
        }
        [0x2002, high, low, ..] => Some((high, low)),
        _ => None,
    };
    if let Some((high, low)) = embedded {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        return is_public_v4(Ipv4Addr::new(a, b, c, d));
    }
    // Of the rest, what is given out is 2000::/3, without Teredo (2001::/32) and the addresses of examples.
    segments[0] & 0xe000 == 0x2000
        && !(segments[0] == 0x2001 && (segments[1] == 0 || segments[1] == 0xdb8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_delivery_is_signed_as_the_specification_shows() {
        // The example of the specification's own libraries.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = sign(
            secret,
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(
            signed.unwrap(),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        assert!(sign("mhd_x", "a", 1, "").is_err());
        let own = super::secret(&[7; SECRET_BYTES]);
        assert!(own.starts_with("whsec_Bwc") && sign(&own, "a", 1, "").is_ok());
    }

    #[test]
    fn pauses_double_from_a_minute_to_twelve_hours() {
        let minutes: Vec<i64> = (0..14).map(|n| pause_after(n).num_minutes()).collect();
        assert_eq!(
            minutes,
            [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 720, 720, 720]
        );
        assert_eq!(pause_after(i32::MAX).num_hours(), 12);
    }

    #[test]
    fn three_days_of_failure_are_enough() {
        let since: NaiveDateTime = "2026-03-01T10:00:00".parse().unwrap();
        assert!(!gives_up(since, since + TimeDelta::hours(71)));
        assert!(gives_up(since, since + TimeDelta::hours(72)));
    }

    #[test]
    fn a_webhook_is_paused_and_resumed_in_turn() {
        for from in WebhookState::ALL {
            for to in WebhookState::ALL {
                assert_eq!(from.becomes(*to).is_ok(), from != to, "{from} → {to}");
            }
        }
    }

    #[test]
    fn only_https_is_delivered_to_and_plain_http_to_this_machine_where_allowed() {
        for (url, plain, may) in [
            ("https://hooks.example/a?b=1", false, true),
            (" https://hooks.example:8443 ", false, true),
            ("http://hooks.example/", true, false),
            ("http://127.0.0.1:9/", false, false),
            ("http://127.0.0.1:9/", true, true),
            ("http://localhost/x", true, true),
            ("http://[::1]:9/x", true, true),
            ("http://localhost.example/x", true, false),
            ("http://127.0.0.1@hooks.example/", true, false),
            ("https://me:secret@hooks.example/", false, false),
            ("https://", false, false),
            ("https:///x", false, false),
            ("ftp://hooks.example/", true, false),
            ("https://hooks.example/a b", false, false),
            ("hooks.example", false, false),
        ] {
            assert_eq!(check_url(url, plain).is_ok(), may, "{url}");
        }
        assert!(check_url(&format!("https://h.example/{}", "x".repeat(2_000)), false).is_err());
    }

    #[test]
    fn addresses_of_this_machine_and_of_private_networks_are_not_public() {
        for (address, public) in [
            ("8.8.8.8", true),
            ("127.0.0.1", false),
            ("0.0.0.0", false),
            ("10.1.2.3", false),
            ("172.16.0.1", false),
            ("172.32.0.1", true),
            ("192.168.1.1", false),
            ("169.254.169.254", false),
            ("100.64.0.1", false),
            ("100.128.0.1", true),
            ("192.0.2.1", false),
            ("198.18.0.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::", false),
            ("fe80::1", false),
            ("fd00::1", false),
            ("ff02::1", false),
            ("2001:db8::1", false),
            ("2001::1", false),
            ("::ffff:10.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::a00:1", false),
            ("2002:a00:1::", false),
            ("2606:4700::1111", true),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    proptest! {
        #[test]
        fn no_mapped_address_is_more_public_than_its_own(bits in any::<u32>()) {
            let v4 = Ipv4Addr::from(bits);
            prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), is_public(v4.into()));
        }
    }
}
