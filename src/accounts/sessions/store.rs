//! The table `sessions`, and the look-up that reads a session with everything its account may do.

use diesel::prelude::*;

use super::access::Account;
use crate::accounts::model::Grant;
use crate::clock::Time;
use crate::db::Read;
use crate::db::schema::{grants, incident_organisations, memberships, organisations, regions, sessions, users};
use crate::error::{Error, Result};

/// The account of an open session with the grants that count now.
pub fn account(r: &mut Read<'_>, session: &str, now: Time) -> Result<Account> {
    let found: Option<(i64, i64, String)> = sessions::table
        .inner_join(users::table.on(users::id.eq(sessions::account)))
        .filter(sessions::reference.eq(session))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now.0))
        .filter(users::state.eq("active"))
        .select((sessions::id, users::id, users::reference))
        .get_result(r.conn())
        .optional()?;
    let (id, user, reference) = found.ok_or(Error::Unauthenticated)?;
    Ok(Account { user, reference, session: id, session_reference: session.to_owned(), grants: counting(r, user)? })
}

/// The grants of an account that count: active membership, verified organisation that joined the incident.
fn counting(r: &mut Read<'_>, user: i64) -> Result<Vec<(i64, Grant)>> {
    let rows: Vec<(i64, String, Option<String>, i64)> = grants::table
        .inner_join(memberships::table.on(memberships::id.eq(grants::membership)))
        .inner_join(organisations::table.on(organisations::id.eq(memberships::organisation)))
        .inner_join(
            incident_organisations::table
                .on(incident_organisations::organisation.eq(organisations::id).and(incident_organisations::incident.eq(grants::incident))),
        )
        .filter(memberships::account.eq(user))
        .filter(memberships::state.eq("active"))
        .filter(organisations::state.eq("verified"))
        .order(grants::id)
        .select((grants::incident, grants::role, grants::region, organisations::id))
        .load(r.conn())?;
    rows.into_iter()
        .filter_map(|(incident, role, region, organisation)| grant(r, incident, &role, region, organisation).transpose())
        .collect()
}

/// A grant over a region that no edition knows counts nowhere.
fn grant(r: &mut Read<'_>, incident: i64, role: &str, region: Option<String>, organisation: i64) -> Result<Option<(i64, Grant)>> {
    let region_path = match region {
        None => Some(String::new()),
        Some(code) => {
            regions::table.filter(regions::code.eq(code)).order(regions::edition.desc()).select(regions::path).first(r.conn()).optional()?
        }
    };
    let role = role.parse()?;
    Ok(region_path.map(|region_path| (incident, Grant { role, region_path, organisation })))
}
