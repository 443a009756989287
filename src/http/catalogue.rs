//! Every code that a problem may carry, in words: the status it is answered with and what can be done about it.

use crate::error::{FieldCode, RefusalCode};

crate::codes! {
    /// What went wrong before a rule of the domain was asked; a rule's no has a `RefusalCode`.
    pub ProblemCode {
        /// No such resource, or none that this caller may know of.
        NotFound = "not_found",
        /// The resource has no such method.
        MethodNotAllowed = "method_not_allowed",
        /// Nobody is signed in, or the token is no longer good.
        Unauthenticated = "unauthenticated",
        /// Login and password don't fit, or the account is suspended.
        BadCredentials = "bad_credentials",
        /// Signed in, but without the role.
        Forbidden = "forbidden",
        /// A cookie came with a request from another site.
        CrossOrigin = "cross_origin",
        /// The body is not JSON, or nested too deeply.
        MalformedJson = "malformed_json",
        /// Fields must be mended.
        Invalid = "invalid",
        /// The body came too slowly.
        BodyTooSlow = "body_too_slow",
        /// The body is too large.
        PayloadTooLarge = "payload_too_large",
        /// The body is not declared as JSON.
        UnsupportedMediaType = "unsupported_media_type",
        /// POST needs an `Idempotency-Key`.
        KeyMissing = "idempotency_key_missing",
        /// The `Idempotency-Key` is not 16 to 200 visible ASCII characters.
        KeyMalformed = "idempotency_key_malformed",
        /// The same key came with another body.
        KeyReused = "idempotency_key_reused",
        /// PUT, PATCH and DELETE need `If-Match`.
        MatchMissing = "if_match_missing",
        /// `If-Match` is not one strong version.
        MatchMalformed = "if_match_malformed",
        /// It was changed meanwhile.
        Stale = "stale",
        /// Too many requests.
        TooManyRequests = "too_many_requests",
        /// Not possible at the moment; nothing was written.
        Unavailable = "unavailable",
        /// The answer of the database was lost; repeating with the same key settles it.
        OutcomeUnknown = "outcome_unknown",
        /// A fault of the program.
        Internal = "internal",
    }
}

impl ProblemCode {
    /// The status it is answered with.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedJson | Self::KeyMissing | Self::KeyMalformed | Self::MatchMalformed => 400,
            Self::Unauthenticated | Self::BadCredentials => 401,
            Self::Forbidden | Self::CrossOrigin => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::BodyTooSlow => 408,
            Self::Stale => 412,
            Self::PayloadTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::Invalid | Self::KeyReused => 422,
            Self::MatchMissing => 428,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::OutcomeUnknown => 503,
        }
    }

    /// What the caller can do about it.
    pub const fn mend(self) -> &'static str {
        match self {
            Self::NotFound => "Check the address; what you may not see answers the same.",
            Self::MethodNotAllowed => "Use one of the methods in Allow.",
            Self::Unauthenticated => "Sign in, or refresh the access token, and send it as a bearer token.",
            Self::BadCredentials => "Check login and password; an administrator can make a link for a new password.",
            Self::Forbidden => "Ask an administrator of the incident for the role.",
            Self::CrossOrigin => "Send the request from the site itself (Origin), or with a bearer token instead of a cookie.",
            Self::MalformedJson => "Send one JSON value in UTF-8, nested no deeper than the limit (32 unless configured).",
            Self::Invalid => "Mend the fields named in errors and send it again.",
            Self::BodyTooSlow => "Send the body at once, without pauses.",
            Self::PayloadTooLarge => "Send a smaller body.",
            Self::UnsupportedMediaType => "Send the body with Content-Type: application/json.",
            Self::KeyMissing => "Send a random Idempotency-Key with every POST, the same one when repeating it.",
            Self::KeyMalformed => "Make the Idempotency-Key of 16 to 200 visible ASCII characters, at random.",
            Self::KeyReused => "Take a new Idempotency-Key for a new command.",
            Self::MatchMissing => "Read the resource and send its ETag as If-Match.",
            Self::MatchMalformed => "Send one strong version as If-Match, such as \"3\".",
            Self::Stale => "Read the resource again and decide anew.",
            Self::TooManyRequests => "Wait for the seconds in Retry-After.",
            Self::Unavailable => "Nothing was written. Try again after the seconds in Retry-After.",
            Self::OutcomeUnknown => "Repeat the request with the same Idempotency-Key to learn what happened.",
            Self::Internal => "Tell the operators the request id.",
        }
    }
}

pub(super) const REFUSED: &str = "The rules of the domain don't allow it as things stand; the code names the reason.";

/// One entry of the catalogue of problems.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Known {
    /// The stable code.
    pub code: &'static str,
    /// The status it is answered with.
    pub status: u16,
    /// In words.
    pub title: String,
    /// What can be done about it.
    pub detail: &'static str,
}

/// Every problem there is: those of the HTTP layer, then the refusals.
pub fn catalogue() -> Vec<Known> {
    let own = ProblemCode::ALL.iter().map(|code| (code.as_str(), code.status(), code.mend()));
    let refusals = RefusalCode::ALL.iter().map(|code| (code.as_str(), 409, REFUSED));
    own.chain(refusals).map(|(code, status, detail)| Known { code, status, title: title(code), detail }).collect()
}

/// A code in words: `not_enough_left` reads "Not enough left".
pub(super) fn title(code: &str) -> String {
    let words = code.replace('_', " ");
    words[..1].to_ascii_uppercase() + &words[1..]
}

/// What can be done about a field.
pub(super) const fn field_mend(code: FieldCode) -> &'static str {
    match code {
        FieldCode::Missing => "Give a value.",
        FieldCode::Unknown => "Take a value that exists.",
        FieldCode::UnknownField => "Leave this field out.",
        FieldCode::WrongType => "Give a value of the documented type.",
        FieldCode::Empty => "Don't leave it empty.",
        FieldCode::TooLong => "Shorten it.",
        FieldCode::TooShort => "Make it longer.",
        FieldCode::TooMany => "Give fewer.",
        FieldCode::TooSmall => "Give a larger number.",
        FieldCode::TooLarge => "Give a smaller number.",
        FieldCode::NotANumber => "Give a whole number.",
        FieldCode::NotATime => "Give a time in RFC 3339 with its offset.",
        FieldCode::NotADate => "Give a date such as 2022-01-09.",
        FieldCode::NotAnHour => "Give hour and minute, such as 08:30.",
        FieldCode::NotAPhone => "Give a phone number that can be called.",
        FieldCode::NotALogin => "Give an e-mail address, a phone number, or 3 to 64 letters, digits, dots and dashes.",
        FieldCode::NotAReference => "Give the reference as it was answered; one character may be mistyped.",
        FieldCode::NotAZone => "Give a zone such as Asia/Shanghai.",
        FieldCode::NotASlug => "Use small letters, digits and dashes.",
        FieldCode::NotACreditCode => "Check the 18 characters; the check digit does not fit.",
        FieldCode::NotARegion => "Take a region code that exists.",
        FieldCode::ControlCharacter => "Remove the control characters.",
        FieldCode::BidiCharacter => "Remove the characters that turn the writing direction.",
        FieldCode::InTheFuture => "Give a time that has passed.",
        FieldCode::BeforeSubmission => "Give a time after the submission.",
        FieldCode::Duplicate => "Give it once.",
        FieldCode::Inconsistent => "It contradicts another field.",
        FieldCode::WrongPassword => "Give the password that you sign in with.",
        FieldCode::HoldsAContact => "Leave phone numbers out; others may read it.",
        FieldCode::WeakPassword => "Take a longer password that nobody would guess.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_problems_share_a_code() {
        let mut codes: Vec<_> = catalogue().iter().map(|known| known.code).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
