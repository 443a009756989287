//! Incidents (应急行动): one emergency operation each, with its own zone, area, cut-off, switches and figures; none ever spans two.
//!
//! Anyone may know an incident whose figures are public; who has a grant in it knows it too; an admin creates and changes it.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
