//! Logins: an e-mail address, a phone number, or a plain name; one canonical form, so that equal logins have equal blind indexes.

use unicode_normalization::UnicodeNormalization;

use crate::crypto::KeyPair;
use crate::error::{FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::phone::Phone;

/// A login in its canonical form. Its `Debug` shows the mask alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Login(Kind);

#[derive(Clone, PartialEq, Eq)]
enum Kind {
    Mail(String),
    Phone(Phone),
    Name(String),
}

impl Login {
    /// Reads what a person typed; `None` where it can be no login.
    pub fn parse(typed: &str) -> Option<Login> {
        if typed.len() > 512 {
            return None;
        }
        let text: String = typed.nfkc().collect::<String>().trim().to_lowercase();
        if text.contains('@') {
            return is_mail(&text).then_some(Login(Kind::Mail(text)));
        }
        if let Some(phone) = Phone::parse(&text) {
            return Some(Login(Kind::Phone(phone)));
        }
        let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'-');
        ((3..=64).contains(&text.len()) && text.bytes().all(plain)).then_some(Login(Kind::Name(text)))
    }

    /// The same with the error at a field.
    pub fn read(pointer: &str, typed: &str) -> Result<Login, FieldError> {
        Login::parse(typed).ok_or_else(|| FieldError::new(pointer, FieldCode::NotALogin))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kind::Mail(text) | Kind::Name(text) => text,
            Kind::Phone(phone) => phone.as_str(),
        }
    }

    /// What lists show: `l****@example.org`, `138****0000`; a plain name is nobody's contact and stands as it is.
    pub fn masked(&self) -> String {
        match &self.0 {
            Kind::Mail(text) => match text.split_once('@') {
                Some((local, domain)) => format!("{}****@{domain}", local.chars().next().unwrap_or('*')),
                None => "****".to_owned(),
            },
            Kind::Phone(phone) => phone.masked(),
            Kind::Name(text) => text.clone(),
        }
    }

    /// The blind index under which an account is found.
    pub fn token(&self, platform: &KeyPair) -> Vec<u8> {
        platform.token("login", self.as_str())
    }

    /// Sealed for the account of a reference.
    pub fn seal(&self, platform: &KeyPair, account: &Reference) -> Vec<u8> {
        platform.seal("users", "login_sealed", account.as_str(), self.as_str())
    }

    /// The login of an account.
    pub fn open(platform: &KeyPair, account: &Reference, sealed: &[u8]) -> Result<Login> {
        let text = platform.open("users", "login_sealed", account.as_str(), sealed)?;
        Ok(Login::parse(&text).unwrap_or(Login(Kind::Name(text))))
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let local_good = (1..=64).contains(&local.len()) && local.bytes().all(|c| c.is_ascii_graphic() && !b"@,;:<>()[]\\\"".contains(&c));
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-')
    };
    local_good && domain.len() <= 253 && domain.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_login_has_one_form() {
        let form = |typed: &str| Login::parse(typed).map(|login| (login.as_str().to_owned(), login.masked()));
        let is = |form: &str, mask: &str| Some((form.to_owned(), mask.to_owned()));
        assert_eq!(form(" Li.Hong@Example.org "), is("li.hong@example.org", "l****@example.org"));
        assert_eq!(form("138 0000 0000"), is("+8613800000000", "138****0000"));
        assert_eq!(form("Desk_1"), is("desk_1", "desk_1"));
        for bad in ["", "ab", "a b c", "张三丰", "a@", "@b", "a@b@c d", "x".repeat(65).as_str(), "a@-b.org"] {
            assert_eq!(form(bad), None, "{bad}");
        }
    }
}
