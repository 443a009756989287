//! Scenarios: invented courses of events that are played through the ordinary services, with the clock set. They are clients like any
//! other; nothing in the house knows them.

pub mod accounts;
pub mod plan;
mod player;
pub mod practice;
pub mod random;
mod scenario;
mod stage;
mod store;
mod summary;
#[cfg(test)]
mod tests;
pub mod xian;

pub use accounts::accounts;
pub use scenario::{Loaded, Scenario, has_real_incident};
pub use summary::Summary;
