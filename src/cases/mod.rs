//! Cases (个案): the urgent response to the people behind a need. A case is opened, responses reach people, and it ends in one of four ways;
//! opened again, it is a new episode.
//!
//! Operators and case workers do all of it. `notes` are read by the case workers of one organisation only.

pub mod model;
pub mod notes;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
#[cfg(test)]
mod tests;
