//! Whom needs are for: named people. Somebody with an own phone is one person in the incident wherever name and phone agree; any other
//! named person belongs to its need. Names and phones are sealed beside the need; tokens (blind indexes) tell that two are one.

pub mod model;
pub mod service;
mod store;

pub use model::{NewPerson, Person, PreparedPerson};
