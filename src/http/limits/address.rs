//! Where a request comes from: the peer, or the last address that only trusted proxies stand between.

use actix_web::HttpRequest;
use actix_web::http::header::{FORWARDED, HeaderMap};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// How much of an IPv6 address is one customer's: whoever has a /64 has all its addresses.
const CUSTOMER_V6: u8 = 64;

/// Addresses that begin alike: one address, or a network such as `10.0.0.0/8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// The network of an address that begins with its first `prefix` bits.
    fn around(address: IpAddr, prefix: u8) -> Self {
        let keep = |bits: u8| u32::from(bits.saturating_sub(prefix));
        let address = match address.to_canonical() {
            IpAddr::V4(v4) => {
                let mask = u32::MAX.checked_shl(keep(32)).unwrap_or(0);
                IpAddr::V4((v4.to_bits() & mask).into())
            }
            IpAddr::V6(v6) => {
                let mask = u128::MAX.checked_shl(keep(128)).unwrap_or(0);
                IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & mask))
            }
        };
        Self { address, prefix }
    }

    /// Those of one customer: a single IPv4 address, or an IPv6 /64.
    pub(super) fn of_customer(address: IpAddr) -> Self {
        match address.to_canonical() {
            v4 @ IpAddr::V4(_) => Self::around(v4, 32),
            v6 @ IpAddr::V6(_) => Self::around(v6, CUSTOMER_V6),
        }
    }

    fn contains(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.address.is_ipv4() && Self::around(address, self.prefix) == self
    }
}

impl FromStr for Network {
    type Err = String;

    /// Reads `ADDRESS` or `ADDRESS/PREFIX`.
    fn from_str(raw: &str) -> Result<Self, String> {
        let says =
            || "write an address such as 10.0.0.7 or a network such as 10.0.0.0/8".to_owned();
        let (address, prefix) = match raw.split_once('/') {
            Some((address, prefix)) => (address, Some(prefix)),
            None => (raw, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| says())?;
        let address = address.to_canonical();
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => most,
            Some(digits) => digits
                .parse()
                .ok()
                .filter(|prefix| *prefix <= most)
                .ok_or_else(says)?,
        };
        Ok(Self::around(address, prefix))
    }
}

/// The proxies that are believed when they say for whom they ask.
#[derive(Debug, Clone, Default)]
pub(super) struct Proxies(pub(super) Vec<Network>);

impl Proxies {
    /// The client of a request. Somebody who is no trusted proxy may write what they like into the headers.
    pub(super) fn client(&self, request: &HttpRequest) -> IpAddr {
        let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
        // A server always knows its peer; only requests made within this process have none.
        let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED));
        if self.trusts(peer) {
            self.behind(peer, request.headers())
        } else {
            peer
        }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The client that a trusted peer asks for.
    ///
    /// A proxy writes one of the two headers and may pass on the other as the client sent it. When both are there and
    /// do not agree nobody can tell which is true, and the request is the proxy's own.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded = values(headers, FORWARDED.as_str());
        let x_forwarded = values(headers, "x-forwarded-for");
        let standard = forwarded.rev().map(forwarded_for);
        let usual = x_forwarded.rev().map(address);
        match (self.last(peer, standard), self.last(peer, usual)) {
            (Some(one), Some(other)) if one != other => peer,
            (found, other) => found.or(other).unwrap_or(peer),
        }
    }

    /// The first address, from the last hop on, that is no trusted proxy. `None` when there are no hops.
    fn last(&self, peer: IpAddr, hops: impl Iterator<Item = Option<IpAddr>>) -> Option<IpAddr> {
        let mut last = None;
        for hop in hops {
            match hop {
                Some(hop) if self.trusts(hop) => last = Some(hop),
                Some(hop) => return Some(hop),
                // The proxy did not say for whom it asks, so it is the last that is known.
                None => return last.or(Some(peer)),
            }
        }
        last
    }
}

/// The comma-separated values of a header, whose lines follow one another.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> std::vec::IntoIter<&'a str> {
    let lines = headers.get_all(name);
    let values: Vec<&str> = lines
        .flat_map(|line| line.to_str().unwrap_or_default().split(','))
        .map(str::trim)
        .collect();
    values.into_iter()
}

/// The `for` of one hop of `Forwarded`.
fn forwarded_for(hop: &str) -> Option<IpAddr> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    let ip = bare.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|both| both.ip());
    ip.or_else(with_port).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn client(trusted: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies = Proxies(trusted.iter().map(|text| text.parse().unwrap()).collect());
        let request = TestRequest::default().peer_addr(format!("{peer}:4711").parse().unwrap());
        let request = headers
            .iter()
            .fold(request, |request, header| request.append_header(*header));
        proxies.client(&request.to_http_request()).to_string()
    }

    const XFF: &str = "X-Forwarded-For";

    #[test]
    fn networks_hold_the_addresses_that_begin_like_them() {
        let holds = |network: &str, address: &str| {
            let network: Network = network.parse().unwrap();
            network.contains(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.0"));
        assert!(holds("10.1.2.3/9", "10.127.0.1") && !holds("10.1.2.3/9", "10.128.0.1"));
        assert!(holds("192.0.2.7", "192.0.2.7") && !holds("192.0.2.7", "192.0.2.6"));
        assert!(holds("0.0.0.0/0", "192.0.2.7") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(
            holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::")
        );
        assert!(holds("::1", "::1") && holds("127.0.0.1", "::ffff:127.0.0.1"));
        for bad in [
            "",
            "x",
            "10.0.0.0/33",
            "::/129",
            "10.0.0.0/",
            "10.0.0.0/-1",
            "10.0.0",
        ] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_customer_is_an_address_or_a_64() {
        let of = |text: &str| Network::of_customer(text.parse().unwrap());
        assert_ne!(of("192.0.2.7"), of("192.0.2.8"));
        assert_eq!(of("192.0.2.7"), of("::ffff:192.0.2.7"));
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
    }

    #[test]
    fn what_an_untrusted_peer_says_of_itself_is_not_believed() {
        let said = [(XFF, "198.51.100.1"), ("Forwarded", "for=198.51.100.1")];
        assert_eq!(client(&[], "192.0.2.7", &said), "192.0.2.7");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.7", &said), "192.0.2.7");
    }

    #[test]
    fn behind_trusted_proxies_the_last_other_hop_is_the_client() {
        let behind = |headers: &[(&'static str, &str)]| {
            client(&["10.0.0.0/8", "2001:db8:f::/48"], "10.0.0.1", headers)
        };
        assert_eq!(behind(&[(XFF, "192.0.2.7")]), "192.0.2.7");
        // The first was written by the client itself.
        assert_eq!(
            behind(&[(XFF, "198.51.100.1, 192.0.2.7, 10.0.0.2")]),
            "192.0.2.7"
        );
        assert_eq!(
            behind(&[(XFF, "198.51.100.1"), (XFF, "192.0.2.7")]),
            "192.0.2.7"
        );
        assert_eq!(behind(&[(XFF, "192.0.2.7:4711")]), "192.0.2.7");
        assert_eq!(behind(&[(XFF, "10.0.0.3, 10.0.0.2")]), "10.0.0.3");
        let hops = "for=198.51.100.1, For=\"[2001:db8::7]:4711\";proto=https, for=10.0.0.2";
        assert_eq!(behind(&[("Forwarded", hops)]), "2001:db8::7");
        assert_eq!(behind(&[]), "10.0.0.1");
    }

    #[test]
    fn what_cannot_be_told_is_the_proxys_own() {
        let behind =
            |headers: &[(&'static str, &str)]| client(&["10.0.0.0/8"], "10.0.0.1", headers);
        for header in [
            (XFF, "192.0.2.7, unknown"),
            (XFF, ""),
            (XFF, "nonsense"),
            ("Forwarded", "for=_hidden"),
            ("Forwarded", "for=192.0.2.7, proto=https"),
        ] {
            assert_eq!(behind(&[header]), "10.0.0.1", "{header:?}");
        }
        assert_eq!(behind(&[(XFF, "192.0.2.7, unknown, 10.0.0.2")]), "10.0.0.2");
        let both = [(XFF, "192.0.2.7"), ("Forwarded", "for=198.51.100.1")];
        assert_eq!(behind(&both), "10.0.0.1");
        let agreed = [(XFF, "192.0.2.7"), ("Forwarded", "for=192.0.2.7")];
        assert_eq!(behind(&agreed), "192.0.2.7");
    }
}
