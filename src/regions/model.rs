//! What a region is, its levels, and the district a need is counted in.

use crate::clock::Time;

crate::codes! {
    /// The levels of the tree, from the root down.
    pub Level {
        /// 省、自治区、直辖市
        Province = "province",
        /// 地级市
        City = "city",
        /// 县、区
        District = "district",
        /// 街道、镇、乡
        Street = "street",
        /// 社区、村
        Community = "community",
    }
}

/// A region in its newest edition.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The 12-digit statistical code.
    pub code: String,
    /// The year of the list it comes from.
    pub edition: i64,
    /// Its name as the list writes it.
    pub name: String,
    /// Its level.
    pub level: Level,
    /// Code of the region above.
    pub parent: Option<String>,
    /// Codes from the root down to this one, each followed by `/`.
    pub path: String,
    /// Names from the root down to this one.
    pub full_name: String,
    /// Code of the district it lies in or is; none for what is above districts.
    pub district: Option<String>,
    /// In force from this instant; always, where none is given.
    pub valid_from: Option<Time>,
    /// In force before this instant; still, where none is given.
    pub valid_to: Option<Time>,
    /// Code of the region that took its place.
    pub successor: Option<String>,
}

impl Region {
    /// Whether it is in force at an instant.
    pub fn valid_at(&self, at: Time) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_to.is_none_or(|to| at < to)
    }
}

/// Where a need is counted within the area of its incident.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum District {
    /// In this district of the area, by its code.
    Of(String),
    /// 市外: outside the area.
    Outside,
    /// 未定位: not known closely enough.
    Unlocated,
}

impl District {
    /// As it stands in marks, cells and answers: a code, `outside` or `unlocated`.
    pub fn as_str(&self) -> &str {
        match self {
            District::Of(code) => code,
            District::Outside => "outside",
            District::Unlocated => "unlocated",
        }
    }
}
