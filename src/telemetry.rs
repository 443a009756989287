//! What the program tells about itself: JSON logs on the standard error, and the metrics.
//!
//! No personal data: routes are logged as templates, accounts and needs not at all, database errors without their values.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;
use tracing_subscriber::EnvFilter;

/// Starts the log; `filter` is that of `HELI_LOG`, such as `info` or `warn,heli=debug`.
pub fn start_log(filter: &str) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let layer = tracing_subscriber::fmt().json().flatten_event(true).with_current_span(false).with_span_list(false);
    // A second start in one process (tests) keeps the first log.
    let _ = layer.with_target(true).with_env_filter(filter).with_writer(std::io::stderr).try_init();
    // A panic's message may hold what it was about; its place is enough to find it.
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "panicked");
    }));
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    method: String,
    route: String,
    status: u16,
}

/// The metrics of one program.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    requests: Family<Labels, Counter<u64, AtomicU64>>,
    seconds: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("heli");
        let requests = Family::default();
        registry.register("requests", "Answers by method, route and status", requests.clone());
        let seconds = Histogram::new(exponential_buckets(0.001, 2.0, 14));
        registry.register("request_seconds", "How long answers took", seconds.clone());
        Metrics(Arc::new(Inner { registry, requests, seconds }))
    }
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        self.0.requests.get_or_create(&Labels { method: method.into(), route: route.into(), status }).inc();
        self.0.seconds.observe(took.as_secs_f64());
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String does not fail.
        let _ = prometheus_client::encoding::text::encode(&mut text, &self.0.registry);
        text
    }
}
