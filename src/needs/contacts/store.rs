//! The table `contacts`.

use diesel::prelude::*;

use super::model::SealedContact;
use crate::db::Write;
use crate::db::schema::contacts;
use crate::error::Result;

/// Inserts the contacts of a need.
pub fn insert(w: &mut Write<'_>, incident: i64, need: i64, sealed: &[SealedContact]) -> Result<()> {
    for contact in sealed {
        let flags: Vec<&str> = contact.flags.iter().map(|flag| flag.as_str()).collect();
        let row = (
            contacts::incident.eq(incident),
            contacts::need.eq(need),
            contacts::n.eq(contact.n),
            contacts::role.eq(contact.role.as_str()),
            contacts::flags.eq(flags.join(" ")),
            contacts::name_sealed.eq(&contact.name_sealed),
            contacts::phone_sealed.eq(&contact.phone_sealed),
            contacts::phone_token.eq(&contact.phone_token),
        );
        diesel::insert_into(contacts::table).values(row).execute(w.conn())?;
    }
    Ok(())
}
