//! The table `sessions`, and the look-up that reads a session with everything its account may do.

use diesel::prelude::*;

use super::access::Account;
use crate::accounts::model::Grant;
use crate::clock::Time;
use crate::db::schema::{grants, incident_organisations, memberships, organisations, regions, sessions, users};
use crate::db::{Read, Write};
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

/// A session as it is stored.
pub struct Session {
    /// Its row.
    pub id: i64,
    /// Its reference.
    pub reference: String,
    /// Row of the account.
    pub account: i64,
    /// Hash of its current refresh token.
    pub refresh_hash: Vec<u8>,
    /// The number of that token.
    pub generation: i64,
    /// When it began.
    pub created_at: Time,
    /// When it was last turned.
    pub used_at: Time,
    /// When it ends in any case.
    pub expires_at: Time,
    /// Whether it was ended.
    pub ended: bool,
}

type Row = (i64, String, i64, Vec<u8>, i64, i64, i64, i64, Option<i64>);
type Columns = (
    sessions::id,
    sessions::reference,
    sessions::account,
    sessions::refresh_hash,
    sessions::generation,
    sessions::created_at,
    sessions::used_at,
    sessions::expires_at,
    sessions::ended_at,
);
const COLUMNS: Columns = (
    sessions::id,
    sessions::reference,
    sessions::account,
    sessions::refresh_hash,
    sessions::generation,
    sessions::created_at,
    sessions::used_at,
    sessions::expires_at,
    sessions::ended_at,
);

fn session((id, reference, account, refresh_hash, generation, created, used, expires, ended): Row) -> Session {
    let (created_at, used_at, expires_at) = (Time(created), Time(used), Time(expires));
    Session { id, reference, account, refresh_hash, generation, created_at, used_at, expires_at, ended: ended.is_some() }
}

/// The session of a reference.
pub fn by_reference(r: &mut Read<'_>, reference: &str) -> Result<Option<Session>> {
    let found = sessions::table.filter(sessions::reference.eq(reference)).select(COLUMNS);
    Ok(found.get_result::<Row>(r.conn()).optional()?.map(session))
}

/// The open sessions of an account, the newest first.
pub fn open_of(r: &mut Read<'_>, account: i64, now: Time) -> Result<Vec<Session>> {
    let open = sessions::table.filter(sessions::account.eq(account)).filter(sessions::ended_at.is_null());
    let open = open.filter(sessions::expires_at.gt(now.0)).order(sessions::id.desc()).limit(100).select(COLUMNS);
    Ok(open.load::<Row>(r.conn())?.into_iter().map(session).collect())
}

/// Adds a session.
pub fn insert(w: &mut Write<'_>, reference: &str, account: i64, refresh_hash: &[u8], expires_at: Time) -> Result<()> {
    let now = w.now().0;
    let row = (
        sessions::reference.eq(reference),
        sessions::account.eq(account),
        sessions::refresh_hash.eq(refresh_hash),
        sessions::generation.eq(0),
        sessions::created_at.eq(now),
        sessions::used_at.eq(now),
        sessions::expires_at.eq(expires_at.0),
    );
    diesel::insert_into(sessions::table).values(row).execute(w.conn())?;
    Ok(())
}

/// Turns a session from one refresh token to the next; false where another did it first, or it was ended.
pub fn turn(w: &mut Write<'_>, id: i64, generation: i64, next: &[u8]) -> Result<bool> {
    let now = w.now().0;
    let row = sessions::table.filter(sessions::id.eq(id)).filter(sessions::generation.eq(generation)).filter(sessions::ended_at.is_null());
    let set = (sessions::refresh_hash.eq(next), sessions::generation.eq(generation + 1), sessions::used_at.eq(now));
    Ok(diesel::update(row).set(set).execute(w.conn())? == 1)
}

/// Ends a session.
pub fn end(w: &mut Write<'_>, id: i64) -> Result<()> {
    let now = w.now().0;
    let open = sessions::table.filter(sessions::id.eq(id)).filter(sessions::ended_at.is_null());
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(w.conn())?;
    Ok(())
}

/// Deletes sessions that ended or ran out before an instant; a few hundred at a time. Answers how many.
pub fn forget(w: &mut Write<'_>, before: Time) -> Result<usize> {
    let old = sessions::table.filter(sessions::expires_at.lt(before.0)).order(sessions::id).limit(200).select(sessions::id);
    let old: Vec<i64> = old.load(w.conn())?;
    Ok(diesel::delete(sessions::table.filter(sessions::id.eq_any(old))).execute(w.conn())?)
}
