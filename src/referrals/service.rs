//! Referring a need, and recording that the body accepted it.

use super::model::*;
use super::rules;
use crate::accounts::model::{Actor, Role};
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::Result;
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::Kind;
use crate::ledger::texts::Words;
use crate::needs::acting::{Command, Done, service as acting};

/// Who refers.
pub const REFERRERS: &[Role] = &[Role::Operator];

/// Seals what goes beside a referral.
pub fn prepare(keys: &KeyPair, actor: &Actor, referral: Referral, draw: &mut Draw) -> PreparedReferral {
    let command = Command::new(keys, actor, referral.told, draw).with(keys, Words::Body, Some(&referral.body)).with(
        keys,
        Words::Note,
        referral.note.as_deref(),
    );
    PreparedReferral { due_at: referral.due_at, command }
}

/// Refers a need's root.
pub fn refer(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, prepared: &PreparedReferral) -> Result<Referred> {
    let mut n = 0;
    let done = acting::on_root(w, incident, actor, (need, REFERRERS), &prepared.command, |_, root, at| {
        rules::check_due(prepared.due_at, at)?;
        n = root.referrals.iter().map(|referral| referral.n).max().unwrap_or(0) + 1;
        Ok(Kind::Referred { n, due_at: prepared.due_at })
    })?;
    Ok(Referred { n, reference: done.reference, need: done.need, stage: done.stage, version: done.version })
}

/// Seals what goes beside an acceptance.
pub fn prepare_acceptance(keys: &KeyPair, actor: &Actor, acceptance: Acceptance, draw: &mut Draw) -> Command {
    Command::new(keys, actor, acceptance.told, draw)
        .with(keys, Words::AcceptedBy, Some(&acceptance.accepted_by))
        .with(keys, Words::Receipt, acceptance.receipt.as_deref())
        .with(keys, Words::Note, acceptance.note.as_deref())
}

/// Records that the body accepted a referral of a need's root.
pub fn accept(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, n: i64, command: &Command) -> Result<Done> {
    acting::on_root(w, incident, actor, (need, REFERRERS), command, |_, _, _| Ok(Kind::ReferralAccepted { n }))
}
