//! Calls and home visits: following up whether a need is genuine, by phone (or text talk with people who can't hear) and on the spot.
//!
//! One call has one outcome and a conclusion for each need it was about; it is one act with one event for each of their roots. Operators log
//! calls; operators, case workers and the community workers of the place record visits.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
#[cfg(test)]
mod tests;
