//! The counters against a plain count over marks, and every projection against planted faults.

mod as_of;
pub mod course;
mod faults;
