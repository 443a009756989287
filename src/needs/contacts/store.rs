//! The table `contacts`.

use diesel::prelude::*;

use super::model::{SealedContact, StoredContact};
use crate::db::schema::{contacts, needs};
use crate::db::{Multi, Read, Write};
use crate::error::Result;
use crate::needs::model::ContactFlag;

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

/// The contacts of needs, in their order; the first of each alone where `first`.
pub fn of_needs(r: &mut Read<'_>, wanted: &[i64], first: bool) -> Result<Vec<StoredContact>> {
    let query = contacts::table.inner_join(needs::table.on(needs::id.eq(contacts::need))).into_boxed::<Multi>();
    let query = query.filter(contacts::need.eq_any(wanted.to_vec())).order((contacts::need, contacts::n));
    let query = if first { query.filter(contacts::n.eq(1)) } else { query };
    let columns =
        ((contacts::need, needs::reference, contacts::n), (contacts::role, contacts::flags, contacts::name_sealed, contacts::phone_sealed));
    type Row = ((i64, String, i64), (String, String, Vec<u8>, Vec<u8>));
    let rows: Vec<Row> = query.select(columns).load(r.conn())?;
    let stored = |((need, reference, n), (role, flags, name_sealed, phone_sealed)): Row| {
        let flags = flags.split_whitespace().map(str::parse).collect::<Result<Vec<ContactFlag>>>()?;
        Ok(StoredContact { need, reference, n, role: role.parse()?, flags, name_sealed, phone_sealed })
    };
    rows.into_iter().map(stored).collect()
}

/// The needs that name a phone, by its blind index.
pub fn needs_of_phone(r: &mut Read<'_>, incident: i64, token: &[u8]) -> Result<Vec<i64>> {
    let query = contacts::table.filter(contacts::incident.eq(incident)).filter(contacts::phone_token.eq(token));
    Ok(query.select(contacts::need).distinct().limit(200).load(r.conn())?)
}
