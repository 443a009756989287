//! Contacts: as they are sent in, as they were read, and as they go into the database.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::crypto::KeyPair;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::needs::model::{ContactFlag, ContactRole, NAME_LIMIT, masked_name};
use crate::phone::Phone;
use crate::text;

/// Most contacts of a need.
const MOST: usize = 8;

/// Whom to call, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Who that is.
    pub role: ContactRole,
    /// The name.
    #[schema(min_length = 1, max_length = 40)]
    pub name: String,
    /// A phone that can be called.
    #[schema(min_length = 5, max_length = 40)]
    pub phone: String,
    /// What whoever calls should know.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub flags: Vec<ContactFlag>,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// Who that is.
    pub role: ContactRole,
    /// The name.
    pub name: String,
    /// The phone.
    pub phone: Phone,
    /// What whoever calls should know.
    pub flags: Vec<ContactFlag>,
}

impl Contact {
    /// Reads the contacts of a need, 1 to 8; what is wrong with them is added to `errors`.
    pub fn read_all(pointer: &str, new: &[NewContact], errors: &mut Vec<FieldError>) -> Vec<Contact> {
        if new.is_empty() {
            errors.push(FieldError::new(pointer, FieldCode::Empty));
        } else if new.len() > MOST {
            errors.push(FieldError::new(pointer, FieldCode::TooMany).limit(MOST as i64));
        }
        let read = |(i, contact)| Contact::read(&format!("{pointer}/{i}"), contact, errors);
        new.iter().take(MOST).enumerate().filter_map(read).collect()
    }

    fn read(pointer: &str, new: &NewContact, errors: &mut Vec<FieldError>) -> Option<Contact> {
        let name = FieldError::collect(errors, text::line(&format!("{pointer}/name"), &new.name, NAME_LIMIT));
        let phone = Phone::parse(&new.phone).ok_or_else(|| FieldError::new(format!("{pointer}/phone"), FieldCode::NotAPhone));
        let phone = FieldError::collect(errors, phone);
        let mut flags = new.flags.clone();
        flags.sort_unstable();
        flags.dedup();
        if flags.len() < new.flags.len() {
            errors.push(FieldError::new(format!("{pointer}/flags"), FieldCode::Duplicate));
        }
        Some(Contact { role: new.role, name: name?, phone: phone?, flags })
    }

    /// How many numbers can be called.
    pub fn numbers(contacts: &[Contact]) -> i64 {
        let distinct: std::collections::BTreeSet<&Phone> = contacts.iter().map(|contact| &contact.phone).collect();
        distinct.len() as i64
    }
}

/// A contact sealed for its place in a need, before the write.
#[derive(Clone, Debug)]
pub struct SealedContact {
    /// Its number within the need, from 1.
    pub n: i64,
    pub role: ContactRole,
    pub flags: Vec<ContactFlag>,
    pub name_sealed: Vec<u8>,
    pub phone_sealed: Vec<u8>,
    /// The blind index of the phone.
    pub phone_token: Vec<u8>,
}

impl SealedContact {
    /// Seals the contacts of a need.
    pub fn all(keys: &KeyPair, need: &Reference, contacts: &[Contact]) -> Vec<Self> {
        let sealed = |(i, contact): (usize, &Contact)| {
            let n = i as i64 + 1;
            let seal = |column, text: &str| keys.seal("contacts", column, &place(need.as_str(), n), text);
            SealedContact {
                n,
                role: contact.role,
                flags: contact.flags.clone(),
                name_sealed: seal("name_sealed", &contact.name),
                phone_sealed: seal("phone_sealed", contact.phone.as_str()),
                phone_token: phone_token(keys, &contact.phone),
            }
        };
        contacts.iter().enumerate().map(sealed).collect()
    }
}

/// A contact as it is stored.
#[derive(Clone, Debug)]
pub struct StoredContact {
    /// Its need.
    pub need: i64,
    /// The need's reference.
    pub reference: String,
    /// Its number within the need.
    pub n: i64,
    pub role: ContactRole,
    pub flags: Vec<ContactFlag>,
    pub name_sealed: Vec<u8>,
    pub phone_sealed: Vec<u8>,
}

impl StoredContact {
    /// Opens it.
    pub fn open(&self, keys: &KeyPair) -> Result<Contact> {
        let open = |column, sealed: &[u8]| keys.open("contacts", column, &place(&self.reference, self.n), sealed);
        let name = open("name_sealed", &self.name_sealed)?;
        let phone = Phone::parse(&open("phone_sealed", &self.phone_sealed)?);
        let phone = phone.ok_or_else(|| Error::internal("a stored phone is none"))?;
        Ok(Contact { role: self.role, name, phone, flags: self.flags.clone() })
    }

    /// Opens it for a list.
    pub fn masked(&self, keys: &KeyPair) -> Result<MaskedContact> {
        let Contact { role, name, phone, flags } = self.open(keys)?;
        Ok(MaskedContact { n: self.n, role, name: masked_name(&name), phone: phone.masked(), flags })
    }
}

/// A contact as lists show it: 张*, 138****1234.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MaskedContact {
    /// Its number within the need.
    pub n: i64,
    /// Who that is.
    pub role: ContactRole,
    /// The first character of the name.
    pub name: String,
    /// The phone, but for its middle.
    pub phone: String,
    /// What whoever calls should know.
    pub flags: Vec<ContactFlag>,
}

/// The blind index by which a phone is found within the incident.
pub fn phone_token(keys: &KeyPair, phone: &Phone) -> Vec<u8> {
    keys.token("phone", phone.as_str())
}

/// The outside name of a contact's row, which its fields are sealed for.
pub(super) fn place(need: &str, n: i64) -> String {
    format!("{need}/{n}")
}
