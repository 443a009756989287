//! Credit codes by their check characters, and how an organisation's state may change.

use unicode_normalization::UnicodeNormalization;

use super::model::OrganisationState;
use crate::error::{FieldCode, FieldError, Refusal, RefusalCode};

/// The longest name.
pub const NAME_LIMIT: usize = 80;

/// The characters of a credit code (GB 32100): the digits and letters without I, O, S, V and Z.
const CREDIT_CODE_CHARACTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The characters of an organisation code (GB 11714), by their values.
const ORGANISATION_CODE_CHARACTERS: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A unified social credit code as it is written: case and width folded, without spaces and dashes. Refused where one of its two check
/// characters is wrong.
pub fn check_credit_code(typed: &str) -> Result<String, FieldError> {
    let code: String = typed.nfkc().filter(|c| !c.is_whitespace() && *c != '-').map(|c| c.to_ascii_uppercase()).collect();
    let good = is_written_like_one(&code)
        && code.as_bytes()[16] == organisation_check(&code[8..16])
        && code.as_bytes()[17] == credit_code_check(&code[..17]);
    if good { Ok(code) } else { Err(FieldError::new("/credit_code", FieldCode::NotACreditCode)) }
}

/// 18 characters of the set; the third to eighth, the region of registration, are digits.
fn is_written_like_one(code: &str) -> bool {
    code.len() == 18 && code.chars().all(|c| CREDIT_CODE_CHARACTERS.contains(c)) && code[2..8].bytes().all(|c| c.is_ascii_digit())
}

/// The check character of the organisation code within (GB 11714).
fn organisation_check(body: &str) -> u8 {
    const WEIGHTS: [usize; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: usize = body.chars().zip(WEIGHTS).map(|(c, weight)| value(ORGANISATION_CODE_CHARACTERS, c) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b"0123456789"[digit],
    }
}

/// The check character of the whole (GB 32100): weights are the powers of 3 modulo 31.
fn credit_code_check(body: &str) -> u8 {
    let powers = std::iter::successors(Some(1), |power| Some(power * 3 % 31));
    let sum: usize = body.chars().zip(powers).map(|(c, weight)| value(CREDIT_CODE_CHARACTERS, c) * weight).sum();
    CREDIT_CODE_CHARACTERS.as_bytes()[(31 - sum % 31) % 31]
}

fn value(characters: &str, c: char) -> usize {
    characters.find(c).expect("the characters were checked")
}

/// Verified and suspended may follow anything else; nothing becomes pending again.
pub fn may_become(from: OrganisationState, to: OrganisationState) -> Result<(), Refusal> {
    if from == to || to == OrganisationState::Pending { Err(RefusalCode::StateUnchanged.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALID: [&str; 5] = ["91350100M000100Y43", "52610000MJX123456E", "51610000MJX0000185", "54610112MFT000016E", "55610113MFT000024L"];

    #[test]
    fn valid_codes_are_taken_however_they_are_typed() {
        for code in VALID {
            assert_eq!(check_credit_code(code).as_deref(), Ok(code));
        }
        for typed in
            [" 91350100m000100y43 ", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100 M000100Y-43", "９１３５０１００ｍ０００１００ｙ４３"]
        {
            assert_eq!(check_credit_code(typed).as_deref(), Ok(VALID[0]), "{typed}");
        }
    }

    #[test]
    fn one_wrong_character_is_noticed_wherever_it_stands() {
        for code in VALID {
            for position in 0..18 {
                for other in CREDIT_CODE_CHARACTERS.chars().filter(|other| !code[position..].starts_with(*other)) {
                    let typed = format!("{}{other}{}", &code[..position], &code[position + 1..]);
                    assert!(check_credit_code(&typed).is_err(), "{typed} for {code}");
                }
            }
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "91350100M000100Y4",
            "91350100M000100Y433",
            "91350100M000100Y4é",
            "九1350100M000100Y43",
            "I1350100M000100Y43",
            "9135O100M000100Y43",
        ] {
            assert_eq!(check_credit_code(typed).map_err(|error| error.code), Err(FieldCode::NotACreditCode), "{typed}");
        }
    }

    #[test]
    fn states() {
        use OrganisationState::{Pending, Suspended, Verified};
        for (from, to) in [(Pending, Verified), (Pending, Suspended), (Verified, Suspended), (Suspended, Verified)] {
            assert_eq!(may_become(from, to), Ok(()));
        }
        for (from, to) in [(Verified, Verified), (Suspended, Suspended), (Verified, Pending), (Suspended, Pending)] {
            assert!(may_become(from, to).is_err());
        }
    }
}
