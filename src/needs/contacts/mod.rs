//! Contacts: whom to call about a need, and the address. Sealed at rest; lists show masks.

pub mod model;
pub mod store;

pub use model::{Contact, NewContact, SealedContact};
