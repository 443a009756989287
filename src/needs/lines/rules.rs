//! Reading lines: what each field may hold. Pure; everything that is wrong is added to `errors`.

use super::model::*;
use super::units;
use crate::clock::{DAY, Time, parse_day};
use crate::error::{FieldCode, FieldError};
use crate::needs::model::Payer;
use crate::text;

/// Most lines of a need.
pub const MOST_LINES: usize = 50;
const ITEM_LIMIT: usize = 60;
const MOST_QUANTITY: i64 = 1_000_000;
const MOST_DAYS: i64 = 60;
/// Times and days further off than this were mistyped.
const HORIZON: i64 = 400 * DAY;

/// Reads the lines of a need, 1 to 50.
pub fn read_all(pointer: &str, new: &[NewLine], now: Time, errors: &mut Vec<FieldError>) -> Vec<Line> {
    if new.is_empty() {
        errors.push(FieldError::new(pointer, FieldCode::Empty));
    } else if new.len() > MOST_LINES {
        errors.push(FieldError::new(pointer, FieldCode::TooMany).limit(MOST_LINES as i64));
    }
    let read = |(i, line)| read(&format!("{pointer}/{i}"), line, now, errors);
    new.iter().take(MOST_LINES).enumerate().filter_map(read).collect()
}

/// Reads one line.
pub fn read(pointer: &str, new: &NewLine, now: Time, errors: &mut Vec<FieldError>) -> Option<Line> {
    let at = |field: &str| format!("{pointer}/{field}");
    let before = errors.len();
    let item = FieldError::collect(errors, item(&at("item"), &new.item));
    let unit = FieldError::collect(errors, unit(&at("unit"), &new.unit));
    let quantity = FieldError::collect(errors, quantity(&at("quantity"), new.quantity));
    let needed_by = time(&at("needed_by"), new.needed_by.as_deref(), now, errors);
    let runs_out_at = time(&at("runs_out_at"), new.runs_out_at.as_deref(), now, errors);
    let window = new.window.as_ref().and_then(|given| window(&at("window"), given, errors));
    let days = new.recurrence.as_ref().and_then(|given| recurrence(&at("recurrence"), given, now, errors)).unwrap_or_default();
    let medicine = new.medicine.as_ref().and_then(|given| medicine(&at("medicine"), given, errors));
    if errors.len() > before {
        return None;
    }
    let (approximate, payer) = (new.approximate, new.payer.unwrap_or(Payer::Unknown));
    Some(Line { item: item?, quantity: quantity?, unit: unit?, approximate, needed_by, runs_out_at, window, days, medicine, payer })
}

/// What is asked for, in words that others may see.
pub fn item(pointer: &str, typed: &str) -> Result<String, FieldError> {
    shown_line(pointer, typed, ITEM_LIMIT)
}

/// A unit of the list.
pub fn unit(pointer: &str, typed: &str) -> Result<&'static str, FieldError> {
    units::parse(typed).ok_or_else(|| {
        let code = if typed.trim().is_empty() { FieldCode::Empty } else { FieldCode::Unknown };
        FieldError::new(pointer, code)
    })
}

/// A quantity, 1 to 1,000,000.
pub fn quantity(pointer: &str, given: i64) -> Result<i64, FieldError> {
    match given {
        ..1 => Err(FieldError::new(pointer, FieldCode::TooSmall).limit(1)),
        1..=MOST_QUANTITY => Ok(given),
        _ => Err(FieldError::new(pointer, FieldCode::TooLarge).limit(MOST_QUANTITY)),
    }
}

/// A time that lies within 400 days of now.
pub fn time(pointer: &str, given: Option<&str>, now: Time, errors: &mut Vec<FieldError>) -> Option<Time> {
    let read = |text| {
        let at = Time::parse(text).ok_or_else(|| FieldError::new(pointer, FieldCode::NotATime))?;
        near(pointer, at, now).map(|()| at)
    };
    FieldError::collect(errors, read(given?))
}

/// Hours of a day.
pub fn window(pointer: &str, given: &Window, errors: &mut Vec<FieldError>) -> Option<Window> {
    let mut hour = |field: &str, text: &str| {
        let read = parse_hour(text).ok_or_else(|| FieldError::new(format!("{pointer}/{field}"), FieldCode::NotAnHour));
        FieldError::collect(errors, read)
    };
    let (from, to) = (hour("from", &given.from), hour("to", &given.to));
    if from? == to? {
        errors.push(FieldError::new(format!("{pointer}/to"), FieldCode::Inconsistent));
        return None;
    }
    Some(given.clone())
}

/// A medicine.
pub fn medicine(pointer: &str, given: &Medicine, errors: &mut Vec<FieldError>) -> Option<Medicine> {
    let mut line = |field: &str, text: &str| FieldError::collect(errors, shown_line(&format!("{pointer}/{field}"), text, ITEM_LIMIT));
    let name = line("name", &given.name);
    let strength = match &given.strength {
        Some(text) => Some(line("strength", text)?),
        None => None,
    };
    Some(Medicine { name: name?, strength, prescription: given.prescription })
}

fn shown_line(pointer: &str, typed: &str, most: usize) -> Result<String, FieldError> {
    let line = text::line(pointer, typed, most)?;
    if text::holds_a_number(&line) { Err(FieldError::new(pointer, FieldCode::HoldsAContact)) } else { Ok(line) }
}

fn recurrence(pointer: &str, given: &Recurrence, now: Time, errors: &mut Vec<FieldError>) -> Option<(i64, i64)> {
    let mut day = |field: &str, text: &str| {
        let pointer = format!("{pointer}/{field}");
        let read = parse_day(text).ok_or_else(|| FieldError::new(pointer.as_str(), FieldCode::NotADate));
        let read = read.and_then(|day| near(&pointer, Time(day * DAY), now).map(|()| day));
        FieldError::collect(errors, read)
    };
    let (first, last) = (day("first_day", &given.first_day), day("last_day", &given.last_day));
    let (first, last) = (first?, last?);
    let pointer = format!("{pointer}/last_day");
    match last - first {
        ..0 => errors.push(FieldError::new(pointer, FieldCode::Inconsistent)),
        0..MOST_DAYS => return Some((first, last)),
        _ => errors.push(FieldError::new(pointer, FieldCode::TooMany).limit(MOST_DAYS)),
    }
    None
}

fn near(pointer: &str, at: Time, now: Time) -> Result<(), FieldError> {
    let away = at.0 - now.0;
    if away < -HORIZON {
        Err(FieldError::new(pointer, FieldCode::TooSmall))
    } else if away > HORIZON {
        Err(FieldError::new(pointer, FieldCode::TooLarge))
    } else {
        Ok(())
    }
}

/// Minutes since midnight.
fn parse_hour(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str| (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok())?;
    let (hour, minute) = (digits(hour)?, digits(minute)?);
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const NOW: Time = Time(1_780_272_000_000);

    fn read_json(change: Value) -> Result<Line, Vec<(String, FieldCode)>> {
        let mut body = json!({"item": "大米", "quantity": 10, "unit": "袋"});
        for (field, value) in change.as_object().unwrap() {
            body[field] = value.clone();
        }
        let mut errors = Vec::new();
        let line = read("/lines/0", &serde_json::from_value(body).unwrap(), NOW, &mut errors);
        line.ok_or_else(|| errors.into_iter().map(|e| (e.pointer.trim_start_matches("/lines/0/").to_owned(), e.code)).collect())
    }

    #[test]
    fn a_line_is_read() {
        let line = read_json(json!({
            "unit": "ＫＧ", "approximate": true, "needed_by": "2026-06-02T08:00:00+08:00", "window": {"from": "22:00", "to": "06:00"},
            "recurrence": {"first_day": "2026-06-01", "last_day": "2026-07-30"}, "payer": "self",
            "medicine": {"name": "胰岛素", "strength": "3ml:300u", "prescription": true},
        }))
        .unwrap();
        assert_eq!((line.unit, line.days.1 - line.days.0, line.payer), ("kg", 59, Payer::OwnMeans));
        assert_eq!(line.needed_by, Time::parse("2026-06-02T00:00:00Z"));
        assert_eq!(line.spec(3).last_day, line.days.1);
        assert_eq!(read_json(json!({})).unwrap().days, (0, 0));
    }

    #[test]
    fn every_bad_field_is_named() {
        use FieldCode::*;
        for (change, field, code) in [
            (json!({"item": " "}), "item", Empty),
            (json!({"item": "米".repeat(61)}), "item", TooLong),
            (json!({"item": "米\u{202e}"}), "item", BidiCharacter),
            (json!({"item": "米，电话 138 0000 0000"}), "item", HoldsAContact),
            (json!({"quantity": 0}), "quantity", TooSmall),
            (json!({"quantity": -3}), "quantity", TooSmall),
            (json!({"quantity": 1_000_001}), "quantity", TooLarge),
            (json!({"unit": "斗米"}), "unit", Unknown),
            (json!({"unit": ""}), "unit", Empty),
            (json!({"needed_by": "2026-06-31T08:00:00+08:00"}), "needed_by", NotATime),
            (json!({"needed_by": "2126-06-01T08:00:00+08:00"}), "needed_by", TooLarge),
            (json!({"runs_out_at": "1999-06-01T08:00:00+08:00"}), "runs_out_at", TooSmall),
            (json!({"window": {"from": "24:00", "to": "08:00"}}), "window/from", NotAnHour),
            (json!({"window": {"from": "08:00", "to": "08:00"}}), "window/to", Inconsistent),
            (json!({"recurrence": {"first_day": "2026-02-30", "last_day": "2026-06-01"}}), "recurrence/first_day", NotADate),
            (json!({"recurrence": {"first_day": "2026-06-02", "last_day": "2026-06-01"}}), "recurrence/last_day", Inconsistent),
            (json!({"recurrence": {"first_day": "2026-06-01", "last_day": "2026-07-31"}}), "recurrence/last_day", TooMany),
            (json!({"medicine": {"name": "", "prescription": false}}), "medicine/name", Empty),
        ] {
            assert_eq!(read_json(change.clone()), Err(vec![(field.to_owned(), code)]), "{change}");
        }
        let all = read_json(json!({"item": "", "quantity": 0, "unit": "?", "needed_by": "x"})).unwrap_err();
        assert_eq!(all.len(), 4, "{all:?}");
    }

    #[test]
    fn a_need_has_one_to_fifty_lines() {
        let line: NewLine = serde_json::from_value(json!({"item": "大米", "quantity": 1, "unit": "袋"})).unwrap();
        for (lines, code) in [(0, FieldCode::Empty), (51, FieldCode::TooMany)] {
            let mut errors = Vec::new();
            read_all("/lines", &vec![line.clone(); lines], NOW, &mut errors);
            assert_eq!(errors.iter().map(|e| (e.pointer.as_str(), e.code)).collect::<Vec<_>>(), [("/lines", code)]);
        }
    }
}
