//! What comes in: JSON as typed values, with every error at its field.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::catalogue::ProblemCode;
use super::problem::Problem;
use super::strict::Strict;
use crate::error::{Error, FieldCode, FieldError, Result};

/// Follows the nesting of JSON as its bytes arrive, so that a body nested too deeply is refused before it is read to its end.
pub(super) struct Nesting {
    most: usize,
    depth: usize,
    text: bool,
    escaped: bool,
}

impl Nesting {
    /// Of a body that may be nested so deeply.
    pub(super) fn up_to(most: usize) -> Self {
        Nesting { most, depth: 0, text: false, escaped: false }
    }

    /// False once the text is nested too deeply.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> bool {
        for byte in bytes {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.text => self.escaped = true,
                b'"' => self.text = !self.text,
                b'[' | b'{' if !self.text => self.depth += 1,
                b']' | b'}' if !self.text => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
            if self.depth > self.most {
                return false;
            }
        }
        true
    }
}

/// Parses a body; nothing at all reads as an object without members, so that a command without input needs none.
pub(super) fn json(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize::<_, Strict>(&mut reader);
    let Strict(value) = read.map_err(|e| match e.inner().classify() {
        Category::Data => Error::Invalid(vec![FieldError::new(pointer_of(e.path()), FieldCode::Duplicate)]).into(),
        _ => Problem::from(ProblemCode::MalformedJson),
    })?;
    reader.end().map_err(|_| Problem::from(ProblemCode::MalformedJson))?;
    let mut errors = Vec::new();
    check_texts(&value, &mut String::new(), &mut errors);
    if errors.is_empty() { Ok(value) } else { Err(Error::Invalid(errors).into()) }
}

/// A typed value from JSON.
pub(super) fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(value).map_err(|e| {
        let mut pointer = pointer_of(e.path());
        let (code, field) = read_message(&e.inner().to_string());
        if let Some(field) = field {
            let mut last = String::new();
            push(&mut last, &field);
            if !pointer.ends_with(&last) {
                pointer.push_str(&last);
            }
        }
        Error::Invalid(vec![FieldError::new(pointer, code)])
    })
}

fn pointer_of(path: &serde_path_to_error::Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            serde_path_to_error::Segment::Seq { index } => push(&mut pointer, &index.to_string()),
            serde_path_to_error::Segment::Map { key } => push(&mut pointer, key),
            _ => {}
        }
    }
    pointer
}

/// What no text may hold, wherever it stands (features ask more of theirs, see `text`): control characters (line breaks and tabs apart) and bidi overrides.
pub(super) fn bad_character(text: &str) -> Option<FieldCode> {
    text.chars().find_map(|c| match c {
        '\n' | '\r' | '\t' => None,
        c if crate::text::turns_direction(c) => Some(FieldCode::BidiCharacter),
        c if c.is_control() => Some(FieldCode::ControlCharacter),
        _ => None,
    })
}

fn check_texts(value: &Value, pointer: &mut String, errors: &mut Vec<FieldError>) {
    let before = pointer.len();
    match value {
        Value::String(text) => errors.extend(bad_character(text).map(|code| FieldError::new(pointer.clone(), code))),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                push(pointer, &n.to_string());
                check_texts(item, pointer, errors);
                pointer.truncate(before);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                push(pointer, name);
                errors.extend(bad_character(name).map(|code| FieldError::new(pointer.clone(), code)));
                check_texts(member, pointer, errors);
                pointer.truncate(before);
            }
        }
        _ => {}
    }
}

fn push(pointer: &mut String, segment: &str) {
    pointer.push('/');
    pointer.push_str(&segment.replace('~', "~0").replace('/', "~1"));
}

/// The code of serde's message, with the field it names. A message that is itself a field code (raised by a type's own reading) stands.
pub(super) fn read_message(message: &str) -> (FieldCode, Option<String>) {
    let named = message.split('`').nth(1).map(str::to_owned);
    let code = match message {
        m if m.starts_with("missing field") => return (FieldCode::Missing, named),
        m if m.starts_with("unknown field") => return (FieldCode::UnknownField, named),
        m if m.starts_with("duplicate field") => return (FieldCode::Duplicate, named),
        m if m.starts_with("unknown variant") => FieldCode::Unknown,
        m if m.starts_with("invalid value: integer `-") => FieldCode::TooSmall,
        m if m.starts_with("invalid value: integer") => FieldCode::TooLarge,
        m => FieldCode::parse(m).unwrap_or(FieldCode::WrongType),
    };
    (code, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as value;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Line {
        item: String,
        quantity: i64,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only its reading is tested")]
    struct Need {
        role: crate::accounts::model::Role,
        lines: Vec<Line>,
    }

    fn errors<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, FieldCode)> {
        match result {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|e| (e.pointer, e.code)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_error_stands_at_its_field() {
        let line = value!({"item": "rice", "quantity": 1});
        for (lines, role, pointer, code) in [
            (value!([{"item": "rice", "quantity": "2"}]), "operator", "/lines/0/quantity", FieldCode::WrongType),
            (value!([line, {"item": "rice"}]), "operator", "/lines/1/quantity", FieldCode::Missing),
            (value!([{"item": "rice", "quantity": 1, "x": 2}]), "operator", "/lines/0/x", FieldCode::UnknownField),
            (value!([line]), "chief", "/role", FieldCode::Unknown),
            (value!([{"item": "rice", "quantity": 18446744073709551615u64}]), "operator", "/lines/0/quantity", FieldCode::TooLarge),
        ] {
            let read = typed::<Need>(value!({"role": role, "lines": lines}));
            assert_eq!(errors(read), [(pointer.to_owned(), code)]);
        }
        assert_eq!(errors(typed::<Need>(value!({"lines": []}))), [("/role".to_owned(), FieldCode::Missing)]);
        assert_eq!(
            errors(typed::<Need>(value!({"role": "operator", "lines": [], "a/b": 1}))),
            [("/a~1b".to_owned(), FieldCode::UnknownField)]
        );
    }

    #[test]
    fn texts_nobody_types_are_refused() {
        let body = value!({"a": ["fine\n", "bad\u{0}"], "b": "turn\u{202e}ed"}).to_string();
        let Err(problem) = json(body.as_bytes()) else { panic!("taken") };
        let body = problem.body("");
        assert_eq!((body["errors"][0]["pointer"].as_str(), body["errors"][1]["pointer"].as_str()), (Some("/a/1"), Some("/b")));
    }

    #[test]
    fn a_member_stands_once() {
        let code = |text: &str| match json(text.as_bytes()) {
            Ok(value) => value.to_string(),
            Err(problem) => problem.body("")["errors"][0]["pointer"].as_str().unwrap_or("malformed").to_owned(),
        };
        assert_eq!(code(r#"{"a": [1, -2, 0.5, null, true, "x"], "b": {"a": {}}}"#), r#"{"a":[1,-2,0.5,null,true,"x"],"b":{"a":{}}}"#);
        assert_eq!(code(r#"{"lines": [{}, {"n": 1, "n": 2}]}"#), "/lines/1/n");
        assert_eq!(code(r#"{"a": 1, "\u0061": 2}"#), "/a");
        for malformed in
            [r#"{"a": 1} x"#, r#"{"a": 1,}"#, "{'a': 1}", "nul", r#"{"a": 1e999}"#, "\u{feff}{}", r#"{"a": "\ud800"}"#, "[NaN]"]
        {
            assert_eq!(code(malformed), "malformed", "{malformed}");
        }
    }

    #[test]
    fn nesting_is_followed_across_chunks_and_not_inside_texts() {
        assert!(Nesting::up_to(32).follow("[".repeat(32).as_bytes()));
        assert!(!Nesting::up_to(32).follow("[".repeat(33).as_bytes()));
        let mut nesting = Nesting::up_to(3);
        assert!(nesting.follow(br#"{"a":"\"[[[["#) && nesting.follow("[".repeat(100).as_bytes()) && nesting.follow(b"\"}"));
        assert_eq!(nesting.depth, 0);
    }
}
