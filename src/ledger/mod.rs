//! The ledger: what happened to needs, as appended events, and everything that follows from them.
//!
//! `append` is the one way in. `fold` is the one pure function from events to state, `rules` judges what may follow, `marks` and `rows`
//! are the projections of a state. `when` says what time a command may claim, `texts` keeps the free words beside an event. Nothing here knows a
//! feature.

pub mod append;
mod axes;
mod claiming;
mod due;
pub mod event;
mod flush;
mod fold;
mod group;
mod marks;
pub mod model;
pub mod people;
mod reading;
mod rows;
pub mod rules;
mod standing;
pub mod state;
pub mod store;
mod store_rows;
mod stored;
mod sweep;
#[cfg(test)]
mod tests;
pub mod texts;
pub mod verify;
pub mod when;

pub use append::{Act, Appended, Draft, Locked, append, lock, open};
pub use event::{Event, Kind};
pub use fold::fold;
pub use reading::read;
pub use sweep::sweep;
