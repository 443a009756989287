//! Revealing contacts: names, phones, address and description in full. The one way to them, and each answer is recorded before it is given.
//!
//! The own community, a live claim of the own organisation and the own case are reason enough; anybody else who may at all types one. An
//! operator reads the contacts of every need that is merged together, others those of the need they name. Supervisors, admins, data officers
//! and volunteers never do.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
mod store;
