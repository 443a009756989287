//! What leaves the house instead of row numbers: random references with a check character, and secrets for links.

use std::fmt;

use rand::RngExt;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A public reference: ten characters of Crockford's base 32, nine random (45 bits) and a check character (Luhn mod 32), so that one
/// mistyped character, or two neighbours swapped, is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(pattern = "^[0-9A-HJKMNP-TV-Z]{10}$")]
pub struct Reference(String);

impl Reference {
    /// A new random reference.
    #[expect(clippy::disallowed_methods, reason = "references are random; scenarios that must repeat use `from_number`")]
    pub fn random() -> Self {
        Self::from_number(rand::rng().random::<u64>())
    }

    /// The reference of a number (its low 45 bits): for scenarios whose references must be the same at every load.
    pub fn from_number(number: u64) -> Self {
        let mut text: String = (0..9).rev().map(|i| ALPHABET[(number >> (5 * i)) as usize & 31] as char).collect();
        text.push(check_character(&text));
        Reference(text)
    }

    /// Reads what a person typed: case, spaces and dashes don't matter, O is 0, I and L are 1. `None` where the check fails.
    pub fn parse(text: &str) -> Option<Self> {
        let mut plain = String::with_capacity(10);
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            plain.push(match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => c,
                _ => return None,
            });
        }
        (plain.len() == 10 && check_character(&plain[..9]) == plain.as_bytes()[9] as char).then_some(Reference(plain))
    }

    /// A reference read back from the database.
    pub fn stored(text: String) -> Self {
        Reference(text)
    }

    /// The ten characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A random number from which the references of one act follow (`ledger::Act::seed`), drawn before the write.
#[expect(clippy::disallowed_methods, reason = "acts are random; scenarios that must repeat give their own seeds")]
pub fn seed() -> u64 {
    rand::rng().random()
}

/// A stream of references and seeds that follow from one number, drawn before a write: random, or the same at every load of a scenario.
#[derive(Clone, Debug)]
pub struct Draw(u64);

impl Draw {
    /// One that nobody can foresee.
    pub fn random() -> Self {
        Draw(seed())
    }

    /// The one that follows from a number.
    pub fn of(number: u64) -> Self {
        Draw(number)
    }

    /// The next number (SplitMix64).
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next reference.
    pub fn reference(&mut self) -> Reference {
        Reference::from_number(self.number())
    }
}

/// A secret of 130 random bits as 26 characters of Crockford's base 32: for links, refresh tokens and set-up codes.
#[expect(clippy::disallowed_methods, reason = "secrets are random")]
pub fn secret() -> String {
    let mut rng = rand::rng();
    (0..26).map(|_| ALPHABET[rng.random::<u8>() as usize & 31] as char).collect()
}

/// Luhn mod 32 over the code points of Crockford's alphabet.
fn check_character(text: &str) -> char {
    let mut sum = 0;
    for (i, c) in text.bytes().rev().enumerate() {
        let value = ALPHABET.iter().position(|&a| a == c).unwrap_or(0);
        let product = if i % 2 == 0 { value * 2 } else { value };
        sum += product / 32 + product % 32;
    }
    ALPHABET[(32 - sum % 32) % 32] as char
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_character_is_noticed() {
        let reference = Reference::from_number(0x1234_5678_9abc);
        for position in 0..10 {
            for &other in ALPHABET {
                let mut typed = reference.as_str().as_bytes().to_vec();
                if typed[position] == other {
                    continue;
                }
                typed[position] = other;
                let typed = String::from_utf8(typed).expect("ascii");
                assert_eq!(Reference::parse(&typed), None, "{typed} for {reference}");
            }
        }
        let spoken = format!("{}-{}", &reference.as_str()[..5].to_lowercase(), &reference.as_str()[5..]);
        assert_eq!(Reference::parse(&spoken), Some(reference));
    }
}
