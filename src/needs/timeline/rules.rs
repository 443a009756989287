//! From events to a timeline. Pure.

use std::collections::{BTreeMap, HashMap};

use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::model::{By, Item};
use crate::clock::{Time, day_text};
use crate::error::{Error, FieldCode, Result};
use crate::ids::Reference;
use crate::ledger::Event;

/// A page of events, given in recorded order: the newest first, after one of them; with whether more follow.
pub fn page<'e>(events: &'e [Event], after: Option<&str>, limit: i64) -> Result<(Vec<&'e Event>, bool)> {
    let newest_first = events.iter().rev();
    let rest: Vec<&Event> = match after {
        None => newest_first.collect(),
        Some(after) => {
            let mut rest = newest_first.skip_while(|event| event.reference != after);
            rest.next().ok_or_else(|| Error::field("cursor", FieldCode::Unknown))?;
            rest.collect()
        }
    };
    let limit = limit as usize;
    let more = rest.len() > limit;
    Ok((rest.into_iter().take(limit).collect(), more))
}

/// One event as it is shown. `needs`: references by row.
pub fn item(
    event: &Event,
    events: &[Event],
    needs: &HashMap<i64, String>,
    organisations: &BTreeMap<i64, String>,
    zone: Tz,
) -> Result<Item> {
    let other = |row: Option<i64>| events.iter().find(|other| Some(other.id) == row);
    let taken_back = events.iter().find(|other| other.voids == Some(event.id));
    let reference = |text: &str| Reference::stored(text.to_owned());
    Ok(Item {
        reference: reference(&event.reference),
        act: reference(&event.act),
        kind: event.kind.code(),
        need: reference(needs.get(&event.need).map(String::as_str).unwrap_or_default()),
        occurred_at: event.occurred_at.to_rfc3339(zone),
        recorded_at: event.recorded_at.to_rfc3339(zone),
        by: match event.actor {
            Some(_) => By::Account,
            None if event.kind.is_due() => By::Machine,
            None => By::Requester,
        },
        organisation: event.organisation.and_then(|id| organisations.get(&id)).cloned(),
        reason: event.reason.clone(),
        voids: event.voids.and_then(|row| other(Some(row))).map(|event| reference(&event.reference)),
        voided_by: taken_back.map(|event| reference(&event.reference)),
        data: data(event, zone)?,
    })
}

/// The payload with times and days in words; empty members are left out.
fn data(event: &Event, zone: Tz) -> Result<Map<String, Value>> {
    let tagged = serde_json::to_value(&event.kind).map_err(|e| Error::internal(e.to_string()))?;
    let mut payload = match tagged {
        Value::Object(mut tagged) => tagged.remove(event.kind.code()).unwrap_or_default(),
        _ => Value::Null,
    };
    put_in_words(&mut payload, zone);
    match payload {
        Value::Object(mut members) => {
            members.retain(|_, member| !member.is_null());
            Ok(members)
        }
        _ => Ok(Map::new()),
    }
}

fn put_in_words(value: &mut Value, zone: Tz) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| put_in_words(item, zone)),
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_i64() {
                    Some(at) if name.ends_with("_at") => *member = Time(at).to_rfc3339(zone).into(),
                    Some(day) if name == "day" || name.ends_with("_day") => *member = day_text(day).into(),
                    _ => put_in_words(member, zone),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Kind;
    use crate::ledger::model::ClaimState;

    fn event(id: i64, kind: Kind, voids: Option<i64>) -> Event {
        let (occurred_at, recorded_at) = (Time(id), Time(id));
        let (reference, act) = (format!("E{id}"), format!("A{id}"));
        Event { id, reference, act, need: 1, seq: id, occurred_at, recorded_at, actor: None, organisation: None, reason: None, kind, voids }
    }

    #[test]
    fn pages_follow_one_another_from_the_newest_on() {
        let events: Vec<Event> = (1..=5).map(|id| event(id, Kind::Summarised {}, None)).collect();
        let ids = |after: Option<&str>| {
            let (page, more) = page(&events, after, 2).unwrap();
            (page.iter().map(|event| event.id).collect::<Vec<_>>(), more)
        };
        assert_eq!(ids(None), (vec![5, 4], true));
        assert_eq!(ids(Some("E4")), (vec![3, 2], true));
        assert_eq!(ids(Some("E2")), (vec![1], false));
        assert!(page(&events, Some("E9"), 2).is_err());
    }

    #[test]
    fn a_payload_is_put_in_words_and_what_is_taken_back_is_told() {
        let claimed = Kind::Claimed {
            claim: "C".into(),
            n: 1,
            quantity: 2,
            state: ClaimState::Held,
            first_day: 1,
            last_day: 2,
            planned_at: None,
            expires_at: Some(Time(3_600_000)),
            early: false,
            offer: None,
        };
        let events = [event(1, claimed, None), event(2, Kind::Voided { event: "E1".into() }, Some(1))];
        let needs = HashMap::from([(1, "N".to_owned())]);
        let item = |i: usize| item(&events[i], &events, &needs, &BTreeMap::new(), chrono_tz::UTC).unwrap();
        let first = item(0);
        assert_eq!(
            (first.data["expires_at"].as_str(), first.data["first_day"].as_str()),
            (Some("1970-01-01T01:00:00+00:00"), Some("1970-01-02"))
        );
        assert!(!first.data.contains_key("planned_at") && first.data["quantity"] == 2);
        assert_eq!((first.voided_by.unwrap().as_str(), item(1).voids.unwrap().as_str()), ("E2", "E1"));
    }
}
