//! Counters: marks (when a counter's condition first held for a root or person) and cells (marks added up by hour and report day).
//!
//! The ledger is the only writer; `store::as_of` answers for any instant from days + hours + the marks of the last hour. Nothing here
//! decides what counts: that is the ledger's fold.

pub mod model;
pub mod store;
