//! `codes!`: a closed list of codes as an enum. Codes are strings everywhere outside (API, database, events), never integers.

/// Declares an enum whose variants are the codes of one list, with `ALL`, `as_str`, parsing, serde and an OpenAPI schema.
#[macro_export]
macro_rules! codes {
    ($(#[doc = $doc:literal])* $vis:vis $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[doc = $doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        $vis enum $name { $($(#[$vmeta])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// Every code of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The code as it stands in the API, the database and the events.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $code),+ }
            }

            /// The variant of a code, or `None` where the list has no such code.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some($name::$variant),)+ _ => None }
            }
        }

        // Derived, the schema would list the variants' names: renames do not reach it through a macro.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let codes = utoipa::openapi::ObjectBuilder::new().schema_type(utoipa::openapi::Type::String);
                codes.description(Some(concat!($($doc),*).trim())).enum_values(Some([$($code),+])).into()
            }
        }
        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> { stringify!($name).into() }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::Error;
            /// For values read back from the database: an unknown one means that the row was not written by this program.
            fn from_str(code: &str) -> Result<Self, Self::Err> {
                Self::parse(code).ok_or_else(|| $crate::error::Error::internal(concat!("unknown code of ", stringify!($name))))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    codes! {
        /// Two codes.
        Two { One = "one", TheOther = "the_other" }
    }

    #[test]
    fn the_schema_lists_the_codes() {
        let schema = serde_json::to_value(Two::schema()).unwrap();
        assert_eq!(schema, serde_json::json!({"type": "string", "description": "Two codes.", "enum": ["one", "the_other"]}));
        assert_eq!(serde_json::to_value(Two::TheOther).unwrap(), "the_other");
        assert_eq!((Two::ALL.len(), Two::parse("one"), Two::parse("One")), (2, Some(Two::One), None));
    }
}
