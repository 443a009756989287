//! Opening, turning and ending sessions.

use super::access::{Access, Terms};
use super::store;
use super::tokens::{ACCESS_LIFE, Refresh};
use crate::accounts::model::{User, UserState};
use crate::accounts::{self};
use crate::audit::{self, Action, Entry};
use crate::clock::Time;
use crate::db::{Db, Notice, Write};
use crate::error::{Error, Result};
use crate::ids::Reference;

/// What a client gets when a session is opened or turned.
pub struct Tokens {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// Seconds until the access token runs out.
    pub expires_in: i64,
    /// Seconds until the session ends at the latest.
    pub session_ends_in: i64,
}

/// Opens a session for somebody whose password fits.
pub async fn open(db: &Db, access: &Access, user: &User, request: String) -> Result<Tokens> {
    let reference = Reference::random().to_string();
    let refresh = Refresh::first(&reference);
    let expires_at = db.clock().now().plus(access.terms().life);
    let (account, hash, session) = (user.id, refresh.hash(), reference.clone());
    db.write(move |w| {
        store::insert(w, &session, account, &hash, expires_at)?;
        accounts::store::accept_invitations(w, account)?;
        record(w, Some(account), Action::SignedIn, &session, &request)
    })
    .await?;
    tokens(db, access, user.reference.as_str(), &refresh, expires_at)
}

/// Records a refused sign-in.
pub async fn refuse(db: &Db, account: Option<i64>, request: String) -> Result<()> {
    db.write(move |w| record(w, account, Action::SignInRefused, "", &request)).await
}

enum Turned {
    Good { user: String, next: Refresh, expires_at: Time },
    Bad,
}

/// Turns a session: the refresh token's successor, the same one for everybody who holds the token, until it has been used itself. A token
/// older than that is a copy: its session ends.
pub async fn renew(db: &Db, access: &std::sync::Arc<Access>, refresh: &str, request: String) -> Result<Tokens> {
    let given = Refresh::parse(refresh).ok_or(Error::Unauthenticated)?;
    let successor = access.tokens().successor(&given);
    let (shared, terms) = (access.clone(), access.terms());
    let turned = db.write(move |w| turn(w, &shared, terms, &given, &successor, &request)).await?;
    match turned {
        Turned::Good { user, next, expires_at } => tokens(db, access, &user, &next, expires_at),
        Turned::Bad => Err(Error::Unauthenticated),
    }
}

fn turn(w: &mut Write<'_>, access: &Access, terms: Terms, given: &Refresh, successor: &Refresh, request: &str) -> Result<Turned> {
    for _ in 0..2 {
        let Some(session) = store::by_reference(w, &given.session)? else { return Ok(Turned::Bad) };
        let user = accounts::store::by_id(w, session.account)?;
        let over = session.ended || session.expires_at <= w.now() || session.used_at.plus(terms.idle) <= w.now();
        if over || user.state != UserState::Active {
            return Ok(Turned::Bad);
        }
        if !access.tokens().leads_to(given, &session.refresh_hash, session.generation) {
            return Ok(Turned::Bad);
        }
        let good = || Turned::Good { user: user.reference.to_string(), next: successor.clone(), expires_at: session.expires_at };
        match session.generation - given.generation {
            0 if store::turn(w, session.id, session.generation, &successor.hash())? => return Ok(good()),
            0 => continue, // another tab was first: read again
            1 => return Ok(good()),
            _ => {
                store::end(w, session.id)?;
                w.announce(Notice::Account(session.account));
                record(w, Some(session.account), Action::RefreshReused, &session.reference, request)?;
                return Ok(Turned::Bad);
            }
        }
    }
    Ok(Turned::Bad)
}

/// Ends one session of an account; `NotFound` where it is not one of its open ones.
pub fn end(w: &mut Write<'_>, account: i64, session: &str, request: &str) -> Result<()> {
    let found = store::by_reference(w, session)?.filter(|session| session.account == account && !session.ended);
    let found = found.ok_or(Error::NotFound)?;
    store::end(w, found.id)?;
    w.announce(Notice::Account(account));
    record(w, Some(account), Action::SessionEnded, session, request)
}

/// Ends every session of an account, here and everywhere.
pub fn end_all(w: &mut Write<'_>, account: i64, request: &str) -> Result<()> {
    accounts::store::end_sessions(w, account, None)?;
    record(w, Some(account), Action::SessionEnded, "all", request)
}

fn record(w: &mut Write<'_>, account: Option<i64>, action: Action, subject: &str, request: &str) -> Result<()> {
    audit::append(w, &Entry { account, incident: None, action, subject, reason_sealed: None, request })
}

fn tokens(db: &Db, access: &Access, user: &str, refresh: &Refresh, expires_at: Time) -> Result<Tokens> {
    let now = db.clock().now();
    Ok(Tokens {
        access: access.tokens().access(user, &refresh.session, now)?,
        refresh: refresh.text(),
        expires_in: ACCESS_LIFE / 1000,
        session_ends_in: (expires_at.0 - now.0) / 1000,
    })
}
