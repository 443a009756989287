//! Needs (需求): what people ask for, how it is corrected, and who sees it.
//!
//! `scope` says which needs an actor may find at all.

pub mod scope;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
