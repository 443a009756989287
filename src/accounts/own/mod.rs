//! One's own account: who one is and may do what, and one's password.

pub mod routes;
