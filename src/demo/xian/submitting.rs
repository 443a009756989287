//! Submissions: the needs as they are written down, by whom, and from where.

use super::super::plan::*;
use super::catalogue::{Asker, Kind, Met};
use super::doubles;
use super::organisations;
use super::origins::{CasePlan, Origin};
use super::rhythm::{self, HEADLINE};
use super::story::{Story, Thread};
use crate::clock::{DAY, HOUR, Time};
use crate::ledger::model::*;
use crate::needs::model::ContactRole;

/// A need that was sent in, and what its course is written from.
pub struct Sent {
    /// Its number.
    pub need: NeedNo,
    /// Its kind.
    pub kind: &'static Kind,
    /// Its lines.
    pub lines: Vec<LinePlan>,
    /// How urgent it is said to be.
    pub urgency: Urgency,
    /// The named people whom its case will reach.
    pub named: Vec<Named>,
    /// Where it comes from, where that is known.
    pub region: Option<String>,
    /// The community that posted it by itself.
    pub posted_by: Option<OrganisationNo>,
    /// Which way it came in.
    pub source: Source,
    /// Whom to call.
    pub contact: Contact,
    /// When it counts as submitted.
    pub submitted: Time,
    /// When the platform learned of it.
    pub at: Time,
}

impl Story {
    /// Writes a submission and answers its needs.
    pub fn submit(&mut self, origin: &Origin) -> Vec<Sent> {
        let household = origin.kinds[0].asker == Asker::Household;
        let last_day = (HEADLINE.plus(-DAY)..=HEADLINE).contains(&origin.at);
        let source = if last_day && origin.source == Source::Paper { Source::Web } else { origin.source };
        let posts = source == Source::Community && self.random.chance(if household { 50 } else { 65 });
        let posting = posts.then(|| self.places.posting());
        let region = match posting {
            Some(number) => Some(self.places.posting[number].0.clone()),
            None => self.region(origin, source),
        };
        let contact = if household && posting.is_none() { self.people.household_contact() } else { self.people.community_contact() };
        let address = household.then(|| self.places.address());
        let mut needs = Vec::new();
        let mut before: Option<Named> = None;
        for (kind, case) in origin.kinds.iter().zip(&origin.cases) {
            let named = self.named(case.as_ref(), &contact, before.as_ref());
            before = before.or_else(|| named.first().filter(|person| person.phone.is_some()).cloned());
            let reached = case.as_ref().map_or(0, |case| named.len() as i64 + case.unnamed);
            let mut need = self.need(kind, origin.at, &region, &address, named, reached);
            if doubles::wants_one_large_line(origin) {
                need.lines.truncate(1);
                need.lines[0].quantity = need.lines[0].quantity.max(20);
            }
            needs.push(need);
        }
        self.send(needs, &origin.kinds, contact, source, posting.map(organisations::posting), origin.at)
    }

    /// Sends needs in, and answers them with their numbers.
    pub fn send(
        &mut self,
        needs: Vec<NeedPlan>,
        kinds: &[&'static Kind],
        contact: Contact,
        source: Source,
        posted_by: Option<OrganisationNo>,
        submitted: Time,
    ) -> Vec<Sent> {
        let first = self.needs(needs.len());
        let paper = source == Source::Paper;
        let lag = if paper { self.random.range(2 * HOUR, 9 * HOUR) } else { 0 };
        let by = match (posted_by, source) {
            (Some(organisation), _) => By::Worker(organisation),
            (None, Source::Web) => By::Public,
            _ => By::Operator,
        };
        let sent = needs.iter().zip(kinds).enumerate().map(|(i, (need, kind))| Sent {
            need: first + i,
            kind,
            lines: need.lines.clone(),
            urgency: need.urgency,
            named: need.named.clone(),
            region: need.region.clone(),
            posted_by,
            source,
            contact: contact.clone(),
            submitted,
            at: submitted.plus(lag),
        });
        let sent = sent.collect();
        self.push(submitted, lag, by, Command::Submit { first, needs, contacts: vec![contact], source });
        sent
    }

    fn region(&mut self, origin: &Origin, source: Source) -> Option<String> {
        let stranded = origin.kinds.iter().any(|kind| kind.category == Category::ReturnStranded);
        let elsewhere = origin.kinds[0].asker == Asker::Household && source != Source::Community && self.random.chance(1);
        if elsewhere || (stranded && self.random.chance(40)) {
            return Some(self.places.outside());
        }
        let unsaid = source == Source::Web && origin.kinds[0].asker == Asker::Household && self.random.chance(6);
        (!unsaid).then(|| self.places.anywhere())
    }

    /// The named people of a need: those its case reaches, or now and then somebody.
    fn named(&mut self, case: Option<&CasePlan>, contact: &Contact, before: Option<&Named>) -> Vec<Named> {
        let Some(case) = case else {
            return if self.random.chance(22) { vec![self.people.unkeyed()] } else { Vec::new() };
        };
        let mut named: Vec<Named> = if case.shared { before.cloned().into_iter().collect() } else { Vec::new() };
        for i in 0..case.named {
            let own = contact.role == ContactRole::Person && i == 0 && before.is_none();
            named.push(match (i < case.keyed, own) {
                (true, true) => Named { name: contact.name.clone(), phone: Some(contact.phone.clone()) },
                (true, false) => self.people.keyed(),
                (false, _) => self.people.unkeyed(),
            });
        }
        named
    }

    fn need(
        &mut self,
        kind: &'static Kind,
        at: Time,
        region: &Option<String>,
        address: &Option<String>,
        named: Vec<Named>,
        reached: i64,
    ) -> NeedPlan {
        let people = match kind.asker {
            Asker::Household => self.random.weighted(&[(50, 1), (28, 2), (14, 3), (8, 5)]).max(reached).max(named.len() as i64),
            Asker::Community => self.random.range(12, 240),
        };
        let mut lines = self.lines(kind, at);
        if reached > GROUP_LIMIT {
            lines[0].quantity = lines[0].quantity.max(reached);
        }
        let urgencies = [Urgency::Critical, Urgency::Urgent, Urgency::High, Urgency::Normal];
        let weights: Vec<(i64, Urgency)> = kind.urgencies.into_iter().zip(urgencies).collect();
        let first = &lines[0];
        let quantity = format!("{}{}{}", first.item, first.quantity, first.unit);
        let description = self.random.pick(kind.texts).replace("{n}", &people.to_string()).replace("{q}", &quantity);
        let mut groups = vec![*self.random.pick(kind.groups)];
        let second = *self.random.pick(kind.groups);
        if !groups.contains(&second) && self.random.chance(35) {
            groups.push(second);
        }
        NeedPlan {
            category: kind.category,
            region: region.clone(),
            urgency: self.random.weighted(&weights),
            lines,
            people,
            named,
            groups,
            description,
            address: address.clone(),
        }
    }

    fn lines(&mut self, kind: &Kind, at: Time) -> Vec<LinePlan> {
        let count = match (kind.met, kind.asker) {
            (Met::Goods, Asker::Community) => self.random.weighted(&[(74, 1), (20, 2), (6, 3)]),
            (Met::Goods, Asker::Household) => self.random.weighted(&[(87, 1), (13, 2)]),
            _ => 1,
        };
        let mut items: Vec<_> = kind.items.iter().collect();
        self.random.shuffle(&mut items);
        let days = (kind.met == Met::Daily).then(|| {
            let first = rhythm::day_of(at) + 2;
            (first, first + self.random.range(2, 4))
        });
        let lines = items.into_iter().take(count).map(|(item, unit, low, high)| {
            let quantity = self.random.range(*low, *high);
            // Communities round.
            let quantity = if *high >= 60 { (quantity + 2) / 5 * 5 } else { quantity };
            LinePlan { item, quantity, unit, days }
        });
        lines.collect()
    }

    /// The thread of a need that was sent in.
    pub fn thread(&mut self, sent: &Sent) -> Thread<'_> {
        Thread {
            story: self,
            need: sent.need,
            kind: sent.kind,
            lines: sent.lines.clone(),
            urgency: sent.urgency,
            posted_by: sent.posted_by,
            submitted: sent.submitted,
            at: sent.at,
        }
    }
}
