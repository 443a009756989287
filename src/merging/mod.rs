//! Merging (合并办理): two needs turn out to be one. The survivor's lines stand; the other's claims attach to them by same item, unit and days as
//! far as there is room, and what finds none is released as surplus, which the merging person is shown first. Parting undoes it.
//!
//! Operators merge and part. Both references open the survivor; contacts stay with the need they were sent in with.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
