//! The tables `persons` and `need_people`.

use diesel::prelude::*;

use super::model::PreparedPerson;
use crate::db::schema::{need_people, persons};
use crate::db::{Portable, Write};
use crate::error::{Error, Result};

/// The row and reference of a person: a new one, or the one of the same token. One that is known stays locked on PostgreSQL until the
/// commit, so that an erasure can't take its token meanwhile.
pub fn find_or_insert(w: &mut Write<'_>, incident: i64, need: i64, person: &PreparedPerson) -> Result<(i64, String)> {
    // An erasure may take the token between the two statements; then the next insert succeeds.
    for _ in 0..3 {
        let row = (
            persons::incident.eq(incident),
            persons::reference.eq(person.reference.as_str()),
            persons::need.eq((!person.keyed).then_some(need)),
            persons::token.eq(&person.token),
            persons::version.eq(1),
        );
        let insert = diesel::insert_into(persons::table)
            .values(row)
            .on_conflict((persons::incident, persons::token))
            .do_nothing()
            .returning((persons::id, persons::reference));
        if let Some(new) = Portable(insert).get_result(w.conn()).optional()? {
            return Ok(new);
        }
        let known = persons::table.filter(persons::incident.eq(incident)).filter(persons::token.eq(&person.token));
        let known = diesel::update(known).set(persons::version.eq(persons::version + 1)).returning((persons::id, persons::reference));
        if let Some(known) = known.get_result(w.conn()).optional()? {
            return Ok(known);
        }
    }
    Err(Error::Unavailable("a person is being erased"))
}

/// Names a person in a need; once.
pub fn name_in(w: &mut Write<'_>, incident: i64, need: i64, id: i64, person: &PreparedPerson) -> Result<()> {
    let row = (
        need_people::incident.eq(incident),
        need_people::need.eq(need),
        need_people::person.eq(id),
        need_people::name_sealed.eq(&person.name_sealed),
        need_people::phone_sealed.eq(&person.phone_sealed),
    );
    Portable(diesel::insert_into(need_people::table).values(row).on_conflict_do_nothing()).execute(w.conn())?;
    Ok(())
}
