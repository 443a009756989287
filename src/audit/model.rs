//! What is recorded.

use crate::accounts::model::Actor;
use crate::crypto::KeyPair;
use crate::error::Result;

crate::codes! {
    /// What was done or seen.
    pub Action {
        /// Somebody signed in.
        SignedIn = "signed_in",
        /// A sign-in was refused: unknown login, wrong password or suspended account.
        SignInRefused = "sign_in_refused",
        /// A session was ended by its owner.
        SessionEnded = "session_ended",
        /// An old refresh token came back: somebody may have copied it, so its session was ended.
        RefreshReused = "refresh_reused",
        /// A password was changed by its owner.
        PasswordChanged = "password_changed",
        /// A link for a new password was made.
        PasswordLinkMade = "password_link_made",
        /// Such a link was used.
        PasswordLinkUsed = "password_link_used",
        /// The set-up link made the first administrator.
        SetUp = "set_up",
        /// An account was created or invited.
        AccountInvited = "account_invited",
        /// An account was suspended, or let in again.
        AccountStateChanged = "account_state_changed",
        /// The roles of a membership were changed.
        GrantsChanged = "grants_changed",
        /// A membership was ended.
        MembershipEnded = "membership_ended",
        /// An organisation was created, changed, verified, suspended, or joined an incident.
        OrganisationChanged = "organisation_changed",
        /// An incident was created or changed.
        IncidentChanged = "incident_changed",
        /// Full contacts were read.
        ContactsRevealed = "contacts_revealed",
        /// Needs were looked for by a phone number.
        PhoneSearched = "phone_searched",
        /// A requester's personal data was erased.
        Erased = "erased",
    }
}

/// One row to be appended.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Who did it; none for the public and for unknown logins.
    pub account: Option<i64>,
    /// In which incident, where it was in one.
    pub incident: Option<i64>,
    /// What.
    pub action: Action,
    /// To what: a reference, or empty.
    pub subject: &'a str,
    /// Why, sealed by `sealed_reason`.
    pub reason_sealed: Option<Vec<u8>>,
    /// The id of the request.
    pub request: &'a str,
}

impl<'a> Entry<'a> {
    /// An entry of an actor, without a reason.
    pub fn new(actor: &Actor, incident: Option<i64>, action: Action, subject: &'a str, request: &'a str) -> Self {
        Entry { account: actor.user, incident, action, subject, reason_sealed: None, request }
    }

    /// Adds the sealed reason.
    pub fn reason(mut self, sealed: Vec<u8>) -> Self {
        self.reason_sealed = Some(sealed);
        self
    }
}

/// A typed reason as an entry holds it; sealed before the write that appends it.
pub fn sealed_reason(keys: &KeyPair, request: &str, reason: &str) -> Vec<u8> {
    keys.seal("audit", "reason_sealed", request, reason)
}

/// The typed reason of an entry.
pub fn opened_reason(keys: &KeyPair, request: &str, sealed: &[u8]) -> Result<String> {
    keys.open("audit", "reason_sealed", request, sealed)
}
