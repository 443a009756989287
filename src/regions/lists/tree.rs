//! The tree of a list: the parents it lacks, and every entry in its place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::regions::model::{Entry, Level, Placed, parent_code};
use crate::regions::names::fold;

/// The parents that neither the entries nor their made parents have, all the way up.
pub fn missing_parents(entries: &BTreeMap<String, Entry>) -> BTreeSet<String> {
    let mut missing = BTreeSet::new();
    for entry in entries.values() {
        let mut parent = entry.parent.clone();
        while let Some(code) = parent.filter(|code| !entries.contains_key(code) && !missing.contains(code)) {
            parent = parent_code(&code);
            missing.insert(code);
        }
    }
    missing
}

/// The entries, parents first, with paths and full names. Every parent must be among them.
pub fn place(entries: &BTreeMap<String, Entry>) -> Vec<Placed> {
    let mut levels: Vec<(Level, &String, &Entry)> =
        entries.iter().filter_map(|(code, entry)| Level::of(code).map(|level| (level, code, entry))).collect();
    levels.sort_by_key(|(level, code, _)| (*level, *code));
    let mut places: HashMap<&str, (String, String)> = HashMap::with_capacity(entries.len());
    let mut placed = Vec::with_capacity(entries.len());
    for (level, code, entry) in levels {
        let above = entry.parent.as_deref().and_then(|parent| places.get(parent));
        let (path, full_name) = above.map_or(("", ""), |(path, name)| (path, name));
        let (path, full_name) = (format!("{path}{code}/"), format!("{full_name}{}", entry.name));
        places.insert(code, (path.clone(), full_name.clone()));
        placed.push(Placed { code: code.clone(), entry: entry.clone(), level, path, full_name, search_name: fold(&entry.name) });
    }
    placed
}

/// The name of a province by its code, for lists that begin below it.
pub fn province_name(code: &str) -> Option<&'static str> {
    PROVINCES.iter().find(|(digits, _)| code.strip_prefix(digits).is_some_and(|rest| rest == "0000000000")).map(|(_, name)| *name)
}

const PROVINCES: [(&str, &str); 34] = [
    ("11", "北京市"),
    ("12", "天津市"),
    ("13", "河北省"),
    ("14", "山西省"),
    ("15", "内蒙古自治区"),
    ("21", "辽宁省"),
    ("22", "吉林省"),
    ("23", "黑龙江省"),
    ("31", "上海市"),
    ("32", "江苏省"),
    ("33", "浙江省"),
    ("34", "安徽省"),
    ("35", "福建省"),
    ("36", "江西省"),
    ("37", "山东省"),
    ("41", "河南省"),
    ("42", "湖北省"),
    ("43", "湖南省"),
    ("44", "广东省"),
    ("45", "广西壮族自治区"),
    ("46", "海南省"),
    ("50", "重庆市"),
    ("51", "四川省"),
    ("52", "贵州省"),
    ("53", "云南省"),
    ("54", "西藏自治区"),
    ("61", "陕西省"),
    ("62", "甘肃省"),
    ("63", "青海省"),
    ("64", "宁夏回族自治区"),
    ("65", "新疆维吾尔自治区"),
    ("71", "台湾省"),
    ("81", "香港特别行政区"),
    ("82", "澳门特别行政区"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, parent: Option<&str>) -> Entry {
        Entry { name: name.to_owned(), parent: parent.map(str::to_owned), valid_from: None, valid_to: None, successor: None }
    }

    #[test]
    fn parents_are_missing_all_the_way_up() {
        let entries = BTreeMap::from([("610112001001".to_owned(), entry("甲社区", Some("610112001000")))]);
        let missing: Vec<_> = missing_parents(&entries).into_iter().collect();
        assert_eq!(missing, ["610000000000", "610100000000", "610112000000", "610112001000"]);
        assert_eq!(province_name("610000000000"), Some("陕西省"));
        assert_eq!(province_name("610100000000"), None);
    }

    #[test]
    fn every_entry_stands_below_its_parent() {
        let entries = BTreeMap::from([
            ("610112001001".to_owned(), entry("长乐社区居委会", Some("610112001000"))),
            ("610112001000".to_owned(), entry("乙街道", Some("610112000000"))),
            ("610112000000".to_owned(), entry("未央区", None)),
        ]);
        let placed = place(&entries);
        let last = placed.last().expect("three");
        assert_eq!(last.path, "610112000000/610112001000/610112001001/");
        assert_eq!((last.full_name.as_str(), last.search_name.as_str()), ("未央区乙街道长乐社区居委会", "长乐"));
    }
}
