//! The catalogues of words, Chinese and English, and which of them a request wants.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文, the default.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The tag that stands in `lang` attributes and addresses.
    pub const fn tag(self) -> &'static str {
        match self {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        }
    }

    /// The language an address asks for, else the one the browser prefers. An unknown one is Chinese.
    pub fn wanted(asked: Option<&str>, accepted: Option<&str>) -> Language {
        let of_tag = |tag: &str| match tag.trim().get(..2).map(str::to_ascii_lowercase).as_deref() {
            Some("zh") => Some(Language::Chinese),
            Some("en") => Some(Language::English),
            _ => None,
        };
        let preferred = || accepted.into_iter().flat_map(|list| list.split(',')).find_map(of_tag);
        asked.and_then(of_tag).or_else(preferred).unwrap_or(Language::Chinese)
    }

    /// The word or sentence of a key, with its placeholders filled. A key without words shows itself.
    pub fn say(self, key: &str, fill: &[(&str, &str)]) -> String {
        let mut text = self.catalogue().get(key).cloned().unwrap_or_else(|| key.to_owned());
        for (name, value) in fill {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    fn catalogue(self) -> &'static HashMap<String, String> {
        static CHINESE: LazyLock<HashMap<String, String>> = LazyLock::new(|| parse(include_str!("../../words/zh-CN.json")));
        static ENGLISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| parse(include_str!("../../words/en.json")));
        match self {
            Language::Chinese => &CHINESE,
            Language::English => &ENGLISH,
        }
    }
}

fn parse(text: &str) -> HashMap<String, String> {
    serde_json::from_str(text).expect("the catalogues are JSON objects of strings; a test reads both")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Kind;
    use crate::ledger::model::*;

    #[test]
    fn both_catalogues_have_the_same_keys_and_placeholders() {
        let (chinese, english) = (Language::Chinese.catalogue(), Language::English.catalogue());
        let mut keys: Vec<_> = chinese.keys().chain(english.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let slots = |text: &str| {
                let mut found: Vec<String> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or("").to_owned()).collect();
                found.sort();
                found.dedup();
                found
            };
            assert_eq!(slots(&chinese[key]), slots(&english[key]), "{key}");
        }
    }

    #[test]
    fn every_code_has_words() {
        let stages = Stage::ALL.iter().map(|c| format!("stage.{c}")).chain(Phone::ALL.iter().map(|c| format!("phone.{c}")));
        let axes = Urgent::ALL.iter().map(|c| format!("urgent.{c}")).chain(Matching::ALL.iter().map(|c| format!("matching.{c}")));
        let ends = DeliveryAxis::ALL.iter().map(|c| format!("delivery.{c}")).chain(Closure::ALL.iter().map(|c| format!("closure.{c}")));
        let kinds = Category::ALL.iter().map(|c| format!("category.{c}")).chain(Urgency::ALL.iter().map(|c| format!("urgency.{c}")));
        let roles = crate::accounts::model::Role::ALL.iter().map(|c| format!("role.{c}"));
        for key in stages.chain(axes).chain(ends).chain(kinds).chain(roles).chain([format!("event.{}", Kind::Answered {}.code())]) {
            assert!(Language::Chinese.catalogue().contains_key(&key), "{key}");
        }
    }

    #[test]
    fn a_language_is_chosen() {
        assert_eq!(Language::wanted(None, Some("fr, en;q=0.8")), Language::English);
        assert_eq!(Language::wanted(Some("zh-CN"), Some("en")), Language::Chinese);
        assert_eq!(Language::wanted(Some("xx"), None), Language::Chinese);
    }
}
