//! The table `audit`.

use diesel::prelude::*;

use super::model::{Action, Entry};
use crate::clock::Time;
use crate::db::schema::{audit, users};
use crate::db::{Multi, Read, Write};
use crate::error::Result;

/// Appends an entry in the transaction of what it records.
pub fn append(w: &mut Write<'_>, entry: &Entry<'_>) -> Result<()> {
    let row = (
        audit::at.eq(w.now().0),
        audit::account.eq(entry.account),
        audit::incident.eq(entry.incident),
        audit::action.eq(entry.action.as_str()),
        audit::subject.eq(entry.subject),
        audit::reason_sealed.eq(&entry.reason_sealed),
        audit::request.eq(entry.request),
    );
    diesel::insert_into(audit::table).values(row).execute(w.conn())?;
    Ok(())
}

/// An entry as it is read.
pub struct Kept {
    /// Its row, for the cursor.
    pub id: i64,
    /// When.
    pub at: Time,
    /// Reference of the account.
    pub account: Option<String>,
    /// What.
    pub action: Action,
    /// To what.
    pub subject: String,
    /// Why, sealed.
    pub reason_sealed: Option<Vec<u8>>,
    /// The id of the request.
    pub request: String,
}

/// A page of entries before a row, the newest first: those of an incident, or those outside incidents (sign-ins and accounts).
pub fn page(r: &mut Read<'_>, incident: Option<i64>, action: Option<Action>, before: Option<(Time, i64)>, limit: i64) -> Result<Vec<Kept>> {
    let mut query = audit::table.left_join(users::table.on(users::id.nullable().eq(audit::account))).into_boxed::<Multi>();
    query = match incident {
        Some(incident) => query.filter(audit::incident.eq(incident)),
        None => query.filter(audit::incident.is_null()),
    };
    if let Some(action) = action {
        query = query.filter(audit::action.eq(action.as_str()));
    }
    if let Some((at, id)) = before {
        query = query.filter(audit::at.lt(at.0).or(audit::at.eq(at.0).and(audit::id.lt(id))));
    }
    let columns = (audit::id, audit::at, users::reference.nullable(), audit::action, audit::subject, audit::reason_sealed, audit::request);
    type Row = (i64, i64, Option<String>, String, String, Option<Vec<u8>>, String);
    let rows: Vec<Row> = query.order((audit::at.desc(), audit::id.desc())).limit(limit).select(columns).load(r.conn())?;
    rows.into_iter()
        .map(|(id, at, account, action, subject, reason_sealed, request)| {
            Ok(Kept { id, at: Time(at), account, action: action.parse()?, subject, reason_sealed, request })
        })
        .collect()
}
