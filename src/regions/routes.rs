//! Regions over the API: search, one region with what lies below it, groups.

use actix_web::get;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{Group, Level, Region};
use super::{service, store};
use crate::db::Lane;
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::http::{Allowed, Answer, Api, found, page};

crate::permissions! {
    /// Search and read regions.
    pub ReadRegions: OnPlatform = "regions.read" => public;
}

/// The longest search.
const QUERY_LIMIT: usize = 60;

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// Words of a name, however its ending is written, or the beginning of a code.
    #[param(max_length = 60)]
    q: String,
    /// Code of a region: what lies in its district comes first.
    #[param(max_length = 12)]
    near: Option<String>,
    /// At most so many, 1 to 20.
    #[param(minimum = 1, maximum = 20)]
    limit: Option<i64>,
}

/// Which of the regions below to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Below {
    /// At most so many, 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Found {
    items: Vec<RegionView>,
}

/// A region.
#[derive(Serialize, ToSchema)]
struct RegionView {
    /// The 12-digit code.
    code: String,
    name: String,
    level: Level,
    /// Names from the province down.
    full_name: String,
    /// Code of the district it lies in or is.
    #[serde(skip_serializing_if = "Option::is_none")]
    district: Option<String>,
    /// Code of the region above.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
    /// The year of the list it comes from.
    edition: i64,
    /// Whether it is in force now.
    valid: bool,
    /// Code of what took its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    successor: Option<String>,
}

/// A region with a page of what lies right below it.
#[derive(Serialize, ToSchema)]
struct RegionDetail {
    #[serde(flatten)]
    region: RegionView,
    children: Children,
}

#[derive(Serialize, ToSchema)]
struct Children {
    items: Vec<RegionView>,
    /// The cursor of the next page, absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct Groups {
    items: Vec<GroupView>,
}

/// A development zone, or another group that lies across the tree.
#[derive(Serialize, ToSchema)]
struct GroupView {
    name: String,
    /// Codes of the regions in it, each with all that lies in it.
    regions: Vec<String>,
}

/// Finds regions by words of their names or the beginning of their codes.
#[utoipa::path(params(Asked), responses((status = 200, body = Found)))]
#[get("/regions")]
async fn search(a: Allowed<ReadRegions>) -> Answer {
    let asked: Asked = a.query()?;
    let limit = search_limit(asked.limit)?;
    if asked.q.chars().count() > QUERY_LIMIT {
        return Err(Error::Invalid(vec![FieldError::new("q", FieldCode::TooLong).limit(QUERY_LIMIT as i64)]).into());
    }
    let now = a.now();
    let regions = a.db().read(Lane::Fast, move |r| service::search(r, &asked.q, asked.near.as_deref(), now, limit)).await?;
    found(&Found { items: regions.into_iter().map(|region| view(region, now)).collect() })
}

/// A region and what lies right below it.
#[utoipa::path(params(Below), responses((status = 200, body = RegionDetail)))]
#[get("/regions/{code}")]
async fn show(a: Allowed<ReadRegions>) -> Answer {
    let below: Below = a.query()?;
    let limit = page::limit(below.limit)?;
    let after = below.cursor.as_deref().map(page::cursor::<String>).transpose()?;
    let (code, now) = (a.segment("code")?.to_owned(), a.now());
    let (region, children) = a
        .db()
        .read(Lane::Fast, move |r| {
            let region = store::by_code(r, &code)?.ok_or(Error::NotFound)?;
            Ok((region, store::children(r, &code, after.as_deref(), now, limit + 1)?))
        })
        .await?;
    let (children, next) = page::cut(children, limit, |last| last.code.clone());
    let items = children.into_iter().map(|child| view(child, now)).collect();
    found(&RegionDetail { region: view(region, now), children: Children { items, next } })
}

/// The groups that lie across the tree.
#[utoipa::path(responses((status = 200, body = Groups)))]
#[get("/region-groups")]
async fn groups(a: Allowed<ReadRegions>) -> Answer {
    let groups = a.db().read(Lane::Fast, store::groups).await?;
    let items = groups.into_iter().map(|Group { name, codes }| GroupView { name, regions: codes }).collect();
    found(&Groups { items })
}

fn search_limit(asked: Option<i64>) -> Result<i64> {
    match asked {
        Some(limit) if limit > service::SEARCH_LIMIT => {
            Err(Error::Invalid(vec![FieldError::new("limit", FieldCode::TooLarge).limit(service::SEARCH_LIMIT)]))
        }
        asked => page::limit(asked),
    }
}

fn view(region: Region, now: crate::clock::Time) -> RegionView {
    let valid = region.valid_at(now);
    let Region { code, edition, name, level, parent, full_name, district, successor, .. } = region;
    RegionView { code, name, level, full_name, district, parent, edition, valid, successor }
}

/// Registers them.
pub fn routes(api: &mut Api<'_>) {
    api.section("regions").route::<ReadRegions>(search).route::<ReadRegions>(show).route::<ReadRegions>(groups);
}
