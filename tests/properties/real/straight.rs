//! Commands whose own services are still to come: straight to the ledger.

use heli::accounts::model::Role;
use heli::ids::Draw;
use heli::ledger::Kind;
use heli::ledger::event::LineSpec;
use heli::ledger::model as words;
use heli::ledger::when::Told;
use heli::needs::acting::{Command as Prepared, service as acting};
use heli::needs::submitting::service::place;

use super::looks::DAY_ZERO;
use super::node::region_code;
use super::{Real, Said};
use crate::command::{Act, Command};
use crate::vocabulary::*;

impl Real<'_> {
    pub(super) fn straight(&mut self, command: &Command) -> Said<()> {
        let told = Told {
            occurred_at: command.occurred_at.map(heli::clock::Time),
            late_reason: command.late_reason.then(|| "断网".to_owned()),
            device_at: None,
        };
        let prepared = Prepared::new(&self.keys, &self.staff, told, &mut Draw::random());
        let (need, what) = match command.act.clone() {
            Act::Reject { need } => (need, Kind::Rejected {}),
            Act::Assess { need, urgency } => (need, Kind::Assessed { urgency: words::Urgency::parse(urgency.word()).expect("an urgency") }),
            Act::Summarise { need } => (need, Kind::Summarised {}),
            Act::ChangeLine { need, n, wanted } => (need, Kind::LineChanged { n: n as i64, wanted }),
            Act::CloseShort { need, n } => (need, Kind::LineClosedShort { n: n as i64 }),
            Act::CorrectCategory { need, category } => {
                (need, Kind::CategoryCorrected { category: words::Category::parse(category.word()).expect("a category") })
            }
            Act::CorrectRegion { need, region } => {
                let code = region_code(region);
                let found = self.write(move |w, incident, _| place(w, incident, code))?;
                (need, Kind::PlaceCorrected { place: found.expect("a region there is") })
            }
            Act::Answer { need } => (need, Kind::Answered {}),
            Act::Accept { need, n } => (need, Kind::ReferralAccepted { n: n as i64 }),
            Act::Close { need } => (need, Kind::Closed {}),
            Act::Cancel { need } => (need, Kind::Cancelled {}),
            Act::Reopen { need } => (need, Kind::Reopened {}),
            Act::AddLine { need, line } => {
                let (first_day, last_day) = line.days.map_or((0, 0), |(first, last)| (first + DAY_ZERO, last + DAY_ZERO));
                (need, Kind::LineAdded { line: LineSpec { n: 0, quantity: line.quantity, first_day, last_day } })
            }
            Act::Refer { need, due_at } => (need, Kind::Referred { n: 0, due_at: heli::clock::Time(due_at) }),
            other => return Err(format!("nothing serves {}", other.kind())),
        };
        let need = self.reference(need);
        self.write(move |w, incident, staff| {
            acting::on_root(w, incident, staff, (&need, &[Role::Operator]), &prepared, |state, root, _| {
                let _ = state;
                let same = match &what {
                    Kind::CategoryCorrected { category } => *category == root.category,
                    Kind::PlaceCorrected { place } => place.region == root.place.region,
                    Kind::LineChanged { n, wanted } => root.lines.iter().any(|l| l.n == *n && l.wanted == *wanted && !l.short),
                    _ => false,
                };
                if same && root.closure != words::Closure::Rejected {
                    return Err(heli::error::RefusalCode::NothingToChange.into());
                }
                Ok(match what.clone() {
                    Kind::LineAdded { line } => Kind::LineAdded { line: LineSpec { n: root.lines.len() as i64 + 1, ..line } },
                    Kind::Referred { due_at, .. } => Kind::Referred { n: root.referrals.len() as i64 + 1, due_at },
                    other => other,
                })
            })
        })
        .map(drop)
    }
}
