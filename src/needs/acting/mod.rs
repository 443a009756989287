//! One command on one need, step by step: found in scope, locked, dated, appended with its words, answered. Features that act on needs share
//! it; what they decide themselves is which event follows.

pub mod model;
pub mod service;

pub use model::{Command, Done};
