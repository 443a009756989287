//! Named people: as they are sent in, as they were read, and as they go into the database.

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::crypto::KeyPair;
use crate::error::{FieldCode, FieldError};
use crate::ids::{Draw, Reference};
use crate::needs::model::NAME_LIMIT;
use crate::phone::Phone;
use crate::text;

/// A named person, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPerson {
    /// The name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// The person's own phone.
    #[schema(max_length = 40)]
    pub phone: Option<String>,
}

/// A named person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The own phone.
    pub phone: Option<Phone>,
}

impl Person {
    /// Reads one; what is wrong with it is added to `errors`.
    pub fn read(pointer: &str, new: &NewPerson, errors: &mut Vec<FieldError>) -> Option<Person> {
        let name = FieldError::collect(errors, text::line(&format!("{pointer}/name"), &new.name, NAME_LIMIT));
        let phone = new
            .phone
            .as_deref()
            .map(|typed| Phone::parse(typed).ok_or_else(|| FieldError::new(format!("{pointer}/phone"), FieldCode::NotAPhone)));
        let phone = match phone {
            Some(read) => Some(FieldError::collect(errors, read)?),
            None => None,
        };
        Some(Person { name: name?, phone })
    }

    /// What makes two people one: the name however it is spaced and written, and the phone.
    pub fn key(&self) -> (String, Option<&str>) {
        let name = self.name.nfkc().filter(|c| !c.is_whitespace() && *c != '·').flat_map(char::to_lowercase).collect();
        (name, self.phone.as_ref().map(Phone::as_str))
    }
}

/// A named person sealed for a need, before the write.
#[derive(Clone, Debug)]
pub struct PreparedPerson {
    /// Its reference, unless the person is known already.
    pub(super) reference: Reference,
    /// By which it is known.
    pub(super) token: Vec<u8>,
    /// One in the incident, not only in its need.
    pub(super) keyed: bool,
    pub(super) name_sealed: Vec<u8>,
    pub(super) phone_sealed: Option<Vec<u8>>,
}

impl PreparedPerson {
    /// Its reference, unless the person is known already.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// Seals a person for a need.
    pub fn new(keys: &KeyPair, need: &Reference, person: &Person, draw: &mut Draw) -> Self {
        let token = match person.key() {
            (name, Some(phone)) => keys.token("person", &format!("{name}|{phone}")),
            (name, None) => keys.token("person of a need", &format!("{need}|{name}")),
        };
        let seal = |column, text: &str| keys.seal("need_people", column, need.as_str(), text);
        PreparedPerson {
            reference: draw.reference(),
            token,
            keyed: person.phone.is_some(),
            name_sealed: seal("name_sealed", &person.name),
            phone_sealed: person.phone.as_ref().map(|phone| seal("phone_sealed", phone.as_str())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, phone: Option<&str>) -> Person {
        Person { name: name.into(), phone: phone.and_then(Phone::parse) }
    }

    #[test]
    fn one_person_however_it_is_written() {
        let one = person("张 三", Some("138 0000 0000"));
        assert_eq!(one.key(), person("张三", Some("+86-13800000000")).key());
        assert_ne!(one.key(), person("张三", None).key());
        assert_ne!(one.key(), person("张三丰", Some("13800000000")).key());
        assert_eq!(person("Ａnna", None).key(), person("anna", None).key());
    }

    #[test]
    fn every_wrong_field_is_named() {
        let mut errors = Vec::new();
        let new = NewPerson { name: " ".into(), phone: Some("12".into()) };
        assert_eq!(Person::read("/people/named/0", &new, &mut errors), None);
        let named: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(named, ["/people/named/0/name", "/people/named/0/phone"]);
    }
}
