//! Notes of a case: sealed, and read by the case workers of the organisation that wrote them, nobody else. They stand beside the need and its
//! group; erasing the need's personal data deletes them.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
