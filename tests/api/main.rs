//! Journeys through the API, each on both engines: the program runs in this process on a port of its own, with a clock that the test sets.
//!
//! ```text
//! crate::app::journeys! {
//!     async fn an_operator_signs_in(app) {          // app: &TestApp with the incident "test" over Xi'an
//!         let operator = app.user(Role::Operator).await;
//!         let sent = operator.post("/incidents/test/needs", json!({…})).await.expect(201);
//!         assert_eq!(app.public().get("/incidents/test/needs").await.code(), "unauthenticated");
//!     }
//! }
//! ```

#![allow(clippy::unwrap_used, reason = "a journey that cannot go on fails")]

#[macro_use]
mod app;
mod accounts;
mod audit;
mod command_line;
mod commands;
mod document;
mod needs;
mod pages;
mod places;
mod sessions;
#[path = "../support/mod.rs"]
mod support;
