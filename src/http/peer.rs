//! Where a request comes from: the address behind trusted proxies, and whether a cookie's request comes from the site itself.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use actix_web::HttpRequest;
use actix_web::http::header;

use super::state::Settings;

/// A range of addresses, `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: u128,
    bits: u32,
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("{text:?} is not a network such as 10.0.0.0/8 or fd00::/8");
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix: u32 = prefix.map_or(Ok(most), str::parse).map_err(|_| bad())?;
        if prefix > most {
            return Err(bad());
        }
        let bits = 128 - most + prefix;
        Ok(Network { address: mask(number(address), bits), bits })
    }
}

impl Network {
    /// Whether it spans every address of a family.
    pub fn is_everybody(self) -> bool {
        self.bits == 0 || (self.bits == 96 && self.holds(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED)))
    }

    fn holds(self, address: IpAddr) -> bool {
        mask(number(address), self.bits) == self.address
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().into(),
        IpAddr::V6(v6) => v6.into(),
    }
}

fn mask(number: u128, bits: u32) -> u128 {
    if bits == 0 { 0 } else { number & (u128::MAX << (128 - bits)) }
}

/// The caller's address: the rightmost that is not a trusted proxy's.
pub(super) fn address(settings: &Settings, req: &HttpRequest) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    let trusted = |address: IpAddr| settings.trusted_proxies.iter().any(|network| network.holds(address));
    if !trusted(peer) {
        return peer;
    }
    let forwarded: Vec<&str> = req.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).collect();
    let mut nearest = peer;
    for hop in forwarded.iter().flat_map(|list| list.split(',')).rev() {
        match hop.trim().parse::<IpAddr>() {
            Ok(address) => nearest = address.to_canonical(),
            Err(_) => break,
        }
        if !trusted(nearest) {
            break;
        }
    }
    nearest
}

/// Whether whoever asks is at this very machine, with nothing in between.
pub fn at_this_machine(req: &HttpRequest) -> bool {
    let near = req.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    near && !["x-forwarded-for", "forwarded", "via"].iter().any(|name| req.headers().contains_key(*name))
}

/// What limits count by: an IPv4 address, or the /64 of an IPv6 address.
pub(super) fn bucket(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(_) => number(address),
        IpAddr::V6(_) => mask(number(address), 64),
    }
}

/// What guesses of a login count by: the /24 of an IPv4 address, the /64 of an IPv6 address.
pub(super) fn network(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(_) => mask(number(address), 120),
        IpAddr::V6(_) => mask(number(address), 64),
    }
}

/// Whether an unsafe request that carries a cookie comes from the site itself.
pub fn same_origin(settings: &Settings, req: &HttpRequest) -> bool {
    let Some(origin) = req.headers().get(header::ORIGIN).and_then(|value| value.to_str().ok()) else { return false };
    match &settings.public_url {
        Some(url) => origin == url,
        None => {
            let host = req.headers().get(header::HOST).and_then(|value| value.to_str().ok());
            host.is_some_and(|host| origin == format!("http://{host}") || origin == format!("https://{host}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn behind(proxies: &[&str], peer: &str, forwarded: &str) -> IpAddr {
        let trusted_proxies = proxies.iter().map(|text| text.parse().unwrap()).collect();
        let settings = Settings { trusted_proxies, ..Settings::default() };
        let req = TestRequest::default().peer_addr(peer.parse().unwrap()).insert_header(("x-forwarded-for", forwarded));
        address(&settings, &req.to_http_request())
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(behind(&[], "192.0.2.1:1", "198.51.100.7"), ip("192.0.2.1"));
        assert_eq!(behind(&["10.0.0.0/8"], "10.1.2.3:1", "198.51.100.7"), ip("198.51.100.7"));
        assert_eq!(behind(&["10.0.0.0/8"], "10.1.2.3:1", "203.0.113.9, 198.51.100.7, 10.9.9.9"), ip("198.51.100.7"));
        assert_eq!(behind(&["10.0.0.0/8"], "10.1.2.3:1", "nonsense"), ip("10.1.2.3"));
        assert_eq!(behind(&["fd00::/8"], "[fd00::1]:1", "2001:db8::1"), ip("2001:db8::1"));
        assert!("10.0.0.0/33".parse::<Network>().is_err() && "x/8".parse::<Network>().is_err());
        assert_eq!(bucket(ip("2001:db8::1")), bucket(ip("2001:db8::2")));
        assert_ne!(bucket(ip("192.0.2.1")), bucket(ip("192.0.2.2")));
    }
}
