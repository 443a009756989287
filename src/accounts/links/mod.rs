//! One-time links: for a first or forgotten password, and for the first administrator.
//!
//! A link opens a page whose button consumes it; messengers that look at links in advance consume nothing. Only the hash of its secret is
//! stored, and it works once, for a limited time.

mod model;
pub mod routes;
pub mod service;
pub mod store;

pub use model::{LinkKind, NewLink};
