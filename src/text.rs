//! What text that people write may hold: no control characters, nothing that turns the direction of what stands beside it, and a limit.

use unicode_normalization::UnicodeNormalization;

use crate::error::{FieldCode, FieldError};

/// One line, such as a name: composed (NFC), without space around it, not empty, at most so many characters.
pub fn line(pointer: &str, text: &str, most: usize) -> Result<String, FieldError> {
    let text = check(pointer, text, most, |_| false)?;
    if text.is_empty() { Err(FieldError::new(pointer, FieldCode::Empty)) } else { Ok(text) }
}

/// Any number of lines, such as a description; may be empty. Line ends become `\n`.
pub fn lines(pointer: &str, text: &str, most: usize) -> Result<String, FieldError> {
    check(pointer, &text.replace("\r\n", "\n"), most, |c| matches!(c, '\n' | '\t'))
}

fn check(pointer: &str, text: &str, most: usize, allowed: impl Fn(char) -> bool) -> Result<String, FieldError> {
    let text = text.trim();
    if text.chars().any(|c| (c.is_control() && !allowed(c)) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')) {
        return Err(FieldError::new(pointer, FieldCode::ControlCharacter));
    }
    if text.chars().any(turns_direction) {
        return Err(FieldError::new(pointer, FieldCode::BidiCharacter));
    }
    let composed: String = text.nfc().collect();
    if composed.chars().count() > most {
        return Err(FieldError::new(pointer, FieldCode::TooLong).limit(i64::try_from(most).unwrap_or(i64::MAX)));
    }
    Ok(composed)
}

/// Whether text that others may see holds something like a phone number: seven digits or more in a row, in whatever form and spacing.
pub fn holds_a_number(text: &str) -> bool {
    let mut run = 0;
    for c in text.nfkc() {
        match c {
            _ if c.is_ascii_digit() => run += 1,
            ' ' | '-' | '.' | '·' => {}
            _ => run = 0,
        }
        if run >= 7 {
            return true;
        }
    }
    false
}

/// Whether a character turns the direction of what stands beside it.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_clean_line() {
        assert_eq!(line("/name", "  长丰园社区 ", 10).as_deref(), Ok("长丰园社区"));
        let code = |text: &str| line("/name", text, 5).map_err(|e| e.code);
        assert_eq!(code(" \u{3000}"), Err(FieldCode::Empty));
        assert_eq!(code("a\nb"), Err(FieldCode::ControlCharacter));
        assert_eq!(code("a\0b"), Err(FieldCode::ControlCharacter));
        assert_eq!(code("a\u{202e}b"), Err(FieldCode::BidiCharacter));
        assert_eq!(code("六个字的名字"), Err(FieldCode::TooLong));
        assert_eq!(line("/name", "e\u{301}", 1).as_deref(), Ok("é"));
    }

    #[test]
    fn phone_numbers_are_seen_in_any_form() {
        for text in ["致电13800000000", "1 3 8 0000", "０２９－８０００００００", "138.0000.0000"] {
            assert!(holds_a_number(text), "{text}");
        }
        for text in ["N95口罩 100 只、200 只", "2022-01", "阿莫西林 0.25g×24"] {
            assert!(!holds_a_number(text), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_ends() {
        assert_eq!(lines("/text", "一\r\n二\n", 10).as_deref(), Ok("一\n二"));
        assert_eq!(lines("/text", "", 10).as_deref(), Ok(""));
        assert_eq!(lines("/text", "一\r二", 10).map_err(|e| e.code), Err(FieldCode::ControlCharacter));
    }
}
