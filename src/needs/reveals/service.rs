//! Revealing: judged, recorded and read in one write, so that nothing is shown that is not recorded.

use super::model::*;
use super::rules::{self, Access};
use super::store;
use crate::accounts::model::Actor;
use crate::audit::{self, Action, Entry};
use crate::crypto::KeyPair;
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, Result};
use crate::ids::Reference;
use crate::ledger::texts::{self, Words};
use crate::needs::contacts;
use crate::needs::contacts::model::StoredContact;
use crate::needs::scope::{self, Found};
use crate::phone::Phone;

/// Who asks, and how that is recorded.
pub struct Asking<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The id of the request.
    pub request: &'a str,
    /// The reason, sealed before the write.
    pub reason: Option<&'a [u8]>,
}

/// The contacts of a need, recorded in the same transaction.
pub fn reveal(w: &mut Write<'_>, keys: &KeyPair, incident: i64, asking: &Asking<'_>, reference: &Reference) -> Result<Revealed> {
    let found = scope::find(w, incident, asking.actor, reference, rules::ROLES)?;
    let access = access(w, asking.actor, &found)?.ok_or(Error::Forbidden)?;
    if access.reason && asking.reason.is_none() {
        return Err(Error::field("/reason", FieldCode::Missing));
    }
    let needs = if access.group { store::group(w, found.root)? } else { vec![found.id] };
    let mut revealed = Vec::with_capacity(needs.len());
    for need in &needs {
        let need = read(w, keys, *need)?;
        let mut entry = Entry::new(asking.actor, Some(incident), Action::ContactsRevealed, need.reference.as_str(), asking.request);
        entry.reason_sealed = asking.reason.map(<[u8]>::to_vec);
        audit::append(w, &entry)?;
        revealed.push(need);
    }
    let words = if access.group { words(w, keys, &needs)? } else { Vec::new() };
    Ok(Revealed { reference: reference.clone(), needs: revealed, words })
}

fn access(r: &mut Read<'_>, actor: &Actor, found: &Found) -> Result<Option<Access>> {
    let own = scope::store::facts_of(r, &[found.id])?.pop().map(|(_, facts)| facts).unwrap_or_default();
    let mut either = own.clone();
    if found.root != found.id {
        either.places.extend(scope::store::facts_of(r, &[found.root])?.into_iter().flat_map(|(_, facts)| facts.places));
    }
    let involved = store::involved(r, found.root)?;
    Ok(rules::access(actor, &own, &either, &involved))
}

fn read(r: &mut Read<'_>, keys: &KeyPair, need: i64) -> Result<RevealedNeed> {
    let (reference, address, description) = store::texts(r, need)?;
    let open = |column, sealed: Option<Vec<u8>>| sealed.map(|sealed| keys.open("need_texts", column, &reference, &sealed)).transpose();
    let (address, description) = (open("address_sealed", address)?, open("description_sealed", description)?);
    let contacts = contacts::store::of_needs(r, &[need], false)?;
    let contacts = contacts.iter().map(|contact| revealed_contact(keys, contact)).collect::<Result<_>>()?;
    let mut people = Vec::new();
    for (person, name, phone) in store::people(r, need)? {
        let open = |column, sealed: Option<Vec<u8>>| sealed.map(|sealed| keys.open("need_people", column, &reference, &sealed)).transpose();
        let phone = open("phone_sealed", phone)?.and_then(|phone| Phone::parse(&phone));
        let name = open("name_sealed", name)?.unwrap_or_default();
        people.push(RevealedPerson { reference: Reference::stored(person), name, phone: phone.map(|phone| phone.national()) });
    }
    Ok(RevealedNeed { contacts, people, address, description, reference: Reference::stored(reference) })
}

fn revealed_contact(keys: &KeyPair, stored: &StoredContact) -> Result<RevealedContact> {
    let contact = stored.open(keys)?;
    Ok(RevealedContact { n: stored.n, role: contact.role, name: contact.name, phone: contact.phone.national(), flags: contact.flags })
}

/// Words beside the events of needs; not the notes of cases, which stay with their case workers.
fn words(r: &mut Read<'_>, keys: &KeyPair, needs: &[i64]) -> Result<Vec<RevealedWords>> {
    let stored = texts::store::of_needs(r, needs)?;
    let open = |stored: &texts::store::Stored| {
        let text = texts::open(keys, &stored.act, &stored.words)?;
        Ok(RevealedWords { event: Reference::stored(stored.event.clone()), kind: stored.words.kind, text })
    };
    stored.iter().filter(|stored| stored.words.kind != Words::Note).map(open).collect()
}
