//! Lists of needs, from where they stand: filtered, masked, a page at a time, each within the scope of whoever asks.
//!
//! Open needs come in the order in which they want attention: the most urgent first, among them the oldest. Any other list begins with the
//! newest. A page looks at a bounded stretch of the list: it may hold fewer needs than asked for, or none, and still name a next page.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
