//! Rows of submissions and needs.

use diesel::prelude::*;

use super::model::{Prepared, PreparedNeed};
use crate::clock::Time;
use crate::crypto::secret_hash;
use crate::db::Write;
use crate::db::schema::{need_texts, needs, submissions};
use crate::error::Result;

/// Inserts a submission and answers its row.
pub fn insert(w: &mut Write<'_>, incident: i64, prepared: &Prepared, at: Time) -> Result<i64> {
    let row = (
        submissions::incident.eq(incident),
        submissions::reference.eq(prepared.reference.as_str()),
        submissions::source.eq(prepared.source.as_str()),
        submissions::link_hash.eq(prepared.secret.as_deref().map(secret_hash)),
        submissions::organisation.eq(prepared.act.organisation),
        submissions::submitted_at.eq(at.0),
    );
    Ok(diesel::insert_into(submissions::table).values(row).returning(submissions::id).get_result(w.conn())?)
}

/// Inserts a need of a submission with what was written, and answers its row.
pub fn insert_need(w: &mut Write<'_>, incident: i64, submission: i64, organisation: Option<i64>, need: &PreparedNeed) -> Result<i64> {
    let row = (
        needs::incident.eq(incident),
        needs::submission.eq(submission),
        needs::reference.eq(need.reference.as_str()),
        needs::organisation.eq(organisation),
        needs::version.eq(1),
    );
    let id: i64 = diesel::insert_into(needs::table).values(row).returning(needs::id).get_result(w.conn())?;
    if need.description_sealed.is_some() || need.address_sealed.is_some() {
        let row = (
            need_texts::need.eq(id),
            need_texts::incident.eq(incident),
            need_texts::description_sealed.eq(&need.description_sealed),
            need_texts::address_sealed.eq(&need.address_sealed),
        );
        diesel::insert_into(need_texts::table).values(row).execute(w.conn())?;
    }
    Ok(id)
}
