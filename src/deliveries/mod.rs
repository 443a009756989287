//! Deliveries (配送): what goes from a confirmed claim to the community or the person, step by step, and is signed for. Any later step may be set
//! directly; handed over at the gate it counts only once it is signed for.
//!
//! Coordinators deliver what their organisation has claimed, operators write down what they were told, community workers of the place confirm
//! that it arrived.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
