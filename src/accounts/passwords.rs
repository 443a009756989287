//! Passwords: Argon2id behind a gate, so that many sign-ins at once can take neither all memory nor all cores.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, FieldCode, FieldError, Result};

/// Shortest password that people may choose, and the longest that is hashed.
const SHORTEST: usize = 10;
const LONGEST: usize = 256;
/// How many may wait for the gate before it answers "unavailable".
const WAITING: usize = 64;

/// What one hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    fn default() -> Self {
        Cost { memory: 19_456, passes: 2 }
    }
}

impl Cost {
    fn argon2(self) -> Result<Argon2<'static>> {
        let params = Params::new(self.memory, self.passes, 1, None).map_err(|e| Error::internal(format!("password cost: {e}")))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    /// Hashes a password with a new salt. Takes some forty milliseconds.
    pub fn hash(self, password: &SecretString) -> Result<String> {
        let password = prepared(password);
        let hash = self.argon2()?.hash_password(password.expose_secret().as_bytes());
        Ok(hash.map_err(|e| Error::internal(format!("can't hash: {e}")))?.to_string())
    }

    /// Whether a password fits a stored hash.
    pub fn fits(self, password: &SecretString, stored: &str) -> Result<bool> {
        let parsed = PasswordHash::new(stored).map_err(|e| Error::internal(format!("a stored password hash is none: {e}")))?;
        Ok(self.argon2()?.verify_password(prepared(password).expose_secret().as_bytes(), &parsed).is_ok())
    }
}

/// The gate in front of the hashing.
pub struct Passwords {
    cost: Cost,
    /// A hash that no password fits: unknown logins take as long as known ones.
    nobody: String,
    gate: Semaphore,
    waiting: Semaphore,
}

impl Passwords {
    /// One hash at a time per core.
    pub fn new(cost: Cost) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let nobody = cost.hash(&crate::ids::secret().into())?;
        Ok(Passwords { cost, nobody, gate: Semaphore::new(cores), waiting: Semaphore::new(cores + WAITING) })
    }

    /// Hashes a password.
    pub async fn hash(&self, password: SecretString) -> Result<String> {
        let cost = self.cost;
        self.pass(move || cost.hash(&password)).await
    }

    /// Whether a password fits what is stored; takes as long where nothing is.
    pub async fn fits(&self, password: SecretString, stored: Option<String>) -> Result<bool> {
        let (cost, known) = (self.cost, stored.is_some());
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = self.pass(move || cost.fits(&password, &stored)).await?;
        Ok(fits && known)
    }

    async fn pass<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _waiting = self.waiting.try_acquire().map_err(|_| Error::Unavailable("too many sign-ins at once"))?;
        let _gate = self.gate.acquire().await.map_err(|_| Error::Unavailable("stopping"))?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Unavailable("stopping"))?
    }
}

/// Checks a password that a person chose for an account.
pub fn check(pointer: &str, password: &str, login: Option<&str>) -> Result<(), FieldError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Err(FieldError::new(pointer, FieldCode::TooShort).limit(SHORTEST as i64));
    }
    if length > LONGEST {
        return Err(FieldError::new(pointer, FieldCode::TooLong).limit(LONGEST as i64));
    }
    let folded = password.to_lowercase();
    let few = folded.chars().collect::<std::collections::HashSet<_>>().len() < 4;
    let guessed = few || WORST.iter().any(|worst| folded.contains(worst) && folded.len() < worst.len() + 4);
    if guessed || login.is_some_and(|login| folded == login) {
        return Err(FieldError::new(pointer, FieldCode::WeakPassword));
    }
    Ok(())
}

/// The beginnings of every list of guessed passwords that are long enough to be chosen here.
const WORST: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "12345678",
    "qwertyuiop",
    "qwerty123",
    "1qaz2wsx3edc",
    "1q2w3e4r5t",
    "password",
    "passw0rd",
    "iloveyou",
    "administrator",
    "admin123",
    "letmein",
    "welcome",
    "woaini1314",
    "woaini520",
    "5201314",
    "qq123456",
    "a123456789",
    "abc123456",
    "abcd1234",
    "zxcvbnm123",
    "asdfghjkl",
    "1029384756",
    "147258369",
    "123123123",
    "112233445566",
    "heliheli",
    "changeme",
    "superman123",
];

/// One form however the keyboard composes it.
fn prepared(password: &SecretString) -> SecretString {
    password.expose_secret().nfkc().collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory: 8, passes: 1 };

    #[test]
    fn a_password_fits_its_own_hash_alone() {
        let stored = CHEAP.hash(&"ein langes Wort".into()).unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert!(CHEAP.fits(&"ein langes Wort".into(), &stored).unwrap());
        assert!(CHEAP.fits(&"ein langes Ｗort".into(), &stored).unwrap(), "full width is the same letter");
        assert!(!CHEAP.fits(&"ein langes wort".into(), &stored).unwrap());
        assert_ne!(stored, CHEAP.hash(&"ein langes Wort".into()).unwrap());
    }

    #[test]
    fn guessed_passwords_are_refused() {
        let code = |password: &str| check("/password", password, Some("li@example.org")).map_err(|e| e.code);
        assert_eq!(code("kurz"), Err(FieldCode::TooShort));
        assert_eq!(code(&"x".repeat(257)), Err(FieldCode::TooLong));
        for bad in ["1234567890", "Password1!", "aaaaaaaaaaab", "li@example.org", "woaini1314!"] {
            assert_eq!(code(bad), Err(FieldCode::WeakPassword), "{bad}");
        }
        assert_eq!(code("drei Birnen am Dienstag"), Ok(()));
        assert_eq!(code("长丰园社区的门牌号码二十"), Ok(()));
    }

    #[test]
    fn a_full_gate_says_so_at_once() {
        actix_web::rt::System::new().block_on(async {
            let passwords = Passwords::new(CHEAP).unwrap();
            let all = u32::try_from(passwords.waiting.available_permits()).unwrap();
            let _held = passwords.waiting.acquire_many(all).await.unwrap();
            assert!(matches!(passwords.hash("anything at all".into()).await, Err(Error::Unavailable(_))));
        });
    }

    #[test]
    fn nobody_has_no_password() {
        actix_web::rt::System::new().block_on(async {
            let passwords = Passwords::new(CHEAP).unwrap();
            assert!(!passwords.fits("anything at all".into(), None).await.unwrap());
            let stored = passwords.hash("anything at all".into()).await.unwrap();
            assert!(passwords.fits("anything at all".into(), Some(stored)).await.unwrap());
        });
    }
}
