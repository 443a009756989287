//! Phone numbers: one canonical form (E.164), so that equal numbers have equal blind indexes however they were typed, and the mask.

use unicode_normalization::UnicodeNormalization;

/// A phone number in E.164, such as `+8613800000000`. Its `Debug` shows the mask alone.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Phone(String);

impl Phone {
    /// Reads what a person typed: full-width digits, spaces, dashes, dots and brackets don't matter; a number without a country is one of
    /// mainland China. `None` where it is no number that can be called from elsewhere.
    pub fn parse(typed: &str) -> Option<Phone> {
        if typed.chars().count() > 40 {
            return None;
        }
        let plain: String = typed.nfkc().filter(|c| !c.is_whitespace() && !"-‐‑–—.()·".contains(*c)).collect();
        let (abroad, digits) = match plain.strip_prefix('+').or_else(|| plain.strip_prefix("00")) {
            Some(digits) => (true, digits),
            None => (false, plain.as_str()),
        };
        if !digits.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        if abroad {
            let national = digits.strip_prefix("86");
            let good = national.map_or((7..=15).contains(&digits.len()) && !digits.starts_with('0'), is_national);
            return good.then(|| Phone(format!("+{digits}")));
        }
        let national = digits.strip_prefix('0').unwrap_or(digits);
        let told = digits.len() == 11 || digits.starts_with('0') || digits.starts_with("400") || digits.starts_with("800");
        (told && is_national(national)).then(|| Phone(format!("+86{national}")))
    }

    /// The number in E.164: what is sealed, and what tokens are made of.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As a person in mainland China dials it.
    pub fn national(&self) -> String {
        match self.0.strip_prefix("+86") {
            Some(national) if national.len() == 11 && national.starts_with('1') => national.to_owned(),
            Some(national) if national.starts_with("400") || national.starts_with("800") => national.to_owned(),
            Some(national) => format!("0{national}"),
            None => self.0.clone(),
        }
    }

    /// What lists show: `138****0000`.
    pub fn masked(&self) -> String {
        let shown = self.national();
        let (head, tail) = if shown.len() >= 11 { (3, 4) } else { (2, 2) };
        format!("{}****{}", &shown[..head], &shown[shown.len() - tail..])
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A mobile number, a fixed line with its area code, or a 400/800 number, without the leading 0.
fn is_national(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'1', ..] if digits.len() == 11 => true,
        [b'4' | b'8', b'0', b'0', ..] => digits.len() == 10,
        [b'1', b'0', ..] | [b'2', ..] => (9..=10).contains(&digits.len()),
        [b'3'..=b'9', ..] => (10..=11).contains(&digits.len()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for typed in
            ["13800000000", " 138-0000-0000", "+86 138 0000 0000", "008613800000000", "１３８００００００００", "+86-138.0000.0000"]
        {
            assert_eq!(Phone::parse(typed).as_ref().map(Phone::as_str), Some("+8613800000000"), "{typed}");
        }
        let fixed = Phone::parse("(029) 8000 0000").unwrap();
        assert_eq!((fixed.as_str(), fixed.national().as_str(), fixed.masked().as_str()), ("+862980000000", "02980000000", "029****0000"));
        assert_eq!(Phone::parse("400-000-0000").unwrap().national(), "4000000000");
        assert_eq!(Phone::parse("+44 20 0000 0000").unwrap().as_str(), "+442000000000");
        assert_eq!(Phone::parse("13800001234").unwrap().masked(), "138****1234");
        assert_eq!(format!("{:?}", Phone::parse("13800001234").unwrap()), "138****1234");
    }

    #[test]
    fn what_is_no_number_is_none() {
        for typed in ["", "120", "12345", "1380000000", "138000000000", "abc", "13800000000x", "+0123456789", "80000000", "+8612"] {
            assert_eq!(Phone::parse(typed), None, "{typed}");
        }
    }
}
