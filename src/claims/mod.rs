//! Claims (认领): an organisation takes a quantity of a line, from its own means. Held first or confirmed at once; progress extends a held claim,
//! quantity can be given back, and a claim can be released.
//!
//! Coordinators claim for their own organisation, operators for any organisation of the incident (the desk wrote down what it was told). A
//! claim is found by the coordinators of its organisation, by operators, and by the community workers of the place (`scope`).

pub mod model;
pub mod routes;
pub mod rules;
pub mod scope;
pub mod service;
pub mod store;
#[cfg(test)]
pub(crate) mod tests;
pub mod views;
