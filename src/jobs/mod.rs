//! Jobs: what can wait or be retried. Rows of `jobs`, enqueued in the transaction that causes them, taken by lease, so that each runs on one
//! node; retried with growing delay, and set aside as dead letters that admins see.
//!
//! `app` registers the kinds: `Jobs::default().periodic("append_due", 5 * SECOND, |db| …).queued("mail", |db, job| …)`. A periodic job
//! answers whether more is due at once; it works in chunks of a few milliseconds. A job may run twice (its node died before it was settled),
//! so each does its work under a guard of its own.

pub mod routes;
mod rules;
pub mod store;
mod worker;

pub use store::{Job, enqueue};
pub use worker::{Jobs, Worker};
