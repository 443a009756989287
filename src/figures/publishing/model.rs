//! A breakdown by one dimension as of a cut-off.

use std::collections::BTreeMap;

use crate::clock::Time;
use crate::figures::model::Shown;

crate::codes! {
    /// What a breakdown divides the totals by. Only ever one at a time.
    pub Dimension {
        /// By district of the area, outside, unlocated.
        District = "district",
        /// By category.
        Category = "category",
    }
}

/// The exact amounts behind a breakdown, by code of its rows; rows that count nothing may be absent.
pub type Rows = BTreeMap<String, Shown>;

/// A breakdown that was decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct Breakdown {
    /// What occurred up to and including this cut-off is counted.
    pub cut_off: Time,
    /// As known at this instant.
    pub known_at: Time,
    /// Whether it may be seen, in steps; otherwise it was withheld, for good.
    pub published: bool,
    /// The exact amounts.
    pub rows: Rows,
}
