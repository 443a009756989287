//! Lines (需求明细): one item or service each, with quantity and unit. The unit that is claimed.

pub mod model;
pub mod rules;
pub mod store;
pub mod units;
