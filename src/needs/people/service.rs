//! Naming people in needs.

use super::model::PreparedPerson;
use super::store;
use crate::db::Write;
use crate::error::Result;

/// Names people in needs and answers their references, in the order given: of new persons or of those who are known already. Works without
/// a race: whoever names the same person at the same time waits for its turn, in the order of tokens.
pub fn resolve(w: &mut Write<'_>, incident: i64, people: &[(i64, &PreparedPerson)]) -> Result<Vec<String>> {
    let mut order: Vec<usize> = (0..people.len()).collect();
    order.sort_by_key(|&i| (&people[i].1.token, people[i].0));
    let mut references = vec![String::new(); people.len()];
    for i in order {
        let (need, person) = people[i];
        let (id, reference) = store::find_or_insert(w, incident, need, person)?;
        store::name_in(w, incident, need, id, person)?;
        references[i] = reference;
    }
    Ok(references)
}
