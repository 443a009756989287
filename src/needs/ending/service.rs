//! Records turns.

use super::model::{ReadTurn, Turn};
use crate::accounts::model::{Actor, Role};
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::Result;
use crate::ids::{Draw, Reference};
use crate::incidents::model::Incident;
use crate::ledger::Kind;
use crate::ledger::model::Urgency;
use crate::ledger::texts::Words;
use crate::ledger::when::Told;
use crate::needs::acting::{Command, Done, service as acting};

/// Who may make a turn.
pub const fn who(turn: Turn) -> &'static [Role] {
    match turn {
        Turn::Rejection | Turn::Answer => &[Role::Operator],
        Turn::Cancellation | Turn::Closure | Turn::Reopening => &[Role::Operator, Role::CommunityWorker],
    }
}

/// A turn ready for the write.
pub fn prepare(keys: &KeyPair, actor: &Actor, turn: ReadTurn, draw: &mut Draw) -> Command {
    let mut command = Command::new(keys, actor, turn.told, draw).with(keys, Words::Reason, turn.why.words.as_deref());
    command.reason = turn.why.code.map(|code| code.as_str().to_owned());
    command
}

/// Makes a turn.
pub fn turn(w: &mut Write<'_>, incident: &Incident, actor: &Actor, need: &Reference, turn: Turn, command: &Command) -> Result<Done> {
    let kind = match turn {
        Turn::Rejection => Kind::Rejected {},
        Turn::Cancellation => Kind::Cancelled {},
        Turn::Closure => Kind::Closed {},
        Turn::Reopening => Kind::Reopened {},
        Turn::Answer => Kind::Answered {},
    };
    acting::on_root(w, incident, actor, (need, who(turn)), command, |_, _, _| Ok(kind))
}

/// An assessment ready for the write.
pub fn prepare_assessment(keys: &KeyPair, actor: &Actor, told: Told, draw: &mut Draw) -> Command {
    Command::new(keys, actor, told, draw)
}

/// Who assesses.
pub const ASSESSORS: &[Role] = &[Role::Operator, Role::CaseWorker];

/// Records how urgent a need is.
pub fn assess(
    w: &mut Write<'_>,
    incident: &Incident,
    actor: &Actor,
    need: &Reference,
    urgency: Urgency,
    command: &Command,
) -> Result<Done> {
    acting::on_root(w, incident, actor, (need, ASSESSORS), command, |_, _, _| Ok(Kind::Assessed { urgency }))
}
