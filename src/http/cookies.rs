//! The two cookies of a browser's session: HttpOnly, SameSite=Lax, `__Host-` where people come by https.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};

use super::state::Settings;

/// The access token's cookie, if there is one.
pub(super) fn access(settings: &Settings, req: &HttpRequest) -> Option<String> {
    req.cookie(name(settings, Kind::Access)).map(|cookie| cookie.value().to_owned())
}

/// The refresh token's cookie, if there is one.
pub fn refresh(settings: &Settings, req: &HttpRequest) -> Option<String> {
    req.cookie(name(settings, Kind::Refresh)).map(|cookie| cookie.value().to_owned())
}

/// Sets both cookies for so many seconds; empty values and zero seconds remove them.
pub fn set(settings: &Settings, access: &str, refresh: &str, seconds: i64) -> [Cookie<'static>; 2] {
    [(Kind::Access, access), (Kind::Refresh, refresh)].map(|(kind, value)| {
        Cookie::build(name(settings, kind), value.to_owned())
            .path("/")
            .http_only(true)
            .secure(settings.https())
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(seconds))
            .finish()
    })
}

enum Kind {
    Access,
    Refresh,
}

fn name(settings: &Settings, kind: Kind) -> &'static str {
    match (kind, settings.https()) {
        (Kind::Access, true) => "__Host-heli_access",
        (Kind::Access, false) => "heli_access",
        (Kind::Refresh, true) => "__Host-heli_refresh",
        (Kind::Refresh, false) => "heli_refresh",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_makes_them_secure_and_bound_to_the_host() {
        let text = |url: Option<&str>| {
            let settings = Settings { public_url: url.map(str::to_owned), ..Settings::default() };
            set(&settings, "a", "r", 60).map(|cookie| cookie.to_string())
        };
        let attributes = "HttpOnly; SameSite=Lax; Path=/; Max-Age=60";
        assert_eq!(text(None), [format!("heli_access=a; {attributes}"), format!("heli_refresh=r; {attributes}")]);
        let secure = attributes.replace("Path", "Secure; Path");
        let expected = [format!("__Host-heli_access=a; {secure}"), format!("__Host-heli_refresh=r; {secure}")];
        assert_eq!(text(Some("https://heli.example.org")), expected);
    }
}
