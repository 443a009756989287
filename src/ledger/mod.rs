//! The ledger: what happened to needs, as appended events, and everything that follows from them.
//!
//! `append` is the one way in. `fold` is the one pure function from events to state, `rules` judges what may follow, `marks` and `rows`
//! are the projections of a state. Nothing here knows a feature.

pub mod append;
mod claiming;
mod due;
pub mod event;
mod fold;
mod marks;
pub mod model;
pub mod people;
mod rows;
pub mod rules;
mod standing;
pub mod state;
pub mod store;
mod stored;
pub mod verify;

pub use append::{Act, Appended, Draft, Locked, append, lock, open};
pub use event::{Event, Kind};
pub use fold::fold;
