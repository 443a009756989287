//! Referrals (救助转介): a need is handed to the body that decides, such as the street office, a hospital or 12345. Until it accepts, the need
//! stays open; not accepted by its date, the referral comes back.
//!
//! Operators refer, and record what the body accepted. Its name, who accepted there and the receipt are sealed beside the events.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
#[cfg(test)]
mod tests;
