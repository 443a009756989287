//! `practice`: an open practice incident of the present. Its needs stand in every stage, so that whoever tries a role has something to do.

mod board;
mod needs;
mod requests;
#[cfg(test)]
mod tests;

use super::plan::{OrganisationPlan, Plan};
use crate::clock::Time;
use crate::organisations::model::Kind;
use board::Board;

/// The community that the demo's community worker belongs to, and its name.
pub const COMMUNITY: (&str, &str) = ("610113003020", "长丰园社区居委会");

/// Who takes part; the numbers are those of the commands.
const ORGANISATIONS: [(&str, Kind); 5] = [
    (COMMUNITY.1, Kind::Community),
    ("城墙根社会工作服务中心", Kind::Social),
    ("雁南邻里互助联合会", Kind::Social),
    ("终南应急物资中转站", Kind::Social),
    ("青年城志愿服务联盟", Kind::Social),
];

/// The course of the two days before an instant.
pub fn plan(now: Time) -> Plan {
    let mut board = Board::new(now);
    needs::waiting(&mut board);
    needs::verified(&mut board);
    needs::matched(&mut board);
    needs::ended(&mut board);
    let mut steps = board.steps;
    steps.sort_by_key(|step| step.at);
    let organisation = |(name, kind): &(&str, Kind)| OrganisationPlan {
        name: (*name).to_owned(),
        kind: *kind,
        region: (*kind == Kind::Community).then(|| COMMUNITY.0.to_owned()),
    };
    Plan { organisations: ORGANISATIONS.iter().map(organisation).collect(), steps }
}
