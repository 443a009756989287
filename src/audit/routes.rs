//! Reading the audit: admins only.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Action, opened_reason};
use super::store::{self, Kept};
use crate::clock::Time;
use crate::db::Lane;
use crate::error::Result;
use crate::http::{Allowed, Answer, Api, Permission, found, page};

crate::permissions! {
    /// Read who did or saw what in an incident.
    pub ReadAudit: InIncident = "audit.read" => [Admin];
    /// Read sign-ins and what was done to accounts.
    pub ReadSignIns: OnPlatform = "audit.sign_ins" => [Admin];
}

/// What to list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Only this action.
    action: Option<Action>,
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Page {
    items: Vec<Item>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Item {
    /// When, RFC 3339.
    at: String,
    /// Reference of the account; absent for the public and unknown logins.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    action: Action,
    subject: String,
    /// Why, as it was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    request: String,
}

/// What was done or seen in the incident, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/audit")]
async fn list(a: Allowed<ReadAudit>) -> Answer {
    let keys = a.clone();
    read(&a, Some(a.incident().id), a.incident().zone, move |kept| {
        kept.reason_sealed.as_deref().map(|sealed| opened_reason(keys.keys(), &kept.request, sealed)).transpose()
    })
    .await
}

/// Sign-ins, good and refused, and what was done to accounts, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/audit")]
async fn sign_ins(a: Allowed<ReadSignIns>) -> Answer {
    read(&a, None, chrono_tz::UTC, |_| Ok(None)).await
}

async fn read<P: Permission>(
    a: &Allowed<P>,
    incident: Option<i64>,
    zone: chrono_tz::Tz,
    reason: impl Fn(&Kept) -> Result<Option<String>>,
) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let before = asked.cursor.as_deref().map(page::cursor::<(i64, i64)>).transpose()?.map(|(at, id)| (Time(at), id));
    let kept = a.db().read(Lane::Fast, move |r| store::page(r, incident, asked.action, before, limit + 1)).await?;
    let (kept, next) = page::cut(kept, limit, |last| (last.at.0, last.id));
    let item = |kept: Kept| {
        let reason = reason(&kept)?;
        let Kept { at, account, action, subject, request, .. } = kept;
        Ok(Item { at: at.to_rfc3339(zone), account, action, subject, reason, request })
    };
    found(&Page { items: kept.into_iter().map(item).collect::<Result<_>>()?, next })
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("audit").route::<ReadAudit>(list).route::<ReadSignIns>(sign_ins);
}
