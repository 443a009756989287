//! Accounts: who may sign in, in which organisations they are, and which roles they hold in which incident.
//!
//! A role is granted to a membership, for one incident and one region subtree. It counts while the membership is active, the organisation
//! verified and joined to the incident. Admins invite, suspend and end; they never see a password, and never a need's contacts.

pub mod links;
pub mod login;
pub mod model;
pub mod own;
pub mod passwords;
pub mod routes;
pub mod rules;
pub mod service;
pub mod sessions;
pub mod store;
