//! How a need ends and comes back: rejected, cancelled, closed, answered by the desk, reopened; and its urgency assessed anew.
//!
//! Operators do all of it; a community worker withdraws, closes (as feedback) and reopens the needs of its community.

pub mod model;
pub mod routes;
mod rules;
pub mod service;
