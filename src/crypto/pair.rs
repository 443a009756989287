//! A key pair: sealing under its data key, blind index under its index key.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use secrecy::{ExposeSecret, SecretBox};
use zeroize::Zeroizing;

use super::{mac, random};
use crate::error::{Error, Result};

/// Envelope: version, key id (8 bytes), nonce (24 bytes), ciphertext with its tag.
const VERSION: u8 = 1;
const HEAD: usize = 1 + 8 + 24;

pub(super) type Key = SecretBox<[u8; 32]>;

/// A new random key.
pub(super) fn random_key() -> Key {
    SecretBox::init_with_mut(|key: &mut [u8; 32]| *key = random())
}

/// The data key and the index key of the platform or of one incident.
pub struct KeyPair {
    id: i64,
    data: Key,
    index: Key,
}

impl KeyPair {
    pub(super) fn new(id: i64, data: Key, index: Key) -> Self {
        KeyPair { id, data, index }
    }

    /// Seals a text for one place: table, column and the reference (or other outside name) of the row.
    pub fn seal(&self, table: &str, column: &str, row: &str, plaintext: &str) -> Vec<u8> {
        seal(&self.data, self.id, random(), &place(table, column, row), plaintext.as_bytes())
    }

    /// Opens what was sealed for the same place; anything else is a fault of the data.
    pub fn open(&self, table: &str, column: &str, row: &str, sealed: &[u8]) -> Result<String> {
        let plain = open(&self.data, self.id, &place(table, column, row), sealed)?;
        String::from_utf8(plain.to_vec()).map_err(|_| Error::internal("sealed text is not UTF-8"))
    }

    /// The blind index of a canonical text: equal texts of one domain give equal tokens, and only within this pair.
    pub fn token(&self, domain: &str, canonical: &str) -> Vec<u8> {
        mac(self.index.expose_secret(), &[b"token", domain.as_bytes(), canonical.as_bytes()]).to_vec()
    }

    /// A key of its own for one purpose (signing tokens, deriving refresh tokens), derived from the index key.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(mac(self.index.expose_secret(), &[b"derive", purpose.as_bytes()]))
    }
}

/// The keys of a pair that is yet to be stored: made before the write closure, since a closure may run again.
pub struct FreshPair {
    pub(super) data: Key,
    pub(super) index: Key,
    nonces: [[u8; 24]; 2],
}

impl FreshPair {
    /// New random keys.
    #[expect(clippy::new_without_default, reason = "a default that differs each time would surprise")]
    pub fn new() -> Self {
        FreshPair { data: random_key(), index: random_key(), nonces: [random(), random()] }
    }

    /// Both keys wrapped for their owner.
    pub(super) fn wrap(&self, master: &Key, owner: &str) -> [Vec<u8>; 2] {
        let wrap = |key: &Key, nonce, column| seal(master, 0, nonce, &place("keys", column, owner), key.expose_secret());
        [wrap(&self.data, self.nonces[0], "wrapped_data"), wrap(&self.index, self.nonces[1], "wrapped_index")]
    }
}

/// Unwraps one key of a pair.
pub(super) fn unwrap_key(master: &Key, column: &str, owner: &str, wrapped: &[u8]) -> Result<Key> {
    let plain = open(master, 0, &place("keys", column, owner), wrapped)?;
    let bytes: &[u8; 32] = plain.as_slice().try_into().map_err(|_| Error::internal("a wrapped key has the wrong length"))?;
    Ok(SecretBox::init_with_mut(|key: &mut [u8; 32]| key.copy_from_slice(bytes)))
}

fn place(table: &str, column: &str, row: &str) -> String {
    format!("{table}|{column}|{row}")
}

fn associated(id: i64, place: &str) -> Vec<u8> {
    [&[VERSION][..], &id.to_be_bytes(), place.as_bytes()].concat()
}

fn seal(key: &Key, id: i64, nonce: [u8; 24], place: &str, plaintext: &[u8]) -> Vec<u8> {
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let payload = Payload { msg: plaintext, aad: &associated(id, place) };
    let ciphertext = cipher.encrypt(&XNonce::from(nonce), payload).expect("a text in memory is shorter than the cipher's limit");
    [&[VERSION][..], &id.to_be_bytes(), &nonce, &ciphertext].concat()
}

fn open(key: &Key, id: i64, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (head, ciphertext) = sealed.split_at_checked(HEAD).ok_or_else(|| Error::internal("sealed value is too short"))?;
    if head[0] != VERSION || head[1..9] != id.to_be_bytes() {
        return Err(Error::internal("sealed value has another version or key"));
    }
    let nonce: [u8; 24] = head[9..].try_into().map_err(|_| Error::internal("sealed value is too short"))?;
    let payload = Payload { msg: ciphertext, aad: &associated(id, place) };
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let plain = cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| Error::internal("sealed value does not open here"))?;
    Ok(Zeroizing::new(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(id: i64) -> KeyPair {
        KeyPair::new(id, random_key(), random_key())
    }

    #[test]
    fn sealed_text_opens_only_in_its_place_and_under_its_key() {
        let keys = pair(7);
        let sealed = keys.seal("contacts", "phone_sealed", "AAAA", "13800000000");
        assert_eq!(keys.open("contacts", "phone_sealed", "AAAA", &sealed).unwrap(), "13800000000");
        assert!(keys.open("contacts", "name_sealed", "AAAA", &sealed).is_err());
        assert!(keys.open("contacts", "phone_sealed", "AAAB", &sealed).is_err());
        assert!(pair(7).open("contacts", "phone_sealed", "AAAA", &sealed).is_err());
        assert!(keys.open("contacts", "phone_sealed", "AAAA", &sealed[..20]).is_err());
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            assert!(keys.open("contacts", "phone_sealed", "AAAA", &broken).is_err(), "byte {at}");
        }
        assert_ne!(sealed, keys.seal("contacts", "phone_sealed", "AAAA", "13800000000"), "a fresh nonce each time");
    }

    #[test]
    fn tokens_agree_within_a_pair_and_a_domain_only() {
        let keys = pair(1);
        assert_eq!(keys.token("phone", "+8613800000000"), keys.token("phone", "+8613800000000"));
        assert_ne!(keys.token("phone", "+8613800000000"), keys.token("login", "+8613800000000"));
        assert_ne!(keys.token("phone", "+8613800000000"), pair(1).token("phone", "+8613800000000"));
        assert_ne!(keys.token("a", "bc"), keys.token("ab", "c"));
    }

    #[test]
    fn a_wrapped_key_belongs_to_its_owner_and_column() {
        let master = random_key();
        let fresh = FreshPair::new();
        let [data, index] = fresh.wrap(&master, "3");
        assert_eq!(unwrap_key(&master, "wrapped_data", "3", &data).unwrap().expose_secret(), fresh.data.expose_secret());
        assert!(unwrap_key(&master, "wrapped_data", "4", &data).is_err());
        assert!(unwrap_key(&master, "wrapped_data", "3", &index).is_err());
        assert!(unwrap_key(&random_key(), "wrapped_data", "3", &data).is_err());
    }
}
