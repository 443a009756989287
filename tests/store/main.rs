//! The database layer on both engines.

#[path = "../support/mod.rs"]
mod support;

mod lanes;
