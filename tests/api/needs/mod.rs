//! Needs through the API: submitted, listed, shown, corrected, revealed, erased.

mod listing;
mod reveals;
mod showing;
mod submitting;

use serde_json::{Value, json};

/// A community of district 610113.
pub const COMMUNITY: &str = "610113003020";

/// The body of a need, with some members changed.
pub fn need(change: Value) -> Value {
    let mut body = json!({
        "category": "daily_supplies",
        "region": COMMUNITY,
        "lines": [{"item": "大米", "quantity": 10, "unit": "箱"}],
        "people": {"count": 1},
        "urgency": "normal",
        "contacts": [{"role": "person", "name": "钱一", "phone": "13800001111"}],
        "description": "家中已无米",
    });
    for (member, value) in change.as_object().unwrap() {
        body[member] = value.clone();
    }
    body
}
