//! The access log: one line per answer, with the route's template instead of the path, and nothing that tells who asked for what.

use std::time::Duration;

/// Writes the line of an answer; a fault of the program is an error, what it says stays in the log.
pub(super) fn answered(method: &str, route: &str, status: u16, took: Duration, request: &str, fault: Option<&str>) {
    let ms = u64::try_from(took.as_micros()).unwrap_or(u64::MAX) as f64 / 1000.0;
    match fault {
        Some(fault) if status >= 500 => tracing::error!(method, route, status, ms, request, fault, "answered"),
        _ => tracing::info!(method, route, status, ms, request, "answered"),
    }
}
