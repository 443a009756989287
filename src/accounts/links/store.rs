//! The table `one_time_links`.

use diesel::prelude::*;

use super::model::{LinkKind, NewLink};
use crate::clock::Time;
use crate::db::schema::one_time_links;
use crate::db::{Read, Write};
use crate::error::{Error, RefusalCode, Result};

/// A link as it is stored.
pub struct Link {
    /// Its row.
    pub id: i64,
    /// Whose password it sets; none for the first administrator.
    pub account: Option<i64>,
    /// Until when it works.
    pub expires_at: Time,
    /// Whether it was used.
    pub used: bool,
}

/// Stores a link in place of those of the same kind and account that wait.
pub fn replace(w: &mut Write<'_>, link: &NewLink, account: Option<i64>) -> Result<()> {
    let waiting = one_time_links::table.filter(one_time_links::kind.eq(link.kind.as_str())).filter(one_time_links::used_at.is_null());
    match account {
        Some(account) => diesel::delete(waiting.filter(one_time_links::account.eq(account))).execute(w.conn())?,
        None => diesel::delete(waiting.filter(one_time_links::account.is_null())).execute(w.conn())?,
    };
    let row = (
        one_time_links::kind.eq(link.kind.as_str()),
        one_time_links::account.eq(account),
        one_time_links::token_hash.eq(link.hash()),
        one_time_links::expires_at.eq(link.expires_at.0),
    );
    diesel::insert_into(one_time_links::table).values(row).execute(w.conn())?;
    Ok(())
}

/// The link of a secret; `NotFound` where there is none of this kind.
pub fn find(r: &mut Read<'_>, kind: LinkKind, hash: &[u8]) -> Result<Link> {
    let found = one_time_links::table.filter(one_time_links::token_hash.eq(hash)).filter(one_time_links::kind.eq(kind.as_str()));
    let columns = (one_time_links::id, one_time_links::account, one_time_links::expires_at, one_time_links::used_at);
    let row: Option<(i64, Option<i64>, i64, Option<i64>)> = found.select(columns).get_result(r.conn()).optional()?;
    let (id, account, expires, used) = row.ok_or(Error::NotFound)?;
    Ok(Link { id, account, expires_at: Time(expires), used: used.is_some() })
}

/// Uses a link up; refused where it was used, or its time is over.
pub fn use_up(w: &mut Write<'_>, kind: LinkKind, hash: &[u8]) -> Result<Link> {
    let (link, now) = (find(w, kind, hash)?, w.now());
    let fresh = one_time_links::table.filter(one_time_links::id.eq(link.id)).filter(one_time_links::used_at.is_null());
    let fresh = fresh.filter(one_time_links::expires_at.gt(now.0));
    let used = diesel::update(fresh).set(one_time_links::used_at.eq(now.0)).execute(w.conn())?;
    if used == 1 { Ok(link) } else { Err(RefusalCode::LinkUsed.into()) }
}

/// Deletes links whose time ended before an instant; a few hundred at a time. Answers how many.
pub fn forget(w: &mut Write<'_>, before: Time) -> Result<usize> {
    let old = one_time_links::table.filter(one_time_links::expires_at.lt(before.0)).order(one_time_links::id).limit(200);
    let old: Vec<i64> = old.select(one_time_links::id).load(w.conn())?;
    Ok(diesel::delete(one_time_links::table.filter(one_time_links::id.eq_any(old))).execute(w.conn())?)
}
