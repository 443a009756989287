//! The keyring: the key file's key, the platform's pair, and the pairs of incidents as they are asked for.
//!
//! An incident's pair is read with each request (one key look-up and two unwraps of microseconds), not kept: so a destroyed incident's
//! contacts can't be read on any node from the moment of the commit.

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::keyfile::{KeyFile, KeyFileError};
use super::pair::{FreshPair, Key, KeyPair, unwrap_key};
use super::store;
use crate::db::{Db, Lane, Read, Write};
use crate::error::{Error, Result};

/// Why the keys of a database can't be used, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The key file was not taken.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// It belongs to another database.
    #[error(
        "the key file has fingerprint {given}, this database was written with {expected}. Name the right file with HELI_KEY_FILE, or the right database with HELI_DATABASE_URL"
    )]
    Wrong {
        /// Fingerprint in the database.
        expected: String,
        /// Fingerprint of the file.
        given: String,
    },
    /// The database said no.
    #[error("the keys in the database can't be read: {0}")]
    Database(#[from] Error),
}

/// Hands out key pairs. Cheap to clone.
#[derive(Clone)]
pub struct Keyring(Arc<Inner>);

struct Inner {
    master: Arc<Key>,
    platform: KeyPair,
}

impl Keyring {
    /// Opens the keys of a database with a key file. For a database without keys the file may be absent: then it is made, and `true` tells so.
    pub fn open(db: &Db, path: &Path) -> Result<(Keyring, bool), OpenError> {
        let expected = db.read_blocking(Lane::Fast, store::fingerprint)?;
        let (file, made) = match KeyFile::read(path) {
            Err(KeyFileError::Missing(_)) if expected.is_none() => (KeyFile::create(path)?, true),
            other => (other?, false),
        };
        let given = file.fingerprint();
        let master = Arc::new(file.into_key());
        let expected = match expected {
            Some(expected) => expected,
            None => settle(db, &master, &given)?,
        };
        if expected != given {
            return Err(OpenError::Wrong { expected, given });
        }
        let platform = db.read_blocking(Lane::Fast, {
            let master = master.clone();
            move |r| load(r, &master, None)
        })?;
        Ok((Keyring(Arc::new(Inner { master, platform })), made))
    }

    /// The pair of accounts, organisations and stored answers.
    pub fn platform(&self) -> &KeyPair {
        &self.0.platform
    }

    /// The pair of one incident. `NotFound` where it has none or was destroyed.
    pub fn incident(&self, r: &mut Read<'_>, incident: i64) -> Result<Arc<KeyPair>> {
        load(r, &self.0.master, Some(incident)).map(Arc::new)
    }

    /// Stores a new incident's pair, in the transaction that makes the incident.
    pub fn add(&self, w: &mut Write<'_>, incident: i64, fresh: &FreshPair) -> Result<()> {
        store::add(w, Some(incident), fresh.wrap(&self.0.master, &owner(Some(incident)))).map(drop)
    }

    /// Deletes an incident's keys for ever.
    pub fn destroy(&self, w: &mut Write<'_>, incident: i64) -> Result<()> {
        store::destroy(w, incident)
    }

    /// A key for one purpose, the same on every node.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        self.0.platform.derive(purpose)
    }
}

/// The first start: whoever writes the fingerprint also writes the platform's pair. Answers the fingerprint that stands, which may be
/// another's who came first.
fn settle(db: &Db, master: &Arc<Key>, given: &str) -> Result<String> {
    let fresh = FreshPair::new();
    let (master, given) = (master.clone(), given.to_owned());
    db.write_blocking(move |w| {
        if store::set_fingerprint(w, &given)? {
            store::add(w, None, fresh.wrap(&master, &owner(None)))?;
        }
        store::fingerprint(w)?.ok_or_else(|| Error::internal("the fingerprint was not stored"))
    })
}

fn load(r: &mut Read<'_>, master: &Key, incident: Option<i64>) -> Result<KeyPair> {
    let (id, data, index) = store::wrapped(r, incident)?;
    let owner = owner(incident);
    Ok(KeyPair::new(id, unwrap_key(master, "wrapped_data", &owner, &data)?, unwrap_key(master, "wrapped_index", &owner, &index)?))
}

fn owner(incident: Option<i64>) -> String {
    incident.map_or_else(|| "platform".to_owned(), |id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::db::{Options, migrate};

    fn database(folder: &Path) -> Db {
        let options = Options { url: format!("sqlite:{}", folder.join("heli.db").display()), fsync: false };
        migrate(&options).unwrap();
        Db::open(&options, Arc::new(SystemClock)).unwrap()
    }

    #[test]
    fn the_first_start_makes_the_keys_and_a_later_one_needs_them() {
        let folder = tempfile::tempdir().unwrap();
        let db = database(folder.path());
        let path = folder.path().join("heli.key");
        let (first, made) = Keyring::open(&db, &path).unwrap();
        assert!(made);
        let sealed = first.platform().seal("users", "login_sealed", "R", "a@example.org");
        let (second, made) = Keyring::open(&db, &path).unwrap();
        assert!(!made);
        assert_eq!(second.platform().open("users", "login_sealed", "R", &sealed).unwrap(), "a@example.org");
        assert_eq!(first.derive("jwt"), second.derive("jwt"));

        std::fs::rename(&path, folder.path().join("elsewhere")).unwrap();
        assert!(matches!(Keyring::open(&db, &path), Err(OpenError::File(KeyFileError::Missing(_)))));
        KeyFile::create(&path).unwrap();
        assert!(matches!(Keyring::open(&db, &path), Err(OpenError::Wrong { .. })));
    }

    crate::support::on_both! {
        fn a_destroyed_incident_can_never_be_read_again(db) {
            use crate::accounts::model::Actor;
            use crate::error::Error;
            use crate::incidents::model::{NewIncident, PublicFigures};
            use crate::{incidents, regions};
            regions::service::ensure_shipped(&db).unwrap();
            let keys = Keyring::open(&db, &tempfile::tempdir().unwrap().path().join("heli.key")).unwrap().0;
            let [first, second] = ["flood", "storm"].map(|slug| {
                let (zone, area) = ("Asia/Shanghai".to_owned(), "610100000000".to_owned());
                let (started_at, cut_off_hour, public_figures) = (crate::clock::Time(0), 19, PublicFigures::None);
                let (slug, name) = (slug.to_owned(), slug.to_owned());
                let (practice, early_matching, demo) = (false, false, false);
                let new = NewIncident { slug, name, zone, area, started_at, cut_off_hour, public_figures, practice, early_matching, demo };
                let (keys, fresh) = (keys.clone(), FreshPair::new());
                db.write_blocking(move |w| incidents::service::create(w, &Actor::system(), "test", &keys, &fresh, &new)).unwrap().id
            });
            let pair = |incident| {
                let keys = keys.clone();
                db.read_blocking(Lane::Fast, move |r| keys.incident(r, incident))
            };
            let sealed = pair(first).unwrap().seal("contacts", "phone_sealed", "R", "secret");
            assert_eq!(pair(first).unwrap().open("contacts", "phone_sealed", "R", &sealed).unwrap(), "secret");
            assert!(pair(second).unwrap().open("contacts", "phone_sealed", "R", &sealed).is_err());
            assert_ne!(pair(first).unwrap().token("phone", "1"), pair(second).unwrap().token("phone", "1"));
            let ring = keys.clone();
            db.write_blocking(move |w| ring.destroy(w, first)).unwrap();
            assert!(matches!(pair(first), Err(Error::NotFound)));
            assert!(pair(second).is_ok());
        }
    }
}
