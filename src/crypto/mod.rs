//! Secrets at rest: sealed fields, blind indexes, the key file, and the key pairs of the platform and of each incident.
//!
//! Every incident has a data key (sealing) and an index key (blind index), wrapped by the key of `HELI_KEY_FILE`; accounts, organisations
//! and stored answers use the platform's pair. Destroying an incident deletes its pair: what was sealed with it can't be read any more.
//! A sealed field is bound to its table, column and row reference, so that it can't be moved to another place.

mod keyfile;
mod keyring;
mod pair;
mod store;

pub use keyfile::{KeyFile, KeyFileError};
pub use keyring::{Keyring, OpenError};
pub use pair::{FreshPair, KeyPair};

use sha2::{Digest, Sha256};

/// The hash under which a random secret of at least 128 bits (a link, a refresh token) is stored and found.
pub fn secret_hash(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Random bytes from the system's generator.
#[expect(clippy::disallowed_methods, reason = "keys and nonces are random")]
fn random<const N: usize>() -> [u8; N] {
    use rand::RngExt;
    let mut bytes = [0; N];
    rand::rng().fill(&mut bytes);
    bytes
}

/// HMAC-SHA-256 over several parts, each preceded by its length, so that no two lists of parts give the same text.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// A secret of 130 bits derived from another text under a key, written as link secrets are.
pub fn derived_secret(key: &[u8; 32], from: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    mac(key, &[b"secret", from.as_bytes()])[..26].iter().map(|byte| ALPHABET[usize::from(byte & 31)] as char).collect()
}
