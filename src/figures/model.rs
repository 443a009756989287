//! What is shown of the counters. Times are RFC 3339 in the incident's zone.

use serde::Serialize;
use utoipa::ToSchema;

use crate::counters::model::{Amounts, Counter};

/// What rows of districts and categories show: the four counters, full matching and delivery.
pub const SHOWN: [Counter; 6] = [
    Counter::Collected,
    Counter::PhoneVerified,
    Counter::UrgentPeople,
    Counter::ResourceMatched,
    Counter::FullyMatched,
    Counter::Delivered,
];

/// The amounts that a row shows, in the order of `SHOWN`.
pub type Shown = [i64; SHOWN.len()];

/// What a row shows of all that is counted.
pub fn shown(amounts: &Amounts) -> Shown {
    SHOWN.map(|counter| amounts.get(counter))
}

/// One figure of a row: exact, or the step of five that it lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Figure {
    /// Exactly this.
    Exact(i64),
    /// Somewhere from `from` to `to`, both included.
    Step { from: i64, to: i64 },
}

impl Figure {
    /// The step of five that an amount lies in: 0–4, 5–9, …
    pub const fn step(amount: i64) -> Figure {
        let from = amount - amount.rem_euclid(5);
        Figure::Step { from, to: from + 4 }
    }
}

/// A district or a category.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Row {
    /// Code of the district or category; `outside` and `unlocated` for what is counted in no district.
    pub code: String,
    /// Its name, where it is a district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Needs collected.
    pub collected: Figure,
    /// Needs followed up by phone.
    pub phone_verified: Figure,
    /// People reached in danger.
    pub urgent_response: Figure,
    /// Needs matched with resources.
    pub resource_matched: Figure,
    /// Needs matched in full.
    pub fully_matched: Figure,
    /// Needs delivered completely.
    pub delivered: Figure,
    /// The cut-off that this row's steps are as of, where it differs from that of the exact rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
}

impl Row {
    /// A row of amounts, shown exactly or in steps.
    pub fn new(code: &str, name: Option<&str>, amounts: &Shown, exact: bool) -> Row {
        let figure = if exact { Figure::Exact } else { Figure::step };
        let [collected, phone_verified, urgent_response, resource_matched, fully_matched, delivered] = amounts.map(figure);
        let (code, name) = (code.to_owned(), name.map(str::to_owned));
        Row { code, name, collected, phone_verified, urgent_response, resource_matched, fully_matched, delivered, as_of: None }
    }
}

/// The counters as of an instant.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Counters {
    /// What occurred up to and including this instant is counted.
    pub as_of: String,
    /// As known now.
    pub known_at: String,
    /// 收集需求信息 (项)
    pub collected: i64,
    /// 电话核实跟进 (项)
    pub phone_verified: i64,
    /// 个案紧急回应
    pub urgent_response: UrgentResponse,
    /// 资源匹配 (项)
    pub resource_matched: i64,
    /// Of these, matched in full (项).
    pub fully_matched: i64,
    /// Delivered completely (项).
    pub delivered: i64,
    /// Acts of sending in, each of which may hold several needs (提交 n 次).
    pub submissions: i64,
    /// What is still missing, counted as sets.
    pub gaps: Gaps,
    /// What came first among those matched: the three add up to `resource_matched`.
    pub matched_by: MatchedFirstBy,
    /// Of those matched, before the phone follow-up.
    pub matched_before_phone: i64,
    /// Beside the phone follow-up.
    pub phone: PhoneFollowUp,
    /// What the rows of districts are as of.
    pub districts_as_of: String,
    /// Every district of the area, then `outside`, then `unlocated`; they add up to the totals.
    pub districts: Vec<Row>,
}

/// 个案紧急回应
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct UrgentResponse {
    /// People reached in danger, each once (人).
    pub people: i64,
    /// People reached over all responses (人次).
    pub episodes: i64,
    /// Of the people, those who came in through a response to a group of more than ten (其中集体).
    pub in_groups: i64,
}

/// Differences of sets, in needs.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Gaps {
    /// Collected, not followed up by phone.
    pub not_phoned: i64,
    /// Collected, not matched.
    pub not_matched: i64,
    /// Followed up by phone, not matched.
    pub phoned_not_matched: i64,
    /// Matched, not followed up by phone: what has to be added to `phone_verified` − `resource_matched` to get `phoned_not_matched`.
    /// Absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<i64>,
}

/// What matched first.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MatchedFirstBy {
    /// A confirmed claim.
    pub claim: i64,
    /// The desk's own answer.
    pub answer: i64,
    /// A referral that was accepted.
    pub referral: i64,
}

/// Beside the phone follow-up.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PhoneFollowUp {
    /// How those followed up were first concluded: they add up to `phone_verified`.
    pub conclusions: Conclusions,
    /// Tried, but not reached.
    pub tried: i64,
    /// Verified by a home visit.
    pub by_visit: i64,
}

/// First conclusions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Conclusions {
    /// 属实
    pub genuine: i64,
    /// 属实，内容有变
    pub genuine_changed: i64,
    /// 已自行解决
    pub already_solved: i64,
    /// 不属实
    pub not_genuine: i64,
}

/// The counters by report day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Days {
    /// What occurred up to and including this instant is counted.
    pub as_of: String,
    /// As known now.
    pub known_at: String,
    /// Report days in the order of time, without gaps, the last one up to `as_of`: at most 400. Ask as of the first one's `from` for those before.
    pub days: Vec<Day>,
}

/// A report day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Day {
    /// The cut-off before; what occurred exactly then belongs to the day before.
    pub from: String,
    /// The cut-off that ends it, itself included; `as_of` where the day goes on.
    pub to: String,
    /// The ISO week of its end, such as `2021-W52`.
    pub iso_week: String,
    /// 本期新增
    pub new: Totals,
    /// 累计
    pub cumulative: Totals,
}

/// The totals of a report day or a category, exact.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Totals {
    /// Needs collected.
    pub collected: i64,
    /// Needs followed up by phone.
    pub phone_verified: i64,
    /// People reached in danger.
    pub urgent_response: i64,
    /// Needs matched with resources.
    pub resource_matched: i64,
    /// Needs matched in full.
    pub fully_matched: i64,
    /// Needs delivered completely.
    pub delivered: i64,
}

impl From<&Amounts> for Totals {
    fn from(amounts: &Amounts) -> Self {
        let [collected, phone_verified, urgent_response, resource_matched, fully_matched, delivered] = shown(amounts);
        Totals { collected, phone_verified, urgent_response, resource_matched, fully_matched, delivered }
    }
}

/// The counters by category.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Categories {
    /// The cut-off that they are as of.
    pub as_of: String,
    /// As known at this instant: now, or when it was published.
    pub known_at: String,
    /// Every category; they add up to the totals.
    pub categories: Vec<Row>,
    /// What of it the report day that ends at `as_of` brought; for those who see exact figures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<Vec<Row>>,
}
