//! A command as it goes into the write, and what it answers.

use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::model::Actor;
use crate::crypto::KeyPair;
use crate::ids::Draw;
use crate::ledger::model::{Stage, Stands};
use crate::ledger::texts::{self, SealedWords, Words};
use crate::ledger::when::Told;
use crate::ledger::{Act, Appended};

/// A command with everything that is random or sealed, ready for the write.
#[derive(Clone, Debug)]
pub struct Command {
    /// Who, and the seed of its references.
    pub act: Act,
    /// What it says of its own time.
    pub told: Told,
    /// What is kept beside each of its events.
    pub words: Vec<SealedWords>,
    /// A code from a closed list, where the command takes one.
    pub reason: Option<String>,
}

impl Command {
    /// A command of an actor; its late reason is sealed.
    pub fn new(keys: &KeyPair, actor: &Actor, told: Told, draw: &mut Draw) -> Command {
        let act = Act { seed: draw.number(), actor: actor.user, organisation: actor.organisation, device_at: told.device_at };
        let late_reason = told.late_reason.clone();
        Command { act, told, words: Vec::new(), reason: None }.with(keys, Words::LateReason, late_reason.as_deref())
    }

    /// The same with words beside its events, where there are any.
    pub fn with(mut self, keys: &KeyPair, kind: Words, words: Option<&str>) -> Command {
        self.words.extend(words.map(|words| texts::seal(keys, &self.act, kind, words)));
        self
    }
}

/// What was recorded, and where the need stands then.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Done {
    /// Reference of the event.
    pub reference: String,
    /// Reference of the need that stands for it: itself, or what it was merged into.
    pub need: String,
    /// Its stage.
    pub stage: Stage,
    /// Its version.
    pub version: i64,
}

impl Done {
    /// Of an event.
    pub fn new(event: Appended, stands: Stands) -> Done {
        Done { reference: event.reference, need: stands.need, stage: stands.stage, version: stands.version }
    }
}
