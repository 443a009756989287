//! Needs (需求): what people ask for, how it is corrected, and who sees it.
//!
//! `submitting` takes them in, with `lines`, `people` and `contacts` as its parts; `scope` says which needs an actor may find at all, and
//! `acting` is what commands on one need share.

pub mod acting;
pub mod contacts;
pub mod ending;
pub mod lines;
pub mod listing;
pub mod model;
pub mod people;
pub mod reveals;
pub mod routes;
pub mod scope;
pub mod showing;
pub mod submitting;
pub mod summary;
pub mod timeline;

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) use tests::fixture;
