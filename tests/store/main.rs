//! The database layer on both engines.
#![cfg(test)]

#[path = "../support/mod.rs"]
mod support;

mod batches;
mod child;
mod common;
mod durability;
mod faults;
mod lanes;
mod nodes;
mod opening;
mod schema;
mod syscalls;
