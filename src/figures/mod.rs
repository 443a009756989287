//! Figures: the counters as people see them, as of any instant.
//!
//! Totals are exact for everybody who may see figures at all: the public where the incident publishes live figures, members always. Rows of
//! districts and categories are exact for the data officer and, over its regions, for the supervisor; everybody else gets steps of five
//! as of a daily cut-off, from `publishing`.

pub mod model;
pub mod publishing;
pub mod routes;
pub mod rules;
pub mod service;

#[cfg(test)]
mod tests;
