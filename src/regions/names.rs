//! How region names are compared: by what is left when the many spellings of their endings are taken off.

use unicode_normalization::UnicodeNormalization;

use super::model::Word;

/// Endings of communities, villages, streets and towns as people and lists write them, the longest first.
const ENDINGS: [&str; 20] = [
    "社区居民委员会",
    "社区村民委员会",
    "居民委员会",
    "村民委员会",
    "街道办事处",
    "社区居委会",
    "社区村委会",
    "社区委员会",
    "镇人民政府",
    "乡人民政府",
    "社区委会",
    "街道办",
    "居委会",
    "村委会",
    "社区",
    "街道",
    "委会",
    "村",
    "镇",
    "乡",
];

/// A name as it is compared: width and case folded, without punctuation and endings. Two characters always stay: 新村 remains 新村.
pub fn fold(name: &str) -> String {
    let mut folded = plain(name);
    while let Some(shorter) = ENDINGS.iter().find_map(|ending| folded.strip_suffix(ending).filter(|rest| rest.chars().count() >= 2)) {
        folded.truncate(shorter.len());
    }
    folded
}

/// Letters and digits only, width and case folded.
fn plain(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// The words of a search, at most four; none where it holds no letter or digit.
pub fn words(query: &str) -> Vec<Word> {
    let query: String = query.nfkc().collect();
    let words = query
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '/' | '、' | '·' | '-' | ';'))
        .map(fold)
        .filter(|word| !word.is_empty());
    words.take(4).map(|folded| Word { digits: folded.len() <= 12 && folded.bytes().all(|c| c.is_ascii_digit()), folded }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_are_folded_however_they_are_written() {
        for ending in [
            "",
            "社区",
            "社区居委会",
            "社区居民委员会",
            "居委会",
            "居民委员会",
            "社区委会",
            "村委会",
            "村民委员会",
            "村",
            "街道",
            "街道办事处",
            "街道办",
            "镇",
        ] {
            assert_eq!(fold(&format!("长丰园{ending}")), "长丰园", "{ending}");
        }
        assert_eq!(fold("杨家村社区居委会"), fold("杨家村"));
        assert_eq!(fold("草阳（小区）社区"), "草阳小区");
        assert_eq!(fold("曲江新区华侨城１０８坊社区"), "曲江新区华侨城108坊");
    }

    #[test]
    fn two_characters_stay() {
        assert_eq!(fold("新村"), "新村");
        assert_eq!(fold("新村社区"), "新村");
        assert_eq!(fold("西村委会"), "西村");
        assert_eq!(fold("社区"), "社区");
    }

    #[test]
    fn a_search_is_words_and_beginnings_of_codes() {
        let word = |folded: &str, digits| Word { folded: folded.to_owned(), digits };
        assert_eq!(words("未央区　长丰园社区"), [word("未央区", false), word("长丰园", false)]);
        assert_eq!(words("６１０１１３"), [word("610113", true)]);
        assert_eq!(words(" %_'\\ "), []);
    }
}
