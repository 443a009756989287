//! Organisations (组织): who takes part. They are shared by all incidents and join each one; only members of verified ones can do anything.
//!
//! Admins list, create, verify and suspend them and let them join; whoever works in an incident sees which have joined it.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
