//! Free words that go with an event: a typed reason, a note, a receipt number. They never stand in the event itself.
//!
//! An event gets its row inside the write, and sealing happens before it. So words are sealed for the act they belong to, which is known
//! beforehand: the same sealed bytes may stand beside each event of one act, and go away with each event's need.

pub mod store;

use super::append::{Act, Appended};
use crate::crypto::KeyPair;
use crate::db::Write;
use crate::error::{FieldCode, FieldError, Result};
use crate::text;

crate::codes! {
    /// What the words are.
    pub Words {
        /// Why it was done, in own words.
        Reason = "reason",
        /// Why it is entered late.
        LateReason = "late_reason",
        /// Why a response reached a group.
        GroupReason = "group_reason",
        /// A note beside it.
        Note = "note",
        /// The body a need is referred to.
        Body = "body",
        /// Who accepted a referral there.
        AcceptedBy = "accepted_by",
        /// The number of its receipt.
        Receipt = "receipt",
        /// What came of it.
        Outcome = "outcome",
    }
}

const LIMIT: usize = 1000;

/// Words sealed for one act.
#[derive(Clone, Debug)]
pub struct SealedWords {
    /// What they are.
    pub kind: Words,
    /// The envelope.
    pub sealed: Vec<u8>,
}

/// Words as they may be kept, or the field error at a pointer.
pub fn check(pointer: &str, words: &str) -> Result<String, FieldError> {
    let words = text::lines(pointer, words, LIMIT)?;
    if words.is_empty() { Err(FieldError::new(pointer, FieldCode::Empty)) } else { Ok(words) }
}

/// Seals words for an act, before the write.
pub fn seal(keys: &KeyPair, act: &Act, kind: Words, words: &str) -> SealedWords {
    SealedWords { kind, sealed: keys.seal("event_texts", kind.as_str(), act.reference().as_str(), words) }
}

/// Opens words that stand beside an event of an act.
pub fn open(keys: &KeyPair, act: &str, words: &SealedWords) -> Result<String> {
    keys.open("event_texts", words.kind.as_str(), act, &words.sealed)
}

/// Keeps words beside an event that was appended in this write.
pub fn keep(w: &mut Write<'_>, incident: i64, event: &Appended, words: &[SealedWords]) -> Result<()> {
    words.iter().try_for_each(|words| store::insert(w, incident, event, words))
}
