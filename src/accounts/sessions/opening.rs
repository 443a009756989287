//! One attempt to sign in, by the API or by a form: unknown logins, wrong passwords and suspended accounts take as long and say the same.

use secrecy::SecretString;

use super::access::Access;
use super::service::{self, Tokens};
use crate::accounts::login::Login;
use crate::accounts::model::UserState;
use crate::accounts::passwords::Passwords;
use crate::accounts::store;
use crate::crypto::Keyring;
use crate::db::{Db, Lane};
use crate::error::Result;

/// Opens a session where login and password fit; `None` and a record of the refusal where they don't.
pub async fn attempt(
    (db, keys, access): (&Db, &Keyring, &Access),
    passwords: &Passwords,
    login: Option<Login>,
    password: SecretString,
    request: String,
) -> Result<Option<Tokens>> {
    let user = match &login {
        Some(login) => {
            let token = login.token(keys.platform());
            db.read(Lane::Fast, move |r| store::by_login(r, &token)).await?
        }
        None => None,
    };
    let fits = passwords.fits(password, user.as_ref().and_then(|user| user.password_hash.clone())).await?;
    match user {
        Some(user) if fits && user.state == UserState::Active => service::open(db, access, &user, request).await.map(Some),
        user => {
            service::refuse(db, user.map(|user| user.id), request).await?;
            Ok(None)
        }
    }
}
