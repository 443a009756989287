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

impl Level {
    /// The level that the digits of a code say: 2 province, 2 city, 2 district, 3 street, 3 community, zeros below. `None` for what is no code.
    pub fn of(code: &str) -> Option<Level> {
        if code.len() != 12 || !code.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let lowest = LEVEL_DIGITS.iter().rposition(|digits| code[digits.clone()].bytes().any(|digit| digit != b'0'))?;
        (&code[..2] != "00").then(|| Level::ALL[lowest])
    }
}

/// Where each level's digits stand in a code.
const LEVEL_DIGITS: [std::ops::Range<usize>; 5] = [0..2, 2..4, 4..6, 6..9, 9..12];

/// The code of what lies above a code by its digits; `None` above a province. A street of a city without districts lies in the city.
pub fn parent_code(code: &str) -> Option<String> {
    let level = Level::of(code)?;
    LEVEL_DIGITS
        .iter()
        .rev()
        .map(|digits| format!("{:0<12}", &code[..digits.start]))
        .find(|above| Level::of(above).is_some_and(|above| above < level))
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

/// What a list says of one code. Its level is that of its digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// Code of the region above; none for a province only.
    pub parent: Option<String>,
    /// In force from this instant.
    pub valid_from: Option<Time>,
    /// In force before this instant.
    pub valid_to: Option<Time>,
    /// Code of what took its place.
    pub successor: Option<String>,
}

/// An entry in its place in the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// The code.
    pub code: String,
    /// What the list says of it.
    pub entry: Entry,
    /// The level.
    pub level: Level,
    /// Codes from the root down to it, each followed by `/`.
    pub path: String,
    /// Names from the root down to it.
    pub full_name: String,
    /// Its name as searches compare it.
    pub search_name: String,
}

/// A search for regions.
#[derive(Clone, Debug)]
pub struct Search {
    /// Words of a name, all of which must be found, or the beginning of a code.
    pub words: Vec<Word>,
    /// The path of what lies near: what lies in it comes first.
    pub near: Option<String>,
    /// In force at this instant.
    pub at: Time,
    /// At most so many.
    pub limit: i64,
}

/// One word of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// As names are compared: letters and digits only, so that nothing in it is a pattern.
    pub folded: String,
    /// Whether it may be the beginning of a code.
    pub digits: bool,
}

/// A development zone (开发区) or another group that lies across the tree: shown in a table of its own, never added.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Codes of the regions in it, each with its subtree.
    pub codes: Vec<String>,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_of_a_code_say_its_level() {
        let levels = ["610000000000", "610100000000", "610112000000", "610112001000", "610112001001"];
        for (code, level) in levels.iter().zip(Level::ALL) {
            assert_eq!(Level::of(code), Some(*level), "{code}");
        }
        for code in ["", "000000000000", "001000000000", "61011200100", "6101120010011", "61011200100a", "六1011200100"] {
            assert_eq!(Level::of(code), None, "{code}");
        }
    }

    #[test]
    fn what_lies_above_a_code() {
        assert_eq!(parent_code("610112001001").as_deref(), Some("610112001000"));
        assert_eq!(parent_code("610112000000").as_deref(), Some("610100000000"));
        assert_eq!(parent_code("441900003000").as_deref(), Some("441900000000"));
        assert_eq!(parent_code("610000000000"), None);
    }
}
