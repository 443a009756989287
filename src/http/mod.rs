//! The HTTP layer: permissions as argument types, typed input, idempotency, problems, limits, the route list and OpenAPI.
//!
//! A feature's `routes.rs` declares permissions, request and answer types, and handlers of a few lines:
//!
//! ```ignore
//! permissions! {
//!     /// Log a call.
//!     pub LogCalls: InIncident = "calls.log" => [Operator];
//!     /// Read calls.
//!     pub ReadCalls: InIncident = "calls.read" => [Operator, Supervisor];
//! }
//!
//! #[derive(Deserialize, ToSchema)]
//! #[serde(deny_unknown_fields)]
//! struct NewCall { outcome: Outcome, needs: Vec<Concluded> }
//!
//! /// Logs a call.
//! #[utoipa::path(request_body = NewCall, responses((status = 201, body = Logged)))]
//! #[post("/incidents/{incident}/calls")]
//! async fn log(Post(call, body): Post<LogCalls, NewCall>) -> Answer {
//!     let command = body.check(call.keys())?;             // validate, draw references, seal: before the write
//!     call.created(move |w, a| service::log(w, a.actor(), a.incident(), &command)).await
//! }
//!
//! /// A call.
//! #[utoipa::path(responses((status = 200, body = CallView)))]
//! #[get("/incidents/{incident}/calls/{reference}")]
//! async fn show(a: Allowed<ReadCalls>) -> Answer {
//!     let (reference, incident) = (a.reference("reference")?, a.incident().id);
//!     found(&a.db().read(Lane::Fast, move |r| service::show(r, incident, &reference)).await?)
//! }
//!
//! pub fn routes(api: &mut Api<'_>) {
//!     api.section("calls").route::<LogCalls>(log).route::<ReadCalls>(show);
//! }
//! ```
//!
//! Lists: `page::limit`, `page::cursor`, `page::cut`. Streams of events: `events(a, source)`. Routes that take neither key nor version are
//! registered with `bare`, their bodies taken with `Plain`; those that must work whatever token comes along have the scope `BeforeSignIn`.
//!
//! `Post` needs an `Idempotency-Key` and runs its closure once per key: `created` (201), `ok` (200), `done` (204). `Edit(change, body)` is
//! the same for PUT, PATCH and DELETE with `If-Match`; its closures get the version as third argument. `Nothing` is the body of a command
//! without input. Every error converts with `?`. Path parameters, headers, security and problems are added to OpenAPI by `Api::route`.

mod api;
mod body;
mod caller;
mod catalogue;
mod command;
pub mod cookies;
mod document;
mod edge;
mod input;
mod limits;
mod log;
mod names;
pub mod page;
pub mod peer;
mod permission;
mod problem;
mod query;
mod routes;
mod state;
mod store;
mod stream;
mod strict;
#[cfg(test)]
mod tests;

pub use api::{Api, ROOT, Route, Table};
pub use catalogue::{Known, ProblemCode, catalogue};
pub use command::{Change, Edit, Nothing, Once, Plain, Post, found};
pub use document::document;
pub use edge::{RequestId, edge, nowhere};
pub use limits::{Class, Counted, Limits, Rates};
pub use peer::Network;
pub use permission::{Allowed, BeforeSignIn, InIncident, OnPlatform, Permission, Scope};
pub use problem::{Answer, Problem};
pub use routes::{livez, readyz, routes};
pub use state::{Settings, State};
pub use store::forget as forget_answers;
pub use stream::events;
