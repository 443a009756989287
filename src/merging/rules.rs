//! Reads merges, compares items and names. Pure.

use unicode_normalization::UnicodeNormalization;

use super::model::*;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::ids::Reference;
use crate::ledger::event::Attachment;
use crate::ledger::model::ClaimState;
use crate::ledger::state::State;
use crate::ledger::texts;
use crate::needs::model::masked_name;
use crate::needs::people::Person;

/// Most pairs of people that one merge can name.
const MOST_PAIRS: usize = 100;

/// Reads a merge, or names every field that must be mended.
pub fn read_merge(new: NewMerge) -> Result<Merge> {
    let mut errors = Vec::new();
    let into = read_reference("/into", &new.into, &mut errors);
    if new.same_people.len() > MOST_PAIRS {
        errors.push(FieldError::new("/same_people", FieldCode::TooMany).limit(MOST_PAIRS as i64));
    }
    let mut same = Vec::new();
    for (i, (a, b)) in new.same_people.iter().take(MOST_PAIRS).enumerate() {
        let a = read_reference(&format!("/same_people/{i}/0"), a, &mut errors);
        let b = read_reference(&format!("/same_people/{i}/1"), b, &mut errors);
        match a.zip(b) {
            Some((a, b)) if a == b => errors.push(FieldError::new(format!("/same_people/{i}"), FieldCode::Duplicate)),
            pair => same.extend(pair),
        }
    }
    let note = new.note.as_deref().and_then(|note| FieldError::collect(&mut errors, texts::check("/note", note)));
    match into {
        Some(into) if errors.is_empty() => Ok(Merge { into, same, note }),
        _ => Err(Error::Invalid(errors)),
    }
}

/// Reads a note beside a parting.
pub fn read_parting(new: &NewParting) -> Result<Option<String>> {
    new.note.as_deref().map(|note| texts::check("/note", note)).transpose().map_err(|error| Error::Invalid(vec![error]))
}

fn read_reference(pointer: &str, text: &str, errors: &mut Vec<FieldError>) -> Option<Reference> {
    FieldError::collect(errors, Reference::parse(text).ok_or_else(|| FieldError::new(pointer, FieldCode::NotAReference)))
}

/// An item or unit as it is compared: width, case and spaces don't matter.
pub fn folded(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// What a plan does to each live claim on the lines of the merged need.
pub fn fates(state: &State, from: i64, plan: &[Attachment]) -> Vec<Fate> {
    let live = state.claims.iter().filter(|claim| claim.on.0 == from && claim.state.is_live());
    live.map(|claim| {
        let quantity = claim.quantity();
        let planned = plan.iter().find(|attachment| attachment.claim == claim.reference);
        let stays = planned.is_none() || claim.state == ClaimState::Fulfilled;
        let kept = planned.map_or(quantity, |attachment| attachment.quantity);
        Fate {
            claim: claim.reference.clone(),
            quantity,
            stays,
            line: planned.and_then(|attachment| attachment.n),
            kept,
            surplus: quantity - kept,
        }
    })
    .collect()
}

/// Pairs across the two sides whose names agree and who are not one person already.
pub fn namesakes(from: &[(String, String)], into: &[(String, String)]) -> Vec<Pair> {
    let key = |name: &str| Person { name: name.to_owned(), phone: None }.key().0;
    let mut pairs = Vec::new();
    for (a, name) in from {
        for (b, _) in into.iter().filter(|(b, other)| b != a && key(other) == key(name)) {
            let pair = Pair { a: a.clone(), b: b.clone(), name: masked_name(name) };
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named() {
        let person = Reference::from_number(7);
        let body =
            serde_json::json!({"into": "x", "same_people": [["7", person.as_str()], [person.as_str(), person.as_str()]], "note": ""});
        let Err(Error::Invalid(errors)) = read_merge(serde_json::from_value(body).unwrap()) else { panic!() };
        let named: Vec<_> = errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect();
        let expected = [
            ("/into", FieldCode::NotAReference),
            ("/same_people/0/0", FieldCode::NotAReference),
            ("/same_people/1", FieldCode::Duplicate),
            ("/note", FieldCode::Empty),
        ];
        assert_eq!(named, expected);
    }

    #[test]
    fn items_and_names_agree_however_they_are_written() {
        assert_eq!(folded("Ｎ95 口罩"), folded("n95口罩"));
        assert_ne!(folded("大米"), folded("小米"));
        let side = |people: &[(&str, &str)]| people.iter().map(|(p, n)| ((*p).to_owned(), (*n).to_owned())).collect::<Vec<_>>();
        let pairs = namesakes(&side(&[("A", "张 三"), ("B", "李四")]), &side(&[("C", "张三"), ("B", "李四"), ("D", "王五")]));
        assert_eq!(pairs, [Pair { a: "A".into(), b: "C".into(), name: "张*".into() }]);
    }
}
