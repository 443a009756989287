//! Claims over the API.

use actix_web::{get, post};

use super::model::*;
use super::views::{Asked, ClaimView, Page};
use super::{rules, service, store};
use crate::accounts::model::Role;
use crate::clock::Time;
use crate::db::Lane;
use crate::error::Result;
use crate::http::{Allowed, Answer, Api, Once, Post, found, page};
use crate::ids::Draw;
use crate::ledger::texts::Words;
use crate::ledger::when::Told;
use crate::needs::acting::Command;

crate::permissions! {
    /// Claim, confirm, release, give back, extend.
    pub Claims: InIncident = "claims.make" => [Coordinator, Operator];
    /// List the claims of the own organisation.
    pub ListClaims: InIncident = "claims.list" => [Coordinator];
    /// Read a claim.
    pub ReadClaims: InIncident = "claims.read" => [Coordinator, Operator, CommunityWorker];
}

/// Claims part of a line.
#[utoipa::path(request_body = NewClaim, responses((status = 201, body = Claimed)))]
#[post("/incidents/{incident}/needs/{reference}/lines/{n}/claims")]
async fn make(Post(call, body): Post<Claims, NewClaim>) -> Answer {
    let (need, n) = (call.reference("reference")?, call.number("n")?);
    let prepared = service::prepare(call.keys(), call.actor(), rules::read_claim(body)?, &mut Draw::random());
    call.created(move |w, a| service::claim(w, a.incident(), a.actor(), &need, n, &prepared)).await
}

/// Confirms a held claim: quantity and time are settled.
#[utoipa::path(request_body = NewConfirmation, responses((status = 201, body = Claimed)))]
#[post("/incidents/{incident}/claims/{reference}/confirmation")]
async fn confirm(Post(call, body): Post<Claims, NewConfirmation>) -> Answer {
    let (turn, told) = rules::read_confirmation(body)?;
    take_turn(call, turn, told, None).await
}

/// Gives a claim up; it keeps what was delivered.
#[utoipa::path(request_body = NewRelease, responses((status = 201, body = Claimed)))]
#[post("/incidents/{incident}/claims/{reference}/release")]
async fn release(Post(call, body): Post<Claims, NewRelease>) -> Answer {
    let (reason, told) = rules::read_release(body)?;
    take_turn(call, Turn::Release, told, Some((Words::Reason, reason))).await
}

/// Gives part of a confirmed claim back.
#[utoipa::path(request_body = NewGiveBack, responses((status = 201, body = Claimed)))]
#[post("/incidents/{incident}/claims/{reference}/give-back")]
async fn give_back(Post(call, body): Post<Claims, NewGiveBack>) -> Answer {
    let (turn, told) = rules::read_give_back(body)?;
    take_turn(call, turn, told, None).await
}

/// Work goes on: a held claim lives longer.
#[utoipa::path(request_body = NewProgress, responses((status = 201, body = Claimed)))]
#[post("/incidents/{incident}/claims/{reference}/progress")]
async fn progress(Post(call, body): Post<Claims, NewProgress>) -> Answer {
    let (note, told) = rules::read_progress(body)?;
    take_turn(call, Turn::Progress, told, note.map(|note| (Words::Note, note))).await
}

async fn take_turn(call: Once<Claims>, turn: Turn, told: Told, words: Option<(Words, String)>) -> Answer {
    let claim = call.reference("reference")?;
    let mut command = Command::new(call.keys(), call.actor(), told, &mut Draw::random());
    if let Some((kind, words)) = words {
        command = command.with(call.keys(), kind, Some(&words));
    }
    call.created(move |w, a| service::turn(w, a.incident(), a.actor(), &claim, &turn, &command)).await
}

/// The claims of the caller's own organisation, the newest first.
#[utoipa::path(params(Asked), responses((status = 200, body = Page)))]
#[get("/incidents/{incident}/claims")]
async fn list(a: Allowed<ListClaims>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = page::limit(asked.limit)?;
    let before = asked.cursor.as_deref().map(page::cursor::<(i64, String)>).transpose()?.map(|(at, claim)| (Time(at), claim));
    let (incident, theirs) = (a.incident().id, service::coordinates_for(a.actor()));
    let read = move |r: &mut crate::db::Read<'_>| {
        let rows = store::page(r, incident, &theirs, asked.state, before, limit + 1)?;
        let (rows, next) = page::cut(rows, limit, |last| (last.claimed_at.0, last.reference.clone()));
        let items = rows.into_iter().map(|row| store::beside(r, row.need.0, row.need.2).map(|beside| (row, beside)));
        Ok((items.collect::<Result<Vec<_>>>()?, next))
    };
    let (items, next) = a.db().read(Lane::Fast, read).await?;
    let view = |(row, beside)| ClaimView::new(row, beside, None, a.now(), a.incident().zone);
    found(&Page { items: items.into_iter().map(view).collect(), next })
}

/// A claim with its deliveries.
#[utoipa::path(responses((status = 200, body = ClaimView)))]
#[get("/incidents/{incident}/claims/{reference}")]
async fn show(a: Allowed<ReadClaims>) -> Answer {
    let (incident, actor, claim) = (a.incident().id, a.actor().clone(), a.reference("reference")?);
    let roles = [Role::Coordinator, Role::Operator, Role::CommunityWorker];
    let (row, beside, deliveries) = a.db().read(Lane::Fast, move |r| service::show(r, incident, &actor, &claim, &roles)).await?;
    found(&ClaimView::new(row, beside, Some(deliveries), a.now(), a.incident().zone))
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    let claims = api.section("claims").route::<Claims>(make).route::<Claims>(confirm).route::<Claims>(release);
    claims.route::<Claims>(give_back).route::<Claims>(progress).route::<ListClaims>(list).route::<ReadClaims>(show);
}
