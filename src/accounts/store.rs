//! Rows of accounts, memberships and grants.

use diesel::prelude::*;

use super::model::{Held, Membership, MembershipState, Role, User, UserState};
use crate::db::schema::{grants, incident_organisations, memberships, organisations, sessions, users};
use crate::db::{Multi, Notice, Portable, Read, Write};
use crate::error::{Error, Result};
use crate::ids::Reference;

#[derive(Queryable)]
struct Row {
    id: i64,
    reference: String,
    login_sealed: Vec<u8>,
    name_sealed: Option<Vec<u8>>,
    password_hash: Option<String>,
    state: String,
    version: i64,
}

type Columns = (users::id, users::reference, users::login_sealed, users::name_sealed, users::password_hash, users::state, users::version);
const COLUMNS: Columns =
    (users::id, users::reference, users::login_sealed, users::name_sealed, users::password_hash, users::state, users::version);

impl Row {
    fn parse(self) -> Result<User> {
        Ok(User {
            id: self.id,
            reference: Reference::stored(self.reference),
            login_sealed: self.login_sealed,
            name_sealed: self.name_sealed,
            password_hash: self.password_hash,
            state: self.state.parse()?,
            version: self.version,
        })
    }
}

/// The account of a login's token.
pub fn by_login(r: &mut Read<'_>, token: &[u8]) -> Result<Option<User>> {
    users::table.filter(users::login_token.eq(token)).select(COLUMNS).get_result::<Row>(r.conn()).optional()?.map(Row::parse).transpose()
}

/// The account of a row; `NotFound` where there is none.
pub fn by_id(r: &mut Read<'_>, id: i64) -> Result<User> {
    users::table.find(id).select(COLUMNS).get_result::<Row>(r.conn()).optional()?.ok_or(Error::NotFound)?.parse()
}

/// The account of a reference where it belongs to an organisation that joined the incident; else `NotFound`.
pub fn in_incident(r: &mut Read<'_>, incident: i64, reference: &Reference) -> Result<User> {
    let found = users::table.filter(users::reference.eq(reference.as_str())).filter(users::id.eq_any(belonging(incident)));
    found.select(COLUMNS).get_result::<Row>(r.conn()).optional()?.ok_or(Error::NotFound)?.parse()
}

#[diesel::dsl::auto_type]
fn belonging(incident: i64) -> _ {
    let joined =
        incident_organisations::table.filter(incident_organisations::incident.eq(incident)).select(incident_organisations::organisation);
    memberships::table.filter(memberships::organisation.eq_any(joined)).select(memberships::account)
}

/// A page of the accounts that belong to organisations of an incident (to `own` alone, where given), after a row.
pub fn page(r: &mut Read<'_>, incident: i64, own: Option<Vec<i64>>, after: i64, limit: i64) -> Result<Vec<User>> {
    let mut found = users::table.filter(users::id.gt(after)).filter(users::id.eq_any(belonging(incident))).into_boxed::<Multi>();
    if let Some(own) = own {
        let members = memberships::table.filter(memberships::organisation.eq_any(own)).select(memberships::account);
        found = found.filter(users::id.eq_any(members));
    }
    found.order(users::id).limit(limit).select(COLUMNS).load::<Row>(r.conn())?.into_iter().map(Row::parse).collect()
}

/// An account to be added.
pub struct NewUser<'a> {
    /// Drawn before.
    pub reference: &'a Reference,
    /// Blind index of its login.
    pub login_token: &'a [u8],
    /// Its login, sealed.
    pub login_sealed: &'a [u8],
    /// Its name, sealed.
    pub name_sealed: Option<&'a [u8]>,
    /// The hash of its password, where it has one.
    pub password_hash: Option<&'a str>,
}

/// Adds an account; false where the login is taken.
pub fn insert(w: &mut Write<'_>, new: &NewUser<'_>) -> Result<bool> {
    let row = (
        users::reference.eq(new.reference.as_str()),
        users::login_token.eq(new.login_token),
        users::login_sealed.eq(new.login_sealed),
        users::name_sealed.eq(new.name_sealed),
        users::password_hash.eq(new.password_hash),
        users::state.eq(UserState::Active.as_str()),
        users::epoch.eq(0),
        users::version.eq(1),
        users::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(users::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Sets the hash of a password.
pub fn set_password(w: &mut Write<'_>, user: i64, hash: &str) -> Result<()> {
    diesel::update(users::table.find(user)).set(users::password_hash.eq(hash)).execute(w.conn())?;
    touch(w, user)
}

/// Sets the state of an account where it still has a version; false where it has not.
pub fn set_state(w: &mut Write<'_>, user: i64, version: i64, state: UserState) -> Result<bool> {
    let row = users::table.filter(users::id.eq(user)).filter(users::version.eq(version));
    let changed = diesel::update(row).set((users::state.eq(state.as_str()), users::version.eq(version + 1))).execute(w.conn())?;
    touch(w, user)?;
    Ok(changed == 1)
}

/// Says that what an account may do has changed: every node reads it anew.
pub fn touch(w: &mut Write<'_>, user: i64) -> Result<()> {
    diesel::update(users::table.find(user)).set(users::epoch.eq(users::epoch + 1)).execute(w.conn())?;
    w.announce(Notice::Account(user));
    Ok(())
}

type MembershipRow = (i64, String, i64, i64, String, i64);
type MembershipColumns =
    (memberships::id, memberships::reference, memberships::account, memberships::organisation, memberships::state, memberships::version);
const MEMBERSHIP: MembershipColumns =
    (memberships::id, memberships::reference, memberships::account, memberships::organisation, memberships::state, memberships::version);

fn membership((id, reference, account, organisation, state, version): MembershipRow) -> Result<Membership> {
    Ok(Membership { id, reference: Reference::stored(reference), account, organisation, state: state.parse()?, version })
}

/// The membership of an account in an organisation.
pub fn membership_of(r: &mut Read<'_>, account: i64, organisation: i64) -> Result<Option<Membership>> {
    let found = memberships::table.filter(memberships::account.eq(account)).filter(memberships::organisation.eq(organisation));
    found.select(MEMBERSHIP).get_result::<MembershipRow>(r.conn()).optional()?.map(membership).transpose()
}

/// The membership of a reference in an organisation that joined the incident; else `NotFound`.
pub fn membership_in(r: &mut Read<'_>, incident: i64, reference: &Reference) -> Result<Membership> {
    let joined =
        incident_organisations::table.filter(incident_organisations::incident.eq(incident)).select(incident_organisations::organisation);
    let found = memberships::table.filter(memberships::reference.eq(reference.as_str())).filter(memberships::organisation.eq_any(joined));
    membership(found.select(MEMBERSHIP).get_result::<MembershipRow>(r.conn()).optional()?.ok_or(Error::NotFound)?)
}

/// The memberships of an account.
pub fn memberships_of(r: &mut Read<'_>, account: i64) -> Result<Vec<Membership>> {
    let found = memberships::table.filter(memberships::account.eq(account)).order(memberships::id);
    found.select(MEMBERSHIP).load::<MembershipRow>(r.conn())?.into_iter().map(membership).collect()
}

/// Adds a membership; false where there is one already.
pub fn insert_membership(
    w: &mut Write<'_>,
    reference: &Reference,
    account: i64,
    organisation: i64,
    state: MembershipState,
) -> Result<bool> {
    let row = (
        memberships::reference.eq(reference.as_str()),
        memberships::account.eq(account),
        memberships::organisation.eq(organisation),
        memberships::state.eq(state.as_str()),
        memberships::version.eq(1),
        memberships::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(memberships::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Sets the state of a membership and its next version where it still has one; false where it has not.
pub fn set_membership(w: &mut Write<'_>, id: i64, version: i64, state: MembershipState) -> Result<bool> {
    let row = memberships::table.filter(memberships::id.eq(id)).filter(memberships::version.eq(version));
    let set = (memberships::state.eq(state.as_str()), memberships::version.eq(version + 1));
    Ok(diesel::update(row).set(set).execute(w.conn())? == 1)
}

/// Invited memberships become active: the person has signed in, or chosen a password.
pub fn accept_invitations(w: &mut Write<'_>, account: i64) -> Result<()> {
    let invited = memberships::table.filter(memberships::account.eq(account)).filter(memberships::state.eq("invited"));
    let set = (memberships::state.eq("active"), memberships::version.eq(memberships::version + 1));
    if diesel::update(invited).set(set).execute(w.conn())? > 0 {
        touch(w, account)?;
    }
    Ok(())
}

/// Grants a role; false where it is granted already.
pub fn grant(w: &mut Write<'_>, membership: i64, incident: i64, role: Role, region: Option<&str>) -> Result<bool> {
    let row = (
        grants::membership.eq(membership),
        grants::incident.eq(incident),
        grants::role.eq(role.as_str()),
        grants::region.eq(region),
        grants::created_at.eq(w.now().0),
    );
    let insert = diesel::insert_into(grants::table).values(row).on_conflict_do_nothing();
    Ok(Portable(insert).execute(w.conn())? == 1)
}

/// Takes back every role of a membership in an incident.
pub fn revoke_all(w: &mut Write<'_>, membership: i64, incident: i64) -> Result<()> {
    let rows = grants::table.filter(grants::membership.eq(membership)).filter(grants::incident.eq(incident));
    diesel::delete(rows).execute(w.conn())?;
    Ok(())
}

/// The roles of memberships in an incident, with their regions: (membership, role, region).
pub fn granted(r: &mut Read<'_>, incident: i64, of: &[i64]) -> Result<Vec<(i64, Role, Option<String>)>> {
    let found = grants::table.filter(grants::incident.eq(incident)).filter(grants::membership.eq_any(of.to_vec()));
    let rows: Vec<(i64, String, Option<String>)> =
        found.order(grants::id).select((grants::membership, grants::role, grants::region)).load(r.conn())?;
    rows.into_iter().map(|(membership, role, region)| Ok((membership, role.parse()?, region))).collect()
}

/// Every role that an account holds, whether it counts at the moment or not.
pub fn held(r: &mut Read<'_>, account: i64) -> Result<Vec<Held>> {
    let found = grants::table.inner_join(memberships::table.on(memberships::id.eq(grants::membership)));
    let live = found.filter(memberships::account.eq(account)).filter(memberships::state.ne("ended"));
    let rows: Vec<(i64, i64, String)> =
        live.select((grants::incident, memberships::organisation, grants::role)).distinct().load(r.conn())?;
    rows.into_iter().map(|(incident, organisation, role)| Ok(Held { incident, organisation, role: role.parse()? })).collect()
}

/// How many accounts other than one administer an incident now.
pub fn other_admins(r: &mut Read<'_>, incident: i64, but: i64) -> Result<i64> {
    Ok(grants::table
        .inner_join(memberships::table.on(memberships::id.eq(grants::membership)))
        .inner_join(organisations::table.on(organisations::id.eq(memberships::organisation)))
        .inner_join(users::table.on(users::id.eq(memberships::account)))
        .filter(grants::incident.eq(incident))
        .filter(grants::role.eq(Role::Admin.as_str()))
        .filter(memberships::state.eq("active"))
        .filter(organisations::state.eq("verified"))
        .filter(users::state.eq("active"))
        .filter(users::id.ne(but))
        .count()
        .get_result(r.conn())?)
}

/// Whether anybody administers anything.
pub fn has_admin(r: &mut Read<'_>) -> Result<bool> {
    let admins = grants::table.inner_join(memberships::table.on(memberships::id.eq(grants::membership)));
    let live = admins.filter(grants::role.eq(Role::Admin.as_str())).filter(memberships::state.ne("ended"));
    Ok(live.select(grants::id).limit(1).get_result::<i64>(r.conn()).optional()?.is_some())
}

/// Ends the open sessions of an account, but one.
pub fn end_sessions(w: &mut Write<'_>, account: i64, but: Option<i64>) -> Result<()> {
    let now = w.now().0;
    let open = sessions::table.filter(sessions::account.eq(account)).filter(sessions::ended_at.is_null());
    let others = open.filter(sessions::id.ne(but.unwrap_or(0)));
    diesel::update(others).set(sessions::ended_at.eq(now)).execute(w.conn())?;
    touch(w, account)
}
