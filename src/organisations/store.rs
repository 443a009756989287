//! Rows of organisations, and which incidents they joined.

use diesel::prelude::*;

use super::model::{Filter, NewOrganisation, Organisation, OrganisationState};
use crate::clock::Time;
use crate::db::schema::{grants, incident_organisations, incidents, memberships, organisations};
use crate::db::{Multi, Portable, Read, Write};
use crate::error::{Error, Result};
use crate::ids::Reference;

#[derive(Queryable)]
struct Row {
    id: i64,
    reference: String,
    name: String,
    kind: String,
    state: String,
    credit_code: Option<String>,
    region: Option<String>,
    version: i64,
    created_at: i64,
}

impl Row {
    fn parse(self) -> Result<Organisation> {
        Ok(Organisation {
            id: self.id,
            reference: Reference::stored(self.reference),
            name: self.name,
            kind: self.kind.parse()?,
            state: self.state.parse()?,
            credit_code: self.credit_code,
            region: self.region,
            version: self.version,
            created_at: Time(self.created_at),
        })
    }
}

/// The organisation of a row; `NotFound` where there is none.
pub fn by_id(r: &mut Read<'_>, id: i64) -> Result<Organisation> {
    organisations::table.find(id).get_result::<Row>(r.conn()).optional()?.ok_or(Error::NotFound)?.parse()
}

/// The organisation of a reference; `NotFound` where there is none.
pub fn by_reference(r: &mut Read<'_>, reference: &Reference) -> Result<Organisation> {
    let found = organisations::table.filter(organisations::reference.eq(reference.as_str()));
    found.get_result::<Row>(r.conn()).optional()?.ok_or(Error::NotFound)?.parse()
}

/// All organisations of a name, those of a region or of none first.
pub fn by_name(r: &mut Read<'_>, name: &str) -> Result<Vec<Organisation>> {
    let found = organisations::table.filter(organisations::name.eq(name)).order(organisations::id);
    found.load::<Row>(r.conn())?.into_iter().map(Row::parse).collect()
}

/// The desk of an incident.
pub fn desk(r: &mut Read<'_>, incident: i64) -> Result<Option<Organisation>> {
    let joined =
        incident_organisations::table.filter(incident_organisations::incident.eq(incident)).select(incident_organisations::organisation);
    let desks = organisations::table.filter(organisations::kind.eq("desk")).filter(organisations::id.eq_any(joined));
    desks.order(organisations::id).limit(1).get_result::<Row>(r.conn()).optional()?.map(Row::parse).transpose()
}

/// Whether it has joined an incident.
pub fn has_joined(r: &mut Read<'_>, incident: i64, organisation: i64) -> Result<bool> {
    let row = incident_organisations::table.find((incident, organisation)).select(incident_organisations::organisation);
    Ok(row.get_result::<i64>(r.conn()).optional()?.is_some())
}

/// A page of organisations, the newest first.
pub fn list(r: &mut Read<'_>, filter: &Filter) -> Result<Vec<Organisation>> {
    let mut query =
        organisations::table.order((organisations::created_at.desc(), organisations::id.desc())).limit(filter.limit).into_boxed::<Multi>();
    if let Some(incident) = filter.incident {
        let joined = incident_organisations::table.filter(incident_organisations::incident.eq(incident));
        query = query.filter(organisations::id.eq_any(joined.select(incident_organisations::organisation)));
    }
    if let Some(state) = filter.state {
        query = query.filter(organisations::state.eq(state.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(organisations::kind.eq(kind.as_str()));
    }
    if let Some((Time(at), id)) = filter.after {
        query = query.filter(organisations::created_at.lt(at).or(organisations::created_at.eq(at).and(organisations::id.lt(id))));
    }
    query.load::<Row>(r.conn())?.into_iter().map(Row::parse).collect()
}

/// Adds an organisation; false where its name in its region, or its credit code, is taken.
pub fn insert(w: &mut Write<'_>, reference: &Reference, new: &NewOrganisation) -> Result<bool> {
    let state = if new.verified { OrganisationState::Verified } else { OrganisationState::Pending };
    let row = (
        organisations::reference.eq(reference.as_str()),
        organisations::name.eq(&new.name),
        organisations::kind.eq(new.kind.as_str()),
        organisations::state.eq(state.as_str()),
        organisations::credit_code.eq(&new.credit_code),
        organisations::region.eq(&new.region),
        organisations::version.eq(1),
        organisations::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(organisations::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Writes what may change of it, and the next version; false where it no longer has the version that was read.
pub fn update(w: &mut Write<'_>, organisation: &Organisation) -> Result<bool> {
    let read = organisations::table.filter(organisations::id.eq(organisation.id)).filter(organisations::version.eq(organisation.version));
    let changed = (
        organisations::name.eq(&organisation.name),
        organisations::kind.eq(organisation.kind.as_str()),
        organisations::state.eq(organisation.state.as_str()),
        organisations::credit_code.eq(&organisation.credit_code),
        organisations::region.eq(&organisation.region),
        organisations::version.eq(organisation.version + 1),
    );
    Ok(diesel::update(read).set(changed).execute(w.conn())? == 1)
}

/// Whether another organisation holds the name in the region, or the credit code.
pub fn taken(r: &mut Read<'_>, but: Option<i64>, name: &str, region: Option<&str>, credit_code: Option<&str>) -> Result<(bool, bool)> {
    let others = organisations::table.filter(organisations::id.ne(but.unwrap_or(0))).filter(organisations::kind.ne("desk"));
    let named = others.filter(organisations::name.eq(name)).select(organisations::region).load::<Option<String>>(r.conn())?;
    let coded = match credit_code {
        Some(code) => {
            let holder = organisations::table.filter(organisations::credit_code.eq(code)).filter(organisations::id.ne(but.unwrap_or(0)));
            holder.select(organisations::id).get_result::<i64>(r.conn()).optional()?.is_some()
        }
        None => false,
    };
    Ok((named.iter().any(|other| other.as_deref() == region), coded))
}

/// Makes others who would add to an incident's organisations wait until this transaction ends.
pub fn hold_incident(w: &mut Write<'_>, incident: i64) -> Result<()> {
    let held = diesel::update(incidents::table.find(incident)).set(incidents::version.eq(incidents::version)).execute(w.conn())?;
    if held == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Lets it join an incident; false where it has already.
pub fn join(w: &mut Write<'_>, incident: i64, organisation: i64) -> Result<bool> {
    let row = (
        incident_organisations::incident.eq(incident),
        incident_organisations::organisation.eq(organisation),
        incident_organisations::joined_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(incident_organisations::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// The accounts that belong to it.
pub fn members(r: &mut Read<'_>, organisation: i64) -> Result<Vec<i64>> {
    let active = memberships::table.filter(memberships::organisation.eq(organisation)).filter(memberships::state.eq("active"));
    Ok(active.order(memberships::account).select(memberships::account).load(r.conn())?)
}

/// Whether some incident would be without an admin if this organisation's members counted no more.
pub fn holds_last_admin(r: &mut Read<'_>, organisation: i64) -> Result<bool> {
    let admins: Vec<(i64, i64)> = grants::table
        .inner_join(memberships::table.on(memberships::id.eq(grants::membership)))
        .inner_join(organisations::table.on(organisations::id.eq(memberships::organisation)))
        .filter(grants::role.eq("admin"))
        .filter(memberships::state.eq("active"))
        .filter(organisations::state.eq("verified"))
        .select((grants::incident, organisations::id))
        .distinct()
        .load(r.conn())?;
    let elsewhere = |incident| admins.iter().any(|(other, holder)| *other == incident && *holder != organisation);
    Ok(admins.iter().any(|(incident, holder)| *holder == organisation && !elsewhere(*incident)))
}
