//! One need with everything that may be seen of it, folded from its events as they stand. What has fallen due since is shown once it is
//! appended: reading changes nothing.

pub mod model;
pub mod routes;
pub mod rules;
pub mod service;
pub mod store;
