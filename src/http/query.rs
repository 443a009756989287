//! Query parameters as typed values, with every error at its parameter.

use serde::de::value::MapDeserializer;
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

use super::input::{bad_character, read_message};
use crate::error::{Error, FieldCode, Result};

/// Typed query parameters.
pub(super) fn query<T: DeserializeOwned>(text: &str) -> Result<T> {
    let pairs =
        actix_web::web::Query::<Vec<(String, String)>>::from_query(text).map_err(|_| Error::field("", FieldCode::WrongType))?.into_inner();
    for (n, (name, value)) in pairs.iter().enumerate() {
        if pairs[..n].iter().any(|(other, _)| other == name) {
            return Err(Error::field(name, FieldCode::Duplicate));
        }
        if let Some(code) = bad_character(value).or(bad_character(name)) {
            return Err(Error::field(name, code));
        }
    }
    let given = pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, Parameter(value)));
    let map = MapDeserializer::<_, de::value::Error>::new(given);
    serde_path_to_error::deserialize(map).map_err(|e| {
        let (code, field) = read_message(&e.inner().to_string());
        let name = field.or_else(|| e.path().iter().next().map(ToString::to_string)).unwrap_or_default();
        Error::field(name, code)
    })
}

/// One query parameter's text, read as what the type asks for.
struct Parameter(String);

impl<'de> IntoDeserializer<'de, de::value::Error> for Parameter {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

macro_rules! numbers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            match self.0.parse::<i64>() {
                Ok(number) => visitor.visit_i64(number),
                Err(_) => Err(de::Error::custom(FieldCode::NotANumber)),
            }
        })+
    };
}

impl<'de> Deserializer<'de> for Parameter {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_string(self.0)
    }

    numbers!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(de::Error::custom(FieldCode::WrongType)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        i128 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, FieldCode)> {
        match result {
            Err(Error::Invalid(errors)) => errors.into_iter().map(|e| (e.pointer, e.code)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Asked {
        limit: Option<u32>,
        role: Option<crate::accounts::model::Role>,
        open: Option<bool>,
        text: Option<String>,
    }

    #[test]
    fn query_parameters_are_read_as_their_types() {
        let asked: Asked = query("limit=20&role=operator&open=true&text=%E9%95%BF%E4%B8%B0").unwrap();
        let role = Some(crate::accounts::model::Role::Operator);
        assert_eq!(asked, Asked { limit: Some(20), role, open: Some(true), text: Some("长丰".into()) });
        for (text, name, code) in [
            ("limit=x", "limit", FieldCode::NotANumber),
            ("limit=-1", "limit", FieldCode::TooSmall),
            ("role=chief", "role", FieldCode::Unknown),
            ("other=1", "other", FieldCode::UnknownField),
            ("limit=1&limit=2", "limit", FieldCode::Duplicate),
            ("text=a%00b", "text", FieldCode::ControlCharacter),
        ] {
            assert_eq!(errors(query::<Asked>(text)), [(name.to_owned(), code)], "{text}");
        }
        assert_eq!(query::<Asked>("limit=").unwrap().limit, None);
    }
}
