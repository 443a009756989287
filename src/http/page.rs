//! Pages of results: a limit, and a cursor that holds the key of the last row. What a cursor says is checked by the scope of the list, not
//! by the cursor.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, FieldCode, FieldError, Result};

/// Rows of a page where none are asked for, and the most that may be.
const USUAL: i64 = 20;
const MOST: i64 = 100;

/// The limit asked for, or the usual one; errors stand at `limit`.
pub fn limit(asked: Option<i64>) -> Result<i64> {
    match asked.unwrap_or(USUAL) {
        limit if limit < 1 => Err(Error::Invalid(vec![FieldError::new("limit", FieldCode::TooSmall).limit(1)])),
        limit if limit > MOST => Err(Error::Invalid(vec![FieldError::new("limit", FieldCode::TooLarge).limit(MOST)])),
        limit => Ok(limit),
    }
}

/// The key in a cursor; errors stand at `cursor`.
pub fn cursor<K: DeserializeOwned>(text: &str) -> Result<K> {
    let bad = || Error::field("cursor", FieldCode::Unknown);
    if text.len() > 1024 || text.len() % 2 == 1 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(bad());
    }
    let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect();
    serde_json::from_slice(&bytes.ok_or_else(bad)?).map_err(|_| bad())
}

/// Cuts rows that were read with one more than the limit, with the cursor of the next page where there is one.
pub fn cut<T, K: Serialize>(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return (rows, None);
    }
    rows.truncate(limit);
    let next = rows.last().map(|last| write(&key(last)));
    (rows, next)
}

/// A key as a cursor.
pub fn write(key: &impl Serialize) -> String {
    let bytes = serde_json::to_vec(key).expect("numbers and texts can be written");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_brings_back_the_key_of_the_last_row() {
        let (rows, next) = cut(vec![(3, "长"), (2, "b"), (1, "c")], 2, |row| (row.0, row.1.to_owned()));
        assert_eq!(rows.len(), 2);
        assert_eq!(cursor::<(i64, String)>(&next.unwrap()).unwrap(), (2, "b".to_owned()));
        assert_eq!(cut(vec![1, 2], 2, |row| *row).1, None);
        for bad in ["", "7", "zz", "7b", &"00".repeat(600)] {
            assert!(cursor::<(i64, String)>(bad).is_err(), "{bad}");
        }
        assert!(limit(Some(0)).is_err() && limit(Some(101)).is_err() && limit(None).unwrap() == 20);
    }
}
