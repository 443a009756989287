//! Submitting (提交): one or several needs that somebody sends in at once.
//!
//! Anybody may while the incident's intake is open, and gets a secret link to what was sent in. Operators and community workers may while
//! the incident is active, and say which way it came in; back-entry (补录) is theirs alone.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
mod store;
