//! What a link is.

use crate::clock::{DAY, MINUTE, Time};
use crate::crypto::secret_hash;
use crate::ids::secret;

crate::codes! {
    /// What a link is for.
    pub LinkKind {
        /// The first administrator.
        Setup = "setup",
        /// A first or forgotten password.
        Password = "password",
    }
}

impl LinkKind {
    /// How long it works.
    pub const fn life(self) -> i64 {
        match self {
            LinkKind::Setup => 30 * MINUTE,
            LinkKind::Password => 3 * DAY,
        }
    }
}

/// A link to be stored; drawn before the write.
#[derive(Clone)]
pub struct NewLink {
    /// What it is for.
    pub kind: LinkKind,
    /// Its secret: shown once, stored nowhere.
    pub token: String,
    /// Until when it works.
    pub expires_at: Time,
}

impl NewLink {
    /// A new secret.
    pub fn draw(kind: LinkKind, now: Time) -> NewLink {
        NewLink { kind, token: secret(), expires_at: now.plus(kind.life()) }
    }

    /// What is stored of the secret.
    pub fn hash(&self) -> Vec<u8> {
        secret_hash(&self.token)
    }

    /// Where it leads.
    pub fn path(&self) -> String {
        match self.kind {
            LinkKind::Setup => format!("/setup/{}", self.token),
            LinkKind::Password => format!("/password/{}", self.token),
        }
    }
}
