//! Which district a region is counted in, decided from paths alone.

use super::model::District;

/// Code of the district a path lies in or is: the first region on it below a city, so that the streets of a city that has no districts stand
/// for them. None for a city or province.
pub fn district_of(path: &str) -> Option<&str> {
    codes(path).find(|code| below_city(code))
}

/// The district of the area that a region is counted in. An area that is a district or smaller is one district itself. A region above the
/// area's districts, or above the area, says too little: unlocated.
pub fn district(area_path: &str, region_path: Option<&str>) -> District {
    let Some(region) = region_path else { return District::Unlocated };
    if !region.starts_with(area_path) {
        return if area_path.starts_with(region) { District::Unlocated } else { District::Outside };
    }
    let counted = match codes(area_path).next_back() {
        Some(area) if below_city(area) => Some(area),
        _ => district_of(region),
    };
    counted.map_or(District::Unlocated, |code| District::Of(code.to_owned()))
}

/// The paths from `.0` up to, without, `.1` are those of a region and all that lies in it.
pub fn subtree(path: &str) -> (String, String) {
    // '0' is the character after '/'.
    let beyond = path.strip_suffix('/').map_or_else(|| "\u{10ffff}".to_owned(), |codes| format!("{codes}0"));
    (path.to_owned(), beyond)
}

/// The part of a path down to its district; all of it above districts.
pub fn down_to_district(path: &str) -> &str {
    let end = district_of(path).and_then(|code| path.find(code).map(|at| at + code.len() + 1));
    end.and_then(|end| path.get(..end)).unwrap_or(path)
}

fn codes(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split_terminator('/')
}

/// The digits of a code are 2 province, 2 city, 2 district, 3 street, 3 community.
fn below_city(code: &str) -> bool {
    code.get(4..).is_some_and(|rest| rest.bytes().any(|digit| digit != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CITY: &str = "610000000000/610100000000/";
    const DISTRICT: &str = "610000000000/610100000000/610112000000/";
    const COMMUNITY: &str = "610000000000/610100000000/610112000000/610112001000/610112001001/";

    #[test]
    fn a_region_is_counted_in_its_district() {
        let weiyang = District::Of("610112000000".to_owned());
        assert_eq!(district(CITY, Some(COMMUNITY)), weiyang);
        assert_eq!(district(CITY, Some(DISTRICT)), weiyang);
        assert_eq!(district(DISTRICT, Some(COMMUNITY)), weiyang);
        assert_eq!(district("610000000000/", Some(COMMUNITY)), weiyang);
    }

    #[test]
    fn what_is_not_known_closely_enough_is_unlocated() {
        for region in [None, Some(CITY), Some("610000000000/"), Some("")] {
            assert_eq!(district(CITY, region), District::Unlocated, "{region:?}");
        }
        assert_eq!(district(DISTRICT, Some(CITY)), District::Unlocated);
    }

    #[test]
    fn what_lies_elsewhere_is_outside() {
        for region in ["610000000000/610200000000/610202000000/", "110000000000/", "610000000000/610200000000/"] {
            assert_eq!(district(CITY, Some(region)), District::Outside, "{region}");
        }
        assert_eq!(district(DISTRICT, Some("610000000000/610100000000/610113000000/")), District::Outside);
    }

    #[test]
    fn an_area_smaller_than_a_district_is_one_district() {
        let street = "610000000000/610100000000/610112000000/610112001000/";
        assert_eq!(district(street, Some(COMMUNITY)).as_str(), "610112001000");
        assert_eq!(district(street, Some(street)).as_str(), "610112001000");
        assert_eq!(district(street, Some(DISTRICT)), District::Unlocated);
    }

    #[test]
    fn streets_stand_for_districts_where_a_city_has_none() {
        assert_eq!(district_of("440000000000/441900000000/441900003000/441900003001/"), Some("441900003000"));
        assert_eq!(district_of("440000000000/441900000000/"), None);
    }
}
