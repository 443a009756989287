//! Publishing breakdowns: what the public may see of districts and categories, as of daily cut-offs, in steps of five.

pub mod model;
pub mod store;
