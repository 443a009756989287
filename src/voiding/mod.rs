//! Voiding (作废): taking back what was recorded by mistake. The event stays; a further one says that it no longer counts, and everything is folded
//! as if it had not been. Refused where what was recorded later would then break a rule, naming the event in the way.
//!
//! Operators void, one event or all events of the act it belongs to.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
