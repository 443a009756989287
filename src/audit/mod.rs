//! The audit (审计): sign-ins good and refused, contacts revealed, administration. Who did or saw what, never what it was.
//!
//! Rows hold codes and references only; a typed reason is sealed. They are appended in the transaction of what they record, a reveal before
//! its answer is given. Admins read those of their incident, and the sign-ins of everybody.

pub mod model;
pub mod routes;
pub mod store;

pub use model::{Action, Entry};
pub use store::append;
