//! Access tokens (JWT, HS256, typed) and refresh tokens (opaque, each derived from its predecessor).

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use zeroize::Zeroizing;

use crate::clock::{MINUTE, Time};
use crate::crypto::Keyring;
use crate::error::{Error, Result};

/// How long an access token lives.
pub const ACCESS_LIFE: i64 = 10 * MINUTE;

const TYPE: &str = "at+jwt";
const ISSUER: &str = "heli";

/// More turns than any session lives to see.
const MOST_GENERATIONS: i64 = 20_000;

/// A refresh token: its session, its number in the session's life, and its secret. Its text is `session.number.secret`.
#[derive(Clone)]
pub struct Refresh {
    /// Reference of the session.
    pub session: String,
    /// The how many-th of the session it is.
    pub generation: i64,
    secret: String,
}

impl Refresh {
    /// The first one of a session.
    pub fn first(session: &str) -> Refresh {
        Refresh { session: session.to_owned(), generation: 0, secret: crate::ids::secret() }
    }

    /// Reads one; `None` where it has not the form of one.
    pub fn parse(text: &str) -> Option<Refresh> {
        let mut parts = text.splitn(3, '.');
        let (session, generation, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let good = session.len() == 10 && secret.len() == 26 && generation.len() <= 6;
        good.then_some(())?;
        Some(Refresh { session: session.to_owned(), generation: generation.parse().ok().filter(|n| *n >= 0)?, secret: secret.to_owned() })
    }

    /// What the client keeps.
    pub fn text(&self) -> String {
        format!("{}.{}.{}", self.session, self.generation, self.secret)
    }

    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        crate::crypto::secret_hash(&self.secret)
    }
}

/// What an access token says. Every claim is required; another one is refused.
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    /// Reference of the account.
    sub: String,
    /// Reference of the session.
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Makes and reads tokens.
pub struct Tokens {
    sign: EncodingKey,
    verify: DecodingKey,
    validation: Validation,
    refresh: Zeroizing<[u8; 32]>,
}

impl Tokens {
    /// With keys derived from the platform's secret: the same on every node, and gone with the key file.
    pub fn new(keys: &Keyring) -> Self {
        let secret = keys.derive("access tokens");
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false; // read below against the injected clock
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[ISSUER]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        Tokens {
            sign: EncodingKey::from_secret(secret.as_slice()),
            verify: DecodingKey::from_secret(secret.as_slice()),
            validation,
            refresh: keys.derive("refresh tokens"),
        }
    }

    /// An access token of ten minutes for a session.
    pub fn access(&self, user: &str, session: &str, now: Time) -> Result<String> {
        let at = now.0.div_euclid(1000);
        let (iss, aud) = (ISSUER.to_owned(), ISSUER.to_owned());
        let claims = Claims { iss, aud, sub: user.into(), sid: session.into(), iat: at, nbf: at, exp: at + ACCESS_LIFE / 1000 };
        let header = Header { typ: Some(TYPE.into()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims, &self.sign).map_err(|e| Error::internal(format!("can't sign a token: {e}")))
    }

    /// The references of user and session named by a good access token.
    pub fn read(&self, token: &str, now: Time) -> Result<(String, String)> {
        if token.len() > 1024 {
            return Err(Error::Unauthenticated);
        }
        let data = jsonwebtoken::decode::<Claims>(token, &self.verify, &self.validation).map_err(|_| Error::Unauthenticated)?;
        let (claims, at) = (data.claims, now.0.div_euclid(1000));
        let life = claims.exp.saturating_sub(claims.iat);
        let in_time = claims.nbf <= at && at < claims.exp && claims.iat <= at && life == ACCESS_LIFE / 1000;
        if data.header.typ.as_deref() != Some(TYPE) || !in_time {
            return Err(Error::Unauthenticated);
        }
        Ok((claims.sub, claims.sid))
    }

    /// The one successor of a refresh token: two tabs that hold the same token get the same one.
    pub fn successor(&self, refresh: &Refresh) -> Refresh {
        let secret = crate::crypto::derived_secret(&self.refresh, &refresh.secret);
        Refresh { session: refresh.session.clone(), generation: refresh.generation + 1, secret }
    }

    /// Whether a token is a forefather of the one whose hash is given, so many generations on.
    pub fn leads_to(&self, refresh: &Refresh, hash: &[u8], generation: i64) -> bool {
        let between = generation.saturating_sub(refresh.generation);
        if !(0..=MOST_GENERATIONS).contains(&between) {
            return false;
        }
        let last = (0..between).fold(refresh.clone(), |token, _| self.successor(&token));
        bool::from(subtle::ConstantTimeEq::ct_eq(last.hash().as_slice(), hash))
    }
}
