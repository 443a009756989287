//! The table `idempotency`: what was answered to a key, so that a repeat gets the same answer and no second effect.

use diesel::prelude::*;

use crate::clock::Time;
use crate::crypto::Keyring;
use crate::db::schema::idempotency;
use crate::db::{Portable, Write};
use crate::error::{Error, Result};

/// What a command was sent under. Path and key are stored as blind tokens: a path may hold the secret of a link.
pub(super) struct Slot {
    /// `user:7`, or `public`.
    pub(super) actor: String,
    /// Token of method and path.
    pub(super) route: String,
    /// Token of the `Idempotency-Key`.
    pub(super) key: String,
    /// Token of the canonical body.
    pub(super) fingerprint: Vec<u8>,
}

/// Status and JSON text of an answer.
pub(super) type Stored = (u16, String);

impl Slot {
    fn place(&self) -> String {
        format!("{}|{}|{}", self.actor, self.route, self.key)
    }
}

/// Takes the slot, or gives what was answered under it. Another node or thread that holds the slot is waited for.
pub(super) fn take(w: &mut Write<'_>, keys: &Keyring, slot: &Slot) -> Result<Option<Stored>> {
    let row = (
        idempotency::actor.eq(&slot.actor),
        idempotency::route.eq(&slot.route),
        idempotency::key.eq(&slot.key),
        idempotency::fingerprint.eq(&slot.fingerprint),
        idempotency::status.eq(0),
        idempotency::answer_sealed.eq(Vec::new()),
        idempotency::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing();
    if Portable(insert).execute(w.conn())? == 1 {
        return Ok(None);
    }
    let (fingerprint, status, sealed): (Vec<u8>, i64, Vec<u8>) = idempotency::table
        .find((&slot.actor, &slot.route, &slot.key))
        .select((idempotency::fingerprint, idempotency::status, idempotency::answer_sealed))
        .get_result(w.conn())?;
    if fingerprint != slot.fingerprint {
        return Err(Error::KeyReused);
    }
    let answer = keys.platform().open("idempotency", "answer_sealed", &slot.place(), &sealed)?;
    let status = u16::try_from(status).map_err(|_| Error::internal("a stored answer has no status"))?;
    Ok(Some((status, answer)))
}

/// Stores the answer in the slot taken.
pub(super) fn keep(w: &mut Write<'_>, keys: &Keyring, slot: &Slot, (status, answer): &Stored) -> Result<()> {
    let sealed = keys.platform().seal("idempotency", "answer_sealed", &slot.place(), answer);
    let row = (idempotency::status.eq(i64::from(*status)), idempotency::answer_sealed.eq(sealed));
    diesel::update(idempotency::table.find((&slot.actor, &slot.route, &slot.key))).set(row).execute(w.conn())?;
    Ok(())
}

/// Forgets what was answered before an instant; a few hundred at a time. Answers how many.
pub fn forget(w: &mut Write<'_>, before: Time) -> Result<usize> {
    let old: Vec<(String, String, String)> = idempotency::table
        .filter(idempotency::created_at.lt(before.0))
        .order(idempotency::created_at)
        .limit(200)
        .select((idempotency::actor, idempotency::route, idempotency::key))
        .load(w.conn())?;
    for (actor, route, key) in &old {
        diesel::delete(idempotency::table.find((actor, route, key))).execute(w.conn())?;
    }
    Ok(old.len())
}
