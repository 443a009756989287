//! The server-rendered pages: the figures for everybody, and after signing in a masked, read-only list of needs with each need's timeline.
//! They need no script and are styled by one sheet. Words come from the catalogues in `words/`.

mod render;
pub mod routes;
mod words;
