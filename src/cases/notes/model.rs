//! Notes: as they are sent in, kept and shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::clock::Time;
use crate::crypto::KeyPair;
use crate::error::Result;
use crate::ids::Reference;

/// A note, as it is sent in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNote {
    /// What is to be remembered.
    #[schema(min_length = 1, max_length = 4000)]
    pub text: String,
}

/// A note ready for the write.
#[derive(Clone, Debug)]
pub struct PreparedNote {
    pub(super) reference: Reference,
    pub(super) sealed: Vec<u8>,
}

/// A note that was kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Written {
    /// Its reference.
    pub reference: Reference,
    /// When, RFC 3339.
    #[schema(format = DateTime)]
    pub at: String,
}

/// A note as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its row.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// Reference of the need it was written on.
    pub need: String,
    /// Reference of the account that wrote it.
    pub author: Option<String>,
    /// When.
    pub at: Time,
    /// The words.
    pub sealed: Vec<u8>,
}

/// Most characters of a note.
pub const LIMIT: usize = 4000;

impl PreparedNote {
    /// Seals a note.
    pub fn new(keys: &KeyPair, reference: Reference, text: &str) -> Self {
        let sealed = keys.seal("case_notes", "text_sealed", reference.as_str(), text);
        PreparedNote { reference, sealed }
    }
}

impl Kept {
    /// The words.
    pub fn text(&self, keys: &KeyPair) -> Result<String> {
        keys.open("case_notes", "text_sealed", &self.reference, &self.sealed)
    }
}
