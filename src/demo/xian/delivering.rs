//! Deliveries: packed, on the road, handed over, signed for; some fail and go out again, some come in two goes.

use super::super::plan::DeliveryStep::*;
use super::super::plan::*;
use super::catalogue::Met;
use super::rhythm;
use super::story::{Thread, Turn};
use super::supply::Taken;
use crate::clock::{HOUR, MINUTE, Time};

impl Thread<'_> {
    /// Delivers what a claim has promised.
    pub fn deliver(&mut self, taken: &Taken) {
        if let Some(days) = taken.days {
            return self.deliver_daily(taken, days);
        }
        let wait = [40 * MINUTE, 2 * HOUR, 5 * HOUR, 8 * HOUR][self.urgency as usize];
        let start = self.after(wait);
        let all = taken.quantity;
        if self.kind.met != Met::Goods {
            return self.serve(taken, start);
        }
        match self.story.turn(Turn::Delivery) % 12 {
            0 => self.goes(taken, all, &[Packed, InTransit, HandedOver, SignedFor], start),
            1 | 7 => self.goes(taken, all, &[InTransit, HandedOver], start),
            2 | 5 | 9 => self.goes(taken, all, &[HandedOver], start),
            3 => self.at_the_gate(taken, start),
            4 => self.goes(taken, all, &[Packed, InTransit, HandedOver], start),
            6 => self.fails_first(taken, start),
            8 if all > 1 => self.in_two_goes(taken, start),
            10 => self.goes(taken, all, &[InTransit, HandedOver, SignedFor], start),
            _ => self.goes(taken, all, &[Packed, HandedOver], start),
        }
    }

    fn serve(&mut self, taken: &Taken, start: Time) {
        let steps: &[DeliveryStep] = if self.random().chance(30) { &[InTransit, HandedOver] } else { &[HandedOver] };
        self.goes(taken, taken.quantity, steps, start);
    }

    /// One delivery through its steps.
    fn goes(&mut self, taken: &Taken, quantity: i64, steps: &[DeliveryStep], start: Time) {
        let by = By::Coordinator(taken.organisation);
        let delivery = self.story.delivery();
        let mut at = start;
        for (i, step) in steps.iter().enumerate() {
            let command = match i {
                0 => Command::Deliver { delivery, claim: taken.claim, day: None, quantity, step: *step, at_gate: false },
                _ => Command::Advance { delivery, step: *step, quantity: None, at_gate: false },
            };
            let lag = self.road(*step);
            self.told(at, lag, by, command);
            at = self.at.plus(self.random().spread(35 * MINUTE));
        }
    }

    /// How long until a step is written down: drivers do it when they are back.
    fn road(&mut self, step: DeliveryStep) -> i64 {
        let late = step == HandedOver && self.random().chance(6);
        if late { self.random().range(90 * MINUTE, 7 * HOUR) } else { self.random().range(0, 11 * MINUTE) }
    }

    /// Left at the gate: it counts once somebody of the community has signed.
    fn at_the_gate(&mut self, taken: &Taken, start: Time) {
        let delivery = self.story.delivery();
        let command =
            Command::Deliver { delivery, claim: taken.claim, day: None, quantity: taken.quantity, step: HandedOver, at_gate: true };
        self.now(start, By::Coordinator(taken.organisation), command);
        let at = self.at.plus(self.random().spread(25 * MINUTE));
        let command = Command::Advance { delivery, step: SignedFor, quantity: None, at_gate: true };
        let by = self.posted_by.map_or(By::Coordinator(taken.organisation), By::Worker);
        self.now(at, by, command);
    }

    /// Nobody is there, or the gate is shut; it goes out once more.
    fn fails_first(&mut self, taken: &Taken, start: Time) {
        self.goes(taken, taken.quantity, &[InTransit, Failed], start);
        let again = self.after(3 * HOUR);
        self.goes(taken, taken.quantity, &[InTransit, HandedOver], again);
    }

    fn in_two_goes(&mut self, taken: &Taken, start: Time) {
        let first = taken.quantity / 2;
        self.goes(taken, first, &[InTransit, HandedOver], start);
        let again = self.after(4 * HOUR);
        self.goes(taken, taken.quantity - first, &[HandedOver], again);
    }

    /// What recurs is delivered day by day.
    fn deliver_daily(&mut self, taken: &Taken, (first, last): (i64, i64)) {
        for day in first..=last {
            let noon = rhythm::on_day(day, 12).plus(self.random().range(0, 5 * HOUR));
            let delivery = self.story.delivery();
            let (claim, quantity) = (taken.claim, taken.quantity);
            let command = Command::Deliver { delivery, claim, day: Some(day), quantity, step: HandedOver, at_gate: false };
            if noon > self.at {
                self.now(noon, By::Coordinator(taken.organisation), command);
            }
        }
    }
}
