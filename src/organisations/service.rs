//! Creating organisations, verifying and suspending them, and letting them join an incident.

use super::model::{Kind, NewOrganisation, Organisation, OrganisationChange, OrganisationState};
use super::{rules, store};
use crate::accounts::model::Actor;
use crate::audit;
use crate::db::{Notice, Read, Write};
use crate::error::{Error, FieldCode, FieldError, RefusalCode, Result};
use crate::ids::Reference;
use crate::{regions, text};

/// Creates an organisation under a reference that was drawn before.
pub fn create(w: &mut Write<'_>, actor: &Actor, request: &str, reference: &Reference, new: &NewOrganisation) -> Result<Organisation> {
    let new = checked(w, new)?;
    if !store::insert(w, reference, &new)? {
        refuse_taken(w, None, &new.name, new.region.as_deref(), new.credit_code.as_deref())?;
        return Err(Error::internal("a new organisation conflicts with nothing"));
    }
    let organisation = store::by_reference(w, reference)?;
    record(w, actor, request, None, &organisation)?;
    Ok(organisation)
}

/// Changes what an organisation is, where it still has the version the caller saw.
pub fn change(w: &mut Write<'_>, actor: &Actor, request: &str, id: i64, version: i64, change: &OrganisationChange) -> Result<Organisation> {
    let before = at_version(w, id, version)?;
    let wanted = NewOrganisation {
        name: change.name.clone().unwrap_or_else(|| before.name.clone()),
        kind: change.kind.unwrap_or(before.kind),
        credit_code: change.credit_code.clone().or(before.credit_code.clone()),
        region: change.region.clone().or(before.region.clone()),
        verified: false,
    };
    let NewOrganisation { name, kind, credit_code, region, .. } = checked(w, &wanted)?;
    let after = Organisation { name, kind, credit_code, region, ..before.clone() };
    if after == before {
        return Err(RefusalCode::NothingToChange.into());
    }
    refuse_taken(w, Some(id), &after.name, after.region.as_deref(), after.credit_code.as_deref())?;
    record(w, actor, request, None, &after)?;
    written(w, &after)
}

/// Verifies or suspends an organisation, where it still has the version the caller saw. It counts for its members from the commit on.
pub fn set_state(w: &mut Write<'_>, actor: &Actor, request: &str, id: i64, version: i64, state: OrganisationState) -> Result<Organisation> {
    let before = at_version(w, id, version)?;
    rules::may_become(before.state, state)?;
    if state == OrganisationState::Suspended && store::holds_last_admin(w, id)? {
        return Err(RefusalCode::LastAdmin.into());
    }
    let after = written(w, &Organisation { state, ..before })?;
    record(w, actor, request, None, &after)?;
    tell_members(w, id)?;
    Ok(after)
}

/// Lets an organisation join an incident; false where it has already.
pub fn join(w: &mut Write<'_>, actor: &Actor, request: &str, incident: i64, organisation: &Organisation) -> Result<bool> {
    let joined = store::join(w, incident, organisation.id)?;
    if joined {
        record(w, actor, request, Some(incident), organisation)?;
        tell_members(w, organisation.id)?;
    }
    Ok(joined)
}

/// The desk of an incident, made under a reference that was drawn before where it has none.
pub fn desk(w: &mut Write<'_>, actor: &Actor, request: &str, incident: i64, reference: &Reference) -> Result<Organisation> {
    store::hold_incident(w, incident)?;
    if let Some(desk) = store::desk(w, incident)? {
        return Ok(desk);
    }
    let new = NewOrganisation { name: "值班台".to_owned(), kind: Kind::Desk, credit_code: None, region: None, verified: true };
    let desk = create(w, actor, request, reference, &new)?;
    join(w, actor, request, incident, &desk)?;
    Ok(desk)
}

/// What `ensure` found or did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ensured {
    /// It was made and joined.
    Created,
    /// It was known from another incident and joined.
    Joined,
    /// It had joined already; nothing changed.
    Unchanged,
}

/// The organisation of a name (and a region, where one is given) in an incident: found, or joined, or made under a reference that was drawn
/// before. An organisation that is found stays as it is.
pub fn ensure(
    w: &mut Write<'_>,
    actor: &Actor,
    request: &str,
    incident: i64,
    reference: &Reference,
    new: &NewOrganisation,
) -> Result<(Organisation, Ensured)> {
    let wanted = checked(w, new)?;
    store::hold_incident(w, incident)?;
    let mut known = store::by_name(w, &wanted.name)?;
    known.retain(|other| wanted.region.is_none() || other.region == wanted.region);
    for organisation in &known {
        if store::has_joined(w, incident, organisation.id)? {
            return Ok((organisation.clone(), Ensured::Unchanged));
        }
    }
    let same = known.into_iter().find(|other| other.kind == wanted.kind && other.kind != Kind::Desk && other.region == wanted.region);
    let (organisation, ensured) = match same {
        Some(organisation) => (organisation, Ensured::Joined),
        None => (create(w, actor, request, reference, new)?, Ensured::Created),
    };
    join(w, actor, request, incident, &organisation)?;
    Ok((organisation, ensured))
}

fn at_version(r: &mut Read<'_>, id: i64, version: i64) -> Result<Organisation> {
    let organisation = store::by_id(r, id)?;
    if organisation.version == version { Ok(organisation) } else { Err(Error::Stale { current: organisation.version }) }
}

fn written(w: &mut Write<'_>, after: &Organisation) -> Result<Organisation> {
    let written = store::update(w, after)?;
    let now = store::by_id(w, after.id)?;
    if written { Ok(now) } else { Err(Error::Stale { current: now.version }) }
}

fn record(w: &mut Write<'_>, actor: &Actor, request: &str, incident: Option<i64>, organisation: &Organisation) -> Result<()> {
    audit::append(w, &audit::Entry::new(actor, incident, audit::Action::OrganisationChanged, organisation.reference.as_str(), request))
}

/// What its members may do is read anew with their next request.
fn tell_members(w: &mut Write<'_>, organisation: i64) -> Result<()> {
    for account in store::members(w, organisation)? {
        w.announce(Notice::Account(account));
    }
    Ok(())
}

/// The same with name and credit code as they are stored, or every field that must be mended.
fn checked(r: &mut Read<'_>, new: &NewOrganisation) -> Result<NewOrganisation> {
    let mut errors = Vec::new();
    let name = text::line("/name", &new.name, rules::NAME_LIMIT).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    let credit_code = new.credit_code.as_deref().map(rules::check_credit_code).transpose().unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    if let Some(region) = &new.region
        && regions::store::by_code(r, region)?.is_none()
    {
        errors.push(FieldError::new("/region", FieldCode::NotARegion));
    }
    if errors.is_empty() { Ok(NewOrganisation { name, credit_code, ..new.clone() }) } else { Err(Error::Invalid(errors)) }
}

fn refuse_taken(r: &mut Read<'_>, but: Option<i64>, name: &str, region: Option<&str>, credit_code: Option<&str>) -> Result<()> {
    let (name_taken, code_taken) = store::taken(r, but, name, region, credit_code)?;
    if code_taken {
        return Err(Error::field("/credit_code", FieldCode::Duplicate));
    }
    if name_taken { Err(RefusalCode::NameTaken.into()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::crypto::{FreshPair, Keyring};
    use crate::db::Lane;
    use crate::incidents;
    use crate::incidents::model::{NewIncident, PublicFigures};
    use crate::organisations::model::Filter;
    use crate::support::TestDb;

    /// Two incidents; their rows.
    fn incidents(db: &TestDb) -> [i64; 2] {
        regions::service::ensure_shipped(db).unwrap();
        let keys = Keyring::open(db, &tempfile::tempdir().unwrap().path().join("heli.key")).unwrap().0;
        ["flood", "storm"].map(|slug| {
            let new = NewIncident {
                slug: slug.into(),
                name: slug.into(),
                zone: "Asia/Shanghai".into(),
                area: "610100000000".into(),
                started_at: Time(0),
                cut_off_hour: 19,
                public_figures: PublicFigures::None,
                practice: true,
                early_matching: false,
                demo: false,
            };
            let (keys, fresh) = (keys.clone(), FreshPair::new());
            db.write_blocking(move |w| incidents::service::create(w, &Actor::system(), "test", &keys, &fresh, &new)).unwrap().id
        })
    }

    fn community(name: &str, region: Option<&str>) -> NewOrganisation {
        NewOrganisation { name: name.into(), kind: Kind::Community, credit_code: None, region: region.map(Into::into), verified: false }
    }

    fn made(db: &TestDb, new: NewOrganisation) -> Result<Organisation> {
        let reference = Reference::random();
        db.write_blocking(move |w| create(w, &Actor::system(), "test", &reference, &new))
    }

    fn ensured(db: &TestDb, incident: i64, new: NewOrganisation) -> (Organisation, Ensured) {
        let reference = Reference::random();
        db.write_blocking(move |w| ensure(w, &Actor::system(), "test", incident, &reference, &new)).unwrap()
    }

    fn refused<T>(result: Result<T>, code: RefusalCode) -> bool {
        matches!(result, Err(Error::Refused(refusal)) if refusal.code == code)
    }

    crate::support::on_both! {
        fn a_name_is_taken_once_in_a_region(db) {
            regions::service::ensure_shipped(&db).unwrap();
            made(&db, community("东关社区", Some("610113000000"))).unwrap();
            made(&db, community("东关社区", Some("610102000000"))).unwrap();
            assert!(refused(made(&db, community(" 东关社区", Some("610102000000"))), RefusalCode::NameTaken));
            let with_code = |name: &str| NewOrganisation { credit_code: Some("55610113mft000024l".into()), ..community(name, None) };
            assert_eq!(made(&db, with_code("甲")).unwrap().credit_code.as_deref(), Some("55610113MFT000024L"));
            let again = made(&db, with_code("乙"));
            assert!(matches!(again, Err(Error::Invalid(errors)) if errors[0].pointer == "/credit_code" && errors[0].code == FieldCode::Duplicate));
            let wrong = NewOrganisation { credit_code: Some("1".into()), region: Some("1".into()), ..community("", None) };
            let Err(Error::Invalid(errors)) = made(&db, wrong) else { panic!("three wrong fields") };
            assert_eq!(errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), ["/name", "/credit_code", "/region"]);
        }

        fn ensuring_twice_changes_nothing(db) {
            let [flood, storm] = incidents(&db);
            let (first, done) = ensured(&db, flood, community("长丰园社区", Some("610113003020")));
            assert_eq!(done, Ensured::Created);
            assert_eq!(ensured(&db, flood, community("长丰园社区", Some("610113003020"))), (first.clone(), Ensured::Unchanged));
            assert_eq!(ensured(&db, flood, community("长丰园社区", None)), (first.clone(), Ensured::Unchanged));
            assert_eq!(ensured(&db, storm, community("长丰园社区", Some("610113003020"))), (first.clone(), Ensured::Joined));
            assert_ne!(ensured(&db, storm, community("长丰园社区", Some("610102000000"))).0, first);
        }

        fn an_incident_has_one_desk(db) {
            let [flood, storm] = incidents(&db);
            let desk_of = |incident| {
                let reference = Reference::random();
                db.write_blocking(move |w| desk(w, &Actor::system(), "test", incident, &reference)).unwrap()
            };
            let first = desk_of(flood);
            assert_eq!((first.kind, first.state), (Kind::Desk, OrganisationState::Verified));
            assert_eq!(desk_of(flood), first);
            assert_ne!(desk_of(storm), first);
        }

        fn a_state_changes_under_its_version(db) {
            let organisation = made(&db, community("长丰园社区", None)).unwrap();
            let id = organisation.id;
            let set = |version, state| db.write_blocking(move |w| set_state(w, &Actor::system(), "test", id, version, state));
            assert_eq!(set(1, OrganisationState::Verified).unwrap().version, 2);
            assert!(matches!(set(1, OrganisationState::Suspended), Err(Error::Stale { current: 2 })));
            assert!(refused(set(2, OrganisationState::Verified), RefusalCode::StateUnchanged));
            assert_eq!(set(2, OrganisationState::Suspended).unwrap().state, OrganisationState::Suspended);
            let rename = |version, name: &'static str| {
                db.write_blocking(move |w| change(w, &Actor::system(), "test", id, version, &OrganisationChange { name: Some(name.into()), ..Default::default() }))
            };
            assert_eq!(rename(3, "长丰社区").unwrap().version, 4);
            assert!(refused(rename(4, "长丰社区"), RefusalCode::NothingToChange));
        }

        fn a_list_pages_by_its_last_row(db) {
            let [flood, _] = incidents(&db);
            let all: Vec<Reference> = (0..5).rev().map(|n| {
                db.clock.advance(n % 2);
                ensured(&db, flood, community(&format!("第{n}社区"), None)).0.reference
            }).collect();
            made(&db, community("别处", None)).unwrap();
            let page = |after: Option<(Time, i64)>| {
                let filter = Filter { incident: Some(flood), after, limit: 2, kind: Some(Kind::Community), state: Some(OrganisationState::Pending) };
                db.read_blocking(Lane::Fast, move |r| store::list(r, &filter)).unwrap()
            };
            let mut seen = page(None);
            while seen.len() < 5 {
                seen.extend(page(seen.last().map(|last: &Organisation| (last.created_at, last.id))));
            }
            seen.reverse();
            assert_eq!(seen.into_iter().map(|organisation| organisation.reference).collect::<Vec<_>>(), all);
        }
    }
}
