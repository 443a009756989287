//! Names of schemas in the document: two features may call different things by one name, such as `Page`. The first keeps it, the next gets its
//! section's before it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};

const PLACE: &str = "#/components/schemas/";

/// Schemas by name.
pub type Schemas = BTreeMap<String, RefOr<Schema>>;

/// What the schemas of a handler are called where their names stand for something else already.
pub struct Renames(BTreeMap<String, String>);

impl Renames {
    /// Compares a handler's schemas with those of the document.
    pub fn new(known: &Schemas, new: &[(String, RefOr<Schema>)], section: &str) -> Self {
        let mut renames = Renames(BTreeMap::new());
        // What refers to something renamed is another schema than the one of its name, so it is looked at again until nothing changes.
        loop {
            let clash = new.iter().find(|(name, schema)| !renames.0.contains_key(name) && renames.differs(known.get(name), schema));
            let Some((name, _)) = clash else { break };
            let other = format!("{}{name}", pascal(section));
            renames.0.insert(name.clone(), other);
        }
        for (name, schema) in new.iter().filter(|(name, _)| renames.0.contains_key(name)) {
            let name = renames.name(name.clone());
            let twice = renames.differs(known.get(&name), schema);
            debug_assert!(!twice, "{name} is the name of two schemas: give one of them another, or a section of its own");
        }
        renames
    }

    /// A name as the document has it.
    pub fn name(&self, name: String) -> String {
        self.0.get(&name).cloned().unwrap_or(name)
    }

    /// A part of the document with its references as the document has them.
    pub fn apply<T: Serialize + DeserializeOwned + Clone>(&self, part: &T) -> T {
        if self.0.is_empty() {
            return part.clone();
        }
        let Ok(mut value) = serde_json::to_value(part) else { return part.clone() };
        self.rewrite(&mut value);
        serde_json::from_value(value).unwrap_or_else(|_| part.clone())
    }

    /// Whether a known schema is another one; compared as written, so that how they were built does not matter.
    fn differs(&self, known: Option<&RefOr<Schema>>, new: &RefOr<Schema>) -> bool {
        let Some(known) = known else { return false };
        let written = serde_json::to_value(new).map(|mut value| {
            self.rewrite(&mut value);
            value
        });
        serde_json::to_value(known).ok() != written.ok()
    }

    fn rewrite(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                let renamed = text.strip_prefix(PLACE).and_then(|name| self.0.get(name));
                if let Some(name) = renamed {
                    *text = format!("{PLACE}{name}");
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.rewrite(member)),
            _ => {}
        }
    }
}

fn pascal(section: &str) -> String {
    let words = section.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::{ObjectBuilder, Ref};

    use super::*;

    fn object(property: RefOr<Schema>) -> RefOr<Schema> {
        RefOr::T(Schema::Object(ObjectBuilder::new().property("it", property).build()))
    }

    #[test]
    fn what_is_another_thing_gets_another_name() {
        let plain = |description: &str| RefOr::T(Schema::Object(ObjectBuilder::new().description(Some(description)).build()));
        let item = || RefOr::Ref(Ref::from_schema_name("Item"));
        let known = Schemas::from([("Item".to_owned(), plain("one")), ("Page".to_owned(), object(item()))]);
        let new = [("Item".to_owned(), plain("other")), ("Page".to_owned(), object(item())), ("Own".to_owned(), object(item()))];
        let renames = Renames::new(&known, &new, "case notes");
        let names: Vec<String> = new.iter().map(|(name, _)| renames.name(name.clone())).collect();
        assert_eq!(names, ["CaseNotesItem", "CaseNotesPage", "Own"]);
        let written = |schema: &RefOr<Schema>| serde_json::to_value(schema).unwrap();
        let expected = object(RefOr::Ref(Ref::from_schema_name("CaseNotesItem")));
        assert_eq!(written(&renames.apply(&new[1].1)), written(&expected));
        assert!(Renames::new(&known, &[("Page".to_owned(), object(item()))], "x").0.is_empty());
    }
}
