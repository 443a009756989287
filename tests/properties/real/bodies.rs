//! Commands as the API takes them.

use heli::clock::Time as Instant;
use heli::ids::Reference;
use serde_json::{Map, Value, json};

use super::node::region_code;
use crate::command::{Act, Command, Name, NewLine, NewNeed, Who};
use crate::vocabulary::*;

/// The same people and things are written in several ways.
const NAMES: [[&str; 2]; 4] = [["赵一", " 赵一"], ["钱二", "钱 二"], ["孙三", "孙三"], ["Li Si", "Ｌi  si"]];
const ITEMS: [[&str; 2]; 3] = [["大米", "大米"], ["N95口罩", "Ｎ95口罩"], ["面粉", "面粉"]];
const UNITS: [&str; 2] = ["箱", "份"];

/// A body with what the command says of its own time.
pub fn with_time(command: &Command, body: Value) -> Value {
    let Value::Object(mut body) = body else { return body };
    if let Some(at) = command.occurred_at {
        body.insert("occurred_at".into(), Instant(at).to_rfc3339(chrono_tz::Asia::Shanghai).into());
    }
    if command.late_reason {
        body.insert("late_reason".into(), "断网".into());
    }
    Value::Object(body)
}

/// A person by name; how it is written depends on `way`.
pub fn person(name: &Name, way: usize) -> Value {
    let mut person = Map::new();
    person.insert("name".into(), NAMES[name.name][way % 2].into());
    if let Some(phone) = name.phone {
        let written = [format!("1380000{phone:04}"), format!("+86 138-0000-{phone:04}")];
        person.insert("phone".into(), written[way % 2].clone().into());
    }
    Value::Object(person)
}

/// A line.
pub fn line(line: &NewLine, way: usize) -> Value {
    let mut body = json!({"item": ITEMS[line.item][way % 2], "quantity": line.quantity, "unit": UNITS[line.unit]});
    if let Some((first, last)) = line.days {
        body["recurrence"] = json!({"first_day": date(first), "last_day": date(last)});
    }
    body
}

/// Contacts by the numbers of their phones.
pub fn contacts(phones: &[usize]) -> Value {
    phones.iter().map(|phone| json!({"role": "relative", "name": "周家属", "phone": format!("1390000{phone:04}")})).collect()
}

fn need(need: &NewNeed, way: usize) -> Value {
    let named: Vec<Value> = need.people.iter().enumerate().map(|(i, name)| person(name, way + i)).collect();
    json!({
        "category": need.category.word(),
        "region": region_code(need.region),
        "lines": need.lines.iter().enumerate().map(|(i, l)| line(l, way + i)).collect::<Vec<_>>(),
        "people": {"count": 1 + named.len(), "named": named},
        "urgency": need.urgency.word(),
    })
}

/// A submission.
pub fn submission(command: &Command) -> Value {
    let Act::Submit { needs, contacts: phones } = &command.act else { panic!("a submission") };
    let needs: Vec<Value> = needs.iter().enumerate().map(|(i, n)| need(n, i)).collect();
    with_time(command, json!({"contacts": contacts(phones), "needs": needs, "source": "phone"}))
}

/// A call.
pub fn call(command: &Command, references: &[Reference]) -> Value {
    let Act::Call { direction, outcome, about } = &command.act else { panic!("a call") };
    let needs: Vec<Value> = about
        .iter()
        .zip(references)
        .map(|((_, conclusion, assessed), reference)| {
            json!({
                "reference": reference,
                "conclusion": conclusion.map(Conclusion::word),
                "assessed_urgency": assessed.map(Urgency::word),
            })
        })
        .collect();
    with_time(command, json!({"direction": direction.word(), "purpose": "verify", "outcome": outcome.word(), "needs": needs}))
}

/// A visit.
pub fn visit(command: &Command) -> Value {
    let Act::Visit { conclusion, .. } = &command.act else { panic!("a visit") };
    with_time(command, json!({"conclusion": conclusion.word()}))
}

/// Opening or ending a case.
pub fn turn(command: &Command) -> Value {
    with_time(command, json!({}))
}

/// A response, with the references of those who are known.
pub fn response(command: &Command, persons: &[String]) -> Value {
    let Act::Respond { reached, people, group_reason, .. } = &command.act else { panic!("a response") };
    let who = |(i, who): (usize, &Who)| match who {
        Who::Known(known) => json!({"person": persons[*known]}),
        Who::Named(name) => person(name, i),
    };
    let people: Vec<Value> = people.iter().enumerate().map(who).collect();
    let mut body = json!({"reached": reached, "people": people});
    if *group_reason {
        body["group_reason"] = "整栋楼一起撤离".into();
    }
    with_time(command, body)
}

fn date(day: Day) -> String {
    format!("2022-01-{day:02}")
}

/// A claim for an organisation.
pub fn claim(command: &Command, organisation: &str) -> Value {
    let Act::Claim { claim, .. } = &command.act else { panic!("a claim") };
    let state = if claim.confirmed { "confirmed" } else { "held" };
    let mut body = json!({"quantity": claim.quantity, "state": state, "organisation": organisation});
    if let Some((first, last)) = claim.days {
        body["first_day"] = date(first).into();
        body["last_day"] = date(last).into();
    }
    if claim.early_reason {
        body["early_reason"] = "断药，等不及电话".into();
    }
    with_time(command, body)
}

/// A delivery.
pub fn delivery(command: &Command) -> Value {
    let Act::Deliver { day, quantity, step, at_gate, .. } = &command.act else { panic!("a delivery") };
    let mut body = json!({"quantity": quantity, "step": step.word(), "at_gate": at_gate});
    if let Some(day) = day {
        body["day"] = date(*day).into();
    }
    with_time(command, body)
}
