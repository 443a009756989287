//! The timeline of a need: the events of it and of what is merged with it, the newest first. It says what happened, when, and on whose side;
//! names, phones and free words never stand in it.

pub mod model;
pub mod routes;
pub mod rules;
