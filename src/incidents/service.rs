//! Creating an incident and changing it.

use super::model::{Incident, IncidentChange, IncidentState, NewIncident};
use super::{rules, store};
use crate::accounts::model::{Actor, Role};
use crate::crypto::{FreshPair, Keyring};
use crate::db::{Read, Write};
use crate::error::{Error, FieldCode, FieldError, RefusalCode, Result};
use crate::ids::Reference;
use crate::ledger::{self, Act};
use crate::{accounts, audit, organisations, regions, text};

/// Needs that `settle` takes in one closure.
const SETTLED_AT_ONCE: i64 = 8;

/// Appends nothing of its own: what is due names itself.
const MACHINE: Act = Act { seed: 0, actor: None, organisation: None, device_at: None };

/// Creates an incident with its keys.
pub fn create(w: &mut Write<'_>, actor: &Actor, request: &str, keys: &Keyring, fresh: &FreshPair, new: &NewIncident) -> Result<Incident> {
    let mut errors = Vec::new();
    let name = text::line("/name", &new.name, rules::NAME_LIMIT);
    errors.extend(rules::check_slug(&new.slug).err());
    errors.extend(name.as_ref().err().cloned());
    errors.extend(rules::check_zone(&new.zone).err());
    errors.extend(rules::check_cut_off(new.cut_off_hour).err());
    errors.extend(rules::check_start(new.started_at, w.now()).err());
    errors.extend(check_area(w, &new.area)?.err());
    let Ok(name) = name else { return Err(Error::Invalid(errors)) };
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    let new = NewIncident { name, ..new.clone() };
    if !store::insert(w, &new)? {
        return Err(RefusalCode::SlugTaken.into());
    }
    let incident = store::by_slug(w, &new.slug)?;
    keys.add(w, incident.id, fresh)?;
    record(w, actor, request, &incident)?;
    Ok(incident)
}

/// What an incident created over the API needs beside its own row, drawn before the write.
pub struct Founding {
    keys: FreshPair,
    desk: Reference,
    membership: Reference,
}

impl Founding {
    /// Draws keys and references.
    pub fn draw() -> Self {
        Founding { keys: FreshPair::new(), desk: Reference::random(), membership: Reference::random() }
    }
}

/// Creates an incident with its keys and a desk in which who acts is the first admin.
pub fn found(w: &mut Write<'_>, actor: &Actor, request: &str, keys: &Keyring, founding: &Founding, new: &NewIncident) -> Result<Incident> {
    let incident = create(w, actor, request, keys, &founding.keys, new)?;
    let desk = organisations::service::desk(w, actor, request, incident.id, &founding.desk)?;
    accounts::service::appoint(w, actor, request, &founding.membership, incident.id, &desk, Role::Admin)?;
    Ok(incident)
}

/// Changes an incident, where it still has the version the caller saw.
pub fn change(w: &mut Write<'_>, actor: &Actor, request: &str, id: i64, version: i64, change: &IncidentChange) -> Result<Incident> {
    let before = store::by_id(w, id)?;
    if before.version != version {
        return Err(Error::Stale { current: before.version });
    }
    let after = apply(w, &before, change)?;
    if after == before {
        return Err(RefusalCode::NothingToChange.into());
    }
    let counted_otherwise = (after.zone, after.cut_off_hour, &after.area) != (before.zone, before.cut_off_hour, &before.area);
    if counted_otherwise || after.state != before.state {
        ledger::store::hold(w, id)?;
    }
    if counted_otherwise && store::has_events(w, id)? {
        return Err(RefusalCode::ZoneFixed.into());
    }
    if after.state != before.state {
        rules::may_become(before.state, after.state)?;
    }
    if after.state == IncidentState::Closed && before.state != IncidentState::Closed {
        while settle(w, id)? {}
    }
    record(w, actor, request, &after)?;
    if !store::update(w, &after)? {
        return Err(Error::Stale { current: store::by_id(w, id)?.version });
    }
    store::by_id(w, id)
}

/// Appends what is due on a few needs; false where nothing is any more. Before closing an incident it is called until then, in closures of their own,
/// so that little is left for the one that closes it.
pub fn settle(w: &mut Write<'_>, incident: i64) -> Result<bool> {
    if !ledger::store::read_frame(w, incident)?.runs {
        return Ok(false);
    }
    let now = w.now();
    let needs = ledger::store::overdue(w, incident, now, SETTLED_AT_ONCE)?;
    for need in &needs {
        let locked = ledger::lock(w, incident, &[*need])?;
        ledger::append(w, locked, &MACHINE, Vec::new())?;
    }
    let left = ledger::store::overdue(w, incident, now, 1)?;
    if left.iter().any(|need| needs.contains(need)) {
        return Err(Error::internal("what is due on a need was not appended"));
    }
    Ok(!left.is_empty())
}

fn record(w: &mut Write<'_>, actor: &Actor, request: &str, incident: &Incident) -> Result<()> {
    audit::append(w, &audit::Entry::new(actor, Some(incident.id), audit::Action::IncidentChanged, &incident.slug, request))
}

/// The incident as the change asks for it, or every field that must be mended.
fn apply(r: &mut Read<'_>, before: &Incident, change: &IncidentChange) -> Result<Incident> {
    let mut errors = Vec::new();
    let mut after = before.clone();
    if let Some(name) = &change.name {
        take(text::line("/name", name, rules::NAME_LIMIT), &mut after.name, &mut errors);
    }
    if let Some(text) = &change.intake_text {
        take(text::lines("/intake_text", text, rules::INTAKE_TEXT_LIMIT), &mut after.intake_text, &mut errors);
    }
    if let Some(zone) = &change.zone {
        take(rules::check_zone(zone), &mut after.zone, &mut errors);
    }
    if let Some(hour) = change.cut_off_hour {
        take(rules::check_cut_off(hour), &mut after.cut_off_hour, &mut errors);
    }
    if let Some(area) = &change.area {
        take(check_area(r, area)?.map(|()| area.clone()), &mut after.area, &mut errors);
    }
    after.state = change.state.unwrap_or(before.state);
    after.public_figures = change.public_figures.unwrap_or(before.public_figures);
    after.intake = change.intake.unwrap_or(before.intake);
    after.early_matching = change.early_matching.unwrap_or(before.early_matching);
    if errors.is_empty() { Ok(after) } else { Err(Error::Invalid(errors)) }
}

fn take<T>(given: Result<T, FieldError>, into: &mut T, errors: &mut Vec<FieldError>) {
    match given {
        Ok(value) => *into = value,
        Err(error) => errors.push(error),
    }
}

fn check_area(r: &mut Read<'_>, area: &str) -> Result<Result<(), FieldError>> {
    let known = regions::store::by_code(r, area)?.is_some();
    Ok(if known { Ok(()) } else { Err(FieldError::new("/area", FieldCode::NotARegion)) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::db::{Db, Lane};
    use crate::incidents::model::{Intake, PublicFigures};
    use crate::ledger::Draft;
    use crate::ledger::event::Kind;
    use crate::needs::fixture;
    use crate::support::TestDb;

    fn keyring(db: &TestDb) -> Keyring {
        Keyring::open(db, &tempfile::tempdir().unwrap().path().join("heli.key")).unwrap().0
    }

    fn example() -> NewIncident {
        NewIncident {
            slug: "xian-2022".into(),
            name: "合力抗疫".into(),
            zone: "Asia/Shanghai".into(),
            area: "610100000000".into(),
            started_at: Time::parse("2021-12-22T00:00:00+08:00").unwrap(),
            cut_off_hour: rules::DEFAULT_CUT_OFF,
            public_figures: PublicFigures::Live,
            practice: false,
            early_matching: false,
            demo: false,
        }
    }

    fn created(db: &Db, keys: &Keyring, new: NewIncident) -> Result<Incident> {
        let (keys, fresh) = (keys.clone(), FreshPair::new());
        db.write_blocking(move |w| create(w, &Actor::system(), "test", &keys, &fresh, &new))
    }

    fn changed(db: &Db, id: i64, version: i64, wanted: IncidentChange) -> Result<Incident> {
        db.write_blocking(move |w| change(w, &Actor::system(), "test", id, version, &wanted))
    }

    fn fields<T: std::fmt::Debug>(result: Result<T>) -> Vec<(String, FieldCode)> {
        let Err(Error::Invalid(errors)) = result else { panic!("{result:?}") };
        errors.into_iter().map(|error| (error.pointer, error.code)).collect()
    }

    crate::support::on_both! {
        fn an_incident_is_created_with_its_keys(db) {
            let keys = keyring(&db);
            regions::service::ensure_shipped(&db).unwrap();
            let incident = created(&db, &keys, example()).unwrap();
            assert_eq!(incident.area_path, "610000000000/610100000000/");
            assert_eq!((incident.version, incident.state, incident.intake), (1, IncidentState::Active, Intake::Open));
            assert_eq!(incident.zone, chrono_tz::Tz::Asia__Shanghai);
            assert!(db.read_blocking(Lane::Fast, move |r| keys.incident(r, incident.id).map(drop)).is_ok());
        }

        fn every_wrong_field_is_named_and_nothing_is_written(db) {
            let keys = keyring(&db);
            let wrong = NewIncident { slug: "X".into(), name: " ".into(), zone: "Mars".into(), cut_off_hour: 24, started_at: Time(i64::MAX), ..example() };
            let expected = [
                ("/slug", FieldCode::NotASlug),
                ("/name", FieldCode::Empty),
                ("/zone", FieldCode::NotAZone),
                ("/cut_off_hour", FieldCode::TooLarge),
                ("/started_at", FieldCode::InTheFuture),
                ("/area", FieldCode::NotARegion),
            ];
            assert_eq!(fields(created(&db, &keys, wrong)), expected.map(|(pointer, code)| (pointer.to_owned(), code)));
            assert!(matches!(db.read_blocking(Lane::Fast, |r| store::by_id(r, 1)), Err(Error::NotFound)));
        }

        fn a_slug_is_taken_once(db) {
            let keys = keyring(&db);
            regions::service::ensure_shipped(&db).unwrap();
            created(&db, &keys, example()).unwrap();
            let again = created(&db, &keys, NewIncident { name: "another".into(), ..example() });
            assert!(matches!(again, Err(Error::Refused(refusal)) if refusal.code == RefusalCode::SlugTaken));
        }

        fn a_change_is_guarded_by_the_version(db) {
            let keys = keyring(&db);
            regions::service::ensure_shipped(&db).unwrap();
            let incident = created(&db, &keys, example()).unwrap();
            let pause = IncidentChange { state: Some(IncidentState::Paused), intake: Some(Intake::PhoneOnly), intake_text: Some("请拨打\n029".into()), ..Default::default() };
            let paused = changed(&db, incident.id, 1, pause.clone()).unwrap();
            assert_eq!((paused.version, paused.state, paused.intake_text.as_str()), (2, IncidentState::Paused, "请拨打\n029"));
            assert!(matches!(changed(&db, incident.id, 1, pause.clone()), Err(Error::Stale { current: 2 })));
            let again = changed(&db, incident.id, 2, pause);
            assert!(matches!(again, Err(Error::Refused(refusal)) if refusal.code == RefusalCode::NothingToChange));
            let gone = changed(&db, incident.id, 2, IncidentChange { state: Some(IncidentState::Destroyed), ..Default::default() });
            assert!(matches!(gone, Err(Error::Refused(_))));
            assert_eq!(fields(changed(&db, incident.id, 2, IncidentChange { area: Some("1".into()), ..Default::default() })), [("/area".to_owned(), FieldCode::NotARegion)]);
        }

        fn closing_appends_what_is_due_and_nothing_falls_due_afterwards(db) {
            let here = fixture::incident(&db);
            let id = here.incident.id;
            let needs: Vec<i64> = (0..10).map(|_| fixture::need(&db, &here, Some("610113003020")).id).collect();
            let due = |hours: i64| db.db.clock().now().plus(hours * crate::clock::HOUR);
            let deadlines: Vec<(i64, Time)> = needs.iter().enumerate().map(|(n, need)| (*need, due(if n == 9 { 48 } else { 2 }))).collect();
            db.write_blocking(move |w| {
                for (seed, (need, due_at)) in deadlines.iter().enumerate() {
                    let act = Act { seed: seed as u64 + 1, ..MACHINE };
                    let locked = ledger::lock(w, id, &[*need])?;
                    ledger::append(w, locked, &act, vec![Draft::new(*need, w.now(), Kind::Referred { n: 1, due_at: *due_at })])?;
                }
                Ok(())
            }).unwrap();
            db.clock.advance(3 * crate::clock::HOUR);
            let close = IncidentChange { state: Some(IncidentState::Closed), ..Default::default() };
            changed(&db, id, 1, close).unwrap();
            let returned = |need: i64| {
                let events = db.read_blocking(Lane::Fast, move |r| ledger::store::events_of(r, &[need])).unwrap();
                events.iter().filter(|event| matches!(event.kind, Kind::ReferralReturned { .. })).count()
            };
            assert_eq!(needs.iter().map(|need| returned(*need)).sum::<usize>(), 9);
            db.clock.advance(100 * crate::clock::HOUR);
            assert!(!db.write_blocking(move |w| settle(w, id)).unwrap());
            changed(&db, id, 2, IncidentChange { name: Some("after the flood".into()), ..Default::default() }).unwrap();
            let last = needs[9];
            db.write_blocking(move |w| {
                let locked = ledger::lock(w, id, &[last])?;
                ledger::append(w, locked, &MACHINE, Vec::new()).map(drop)
            }).unwrap();
            assert_eq!(returned(last), 0);
        }

        fn zone_and_cut_off_are_fixed_by_the_first_event(db) {
            let keys = keyring(&db);
            regions::service::ensure_shipped(&db).unwrap();
            let incident = created(&db, &keys, example()).unwrap();
            let hour = |hour| IncidentChange { cut_off_hour: Some(hour), ..Default::default() };
            assert_eq!(changed(&db, incident.id, 1, hour(17)).unwrap().cut_off_hour, 17);
            db.write_blocking(move |w| store::record_something(w, incident.id)).unwrap();
            for fixed in [
                hour(18),
                IncidentChange { zone: Some("UTC".into()), ..Default::default() },
                IncidentChange { area: Some("610113000000".into()), ..Default::default() },
            ] {
                let refused = changed(&db, incident.id, 2, fixed);
                assert!(matches!(refused, Err(Error::Refused(refusal)) if refusal.code == RefusalCode::ZoneFixed));
            }
            assert!(changed(&db, incident.id, 2, IncidentChange { name: Some("合力".into()), ..Default::default() }).is_ok());
        }
    }
}
