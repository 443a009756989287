//! Who is asking: reads an access token and looks up its session, with what the account may do.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::TryRecvError;

use super::store;
use super::tokens::Tokens;
use crate::accounts::model::{Actor, Grant, Role};
use crate::crypto::Keyring;
use crate::db::{Db, Lane, Notice};
use crate::error::{Error, Result};

const FRESH: Duration = Duration::from_secs(5);
const MOST: usize = 20_000;

/// An account with an open session.
#[derive(Debug)]
pub struct Account {
    /// Row of the account.
    pub user: i64,
    /// Its reference.
    pub reference: String,
    /// Row of the session.
    pub session: i64,
    /// Reference of the session.
    pub session_reference: String,
    /// Every grant that counts now, with the row of its incident.
    pub grants: Vec<(i64, Grant)>,
}

impl Account {
    /// The actor of a command in one incident (or, without one, on the platform: the roles of all incidents). It acts for the
    /// organisation whose grant of one of `roles` comes first.
    pub fn actor(&self, incident: Option<i64>, roles: &[Role]) -> Actor {
        let here = self.grants.iter().filter(|(id, _)| incident.is_none_or(|incident| *id == incident));
        let grants: Vec<Grant> = here.map(|(_, grant)| grant.clone()).collect();
        let organisation = grants.iter().find(|grant| roles.contains(&grant.role)).or(grants.first()).map(|grant| grant.organisation);
        Actor { user: Some(self.user), organisation, session: Some(self.session), grants }
    }
}

/// How long sessions live, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// Without use.
    pub idle: i64,
    /// In any case.
    pub life: i64,
}

/// Looks accounts up by access token, through a cache of five seconds.
pub struct Access {
    tokens: Tokens,
    terms: Terms,
    cache: Mutex<HashMap<String, (Instant, Arc<Account>)>>,
    /// What changed; read before the cache is, so that nothing that was answered earlier is overlooked.
    notices: Mutex<broadcast::Receiver<Notice>>,
    /// Rises with every notice: what was read before it is not kept.
    changes: AtomicU64,
}

impl Access {
    /// With the database it reads, and the keys that sign.
    pub fn new(db: &Db, keys: &Keyring, terms: Terms) -> Self {
        let notices = Mutex::new(db.notices());
        Access { tokens: Tokens::new(keys), terms, cache: Mutex::default(), notices, changes: AtomicU64::new(0) }
    }

    /// Makes and reads tokens.
    pub fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// How long sessions live.
    pub fn terms(&self) -> Terms {
        self.terms
    }

    /// The account of an access token; `Unauthenticated` where the token, its session or its account is no longer good.
    pub async fn account(&self, db: &Db, token: &str) -> Result<Arc<Account>> {
        let (user, session) = self.tokens.read(token, db.clock().now())?;
        let account = self.session(db, &session).await?;
        if account.reference == user { Ok(account) } else { Err(Error::Unauthenticated) }
    }

    /// The account of an open session.
    pub async fn session(&self, db: &Db, session: &str) -> Result<Arc<Account>> {
        let now = db.clock().now();
        self.hear();
        if let Some(account) = self.cached(session) {
            return Ok(account);
        }
        let changes = self.changes.load(Ordering::SeqCst);
        let reference = session.to_owned();
        let account = Arc::new(db.read(Lane::Fast, move |r| store::account(r, &reference, now)).await?);
        let mut cache = self.lock();
        if self.changes.load(Ordering::SeqCst) == changes {
            if cache.len() >= MOST {
                cache.retain(|_, (at, _)| at.elapsed() < FRESH);
            }
            if cache.len() < MOST {
                cache.insert(session.to_owned(), (Instant::now(), account.clone()));
            }
        }
        Ok(account)
    }

    /// Forgets what notices have made old; everything, where some were missed.
    fn hear(&self) {
        let mut notices = self.notices.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match notices.try_recv() {
                Ok(Notice::Account(user)) => self.forget(|account| account.user == user),
                Ok(Notice::Incident { .. }) => {}
                Err(TryRecvError::Lagged(_)) => self.forget(|_| true),
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }

    fn forget(&self, old: impl Fn(&Account) -> bool) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.lock().retain(|_, (_, account)| !old(account));
    }

    fn cached(&self, session: &str) -> Option<Arc<Account>> {
        let cache = self.lock();
        cache.get(session).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, account)| account.clone())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, (Instant, Arc<Account>)>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
