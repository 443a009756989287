//! Sessions: sign-in, access tokens of ten minutes, refresh tokens that turn over, and the look-up behind every request.
//!
//! The access token names session and user, nothing else; what they may do is read with the session's row, through a cache of at most
//! five seconds which any change of the account empties at once.

mod access;
pub mod opening;
pub mod routes;
pub mod service;
pub mod store;
mod tokens;

pub use access::{Access, Account, Terms};
pub use tokens::Tokens;
