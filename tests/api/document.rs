//! The OpenAPI document: committed, complete, and strict about what comes in.

use std::collections::BTreeSet;

use heli::app::describe;
use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(describe().0).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths.flat_map(|(path, item)| {
        let operations = item.as_object().unwrap().iter().filter(|(name, _)| *name != "parameters");
        operations.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    })
}

#[test]
fn the_committed_document_is_the_programs() {
    let committed = std::fs::read_to_string("openapi.json").unwrap_or_default();
    let now = describe().0.to_pretty_json().unwrap();
    assert!(committed.trim() == now.trim(), "the API has changed: run `cargo run -q -- openapi > openapi.json` and commit it");
}

#[test]
fn the_route_list_and_the_document_are_the_same() {
    let (_, routes) = describe();
    let listed: Vec<String> = routes.iter().map(|route| format!("{} {}", route.method, route.path)).collect();
    let unique: BTreeSet<&String> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "a route stands twice");
    let document = document();
    let documented: BTreeSet<String> = operations(&document).map(|(name, _)| name).collect();
    assert_eq!(unique.into_iter().cloned().collect::<BTreeSet<_>>(), documented);
}

#[test]
fn every_operation_is_named_once_and_says_what_it_does() {
    let document = document();
    let mut names = BTreeSet::new();
    for (route, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        assert!(!id.is_empty() && names.insert(id.clone()), "{route} shares its operationId {id:?} with another");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{route} has no doc comment");
        assert!(operation["tags"][0].as_str().is_some_and(|tag| !tag.is_empty()), "{route} is in no section");
        let good = operation["responses"].as_object().unwrap().keys().any(|status| status.starts_with('2'));
        assert!(good, "{route} names no good answer");
    }
}

#[test]
fn bodies_take_no_unknown_fields() {
    let document = document();
    let mut loose = BTreeSet::new();
    for (_, operation) in operations(&document) {
        look_for_loose(&document, &operation["requestBody"], &mut BTreeSet::new(), &mut loose);
    }
    assert!(loose.is_empty(), "these need #[serde(deny_unknown_fields)]: {loose:?}");
}

/// Follows references and finds objects with properties that take others too.
fn look_for_loose(document: &Value, node: &Value, seen: &mut BTreeSet<String>, loose: &mut BTreeSet<String>) {
    if let Some(name) = node["$ref"].as_str().and_then(|text| text.rsplit('/').next()) {
        if seen.insert(name.to_owned()) {
            let schema = &document["components"]["schemas"][name];
            if schema["properties"].is_object() && schema["additionalProperties"] != Value::Bool(false) {
                loose.insert(name.to_owned());
            }
            look_for_loose(document, schema, seen, loose);
        }
        return;
    }
    match node {
        Value::Array(items) => items.iter().for_each(|item| look_for_loose(document, item, seen, loose)),
        Value::Object(members) => members.values().for_each(|member| look_for_loose(document, member, seen, loose)),
        _ => {}
    }
}
