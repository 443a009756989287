//! Scenarios: invented courses of events that are played through the ordinary services, with the clock set. They are clients like any
//! other; nothing in the house knows them.

pub mod plan;
pub mod random;
pub mod xian;
