//! Claims and deliveries.

use super::{Book, deliver, food, holding, own_means, step};
use crate::command::{Act, NewClaim, NewLine};
use crate::model::Model;
use crate::vocabulary::*;

#[test]
fn own_means_with_quantity_and_time_are_confirmed_in_one_act() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(40));
    assert_eq!(book.stands(claim), (ClaimState::Confirmed, 40));
    assert_eq!((book.world().matching(need), book.line(need).left()), (Matching::Partial, 5));
    book.claim(need, own_means(5));
    assert_eq!((book.world().matching(need), book.line(need).left()), (Matching::Full, 0));
}

#[test]
fn held_quantity_is_a_badge_and_counts_nowhere() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.claim(need, holding(45));
    assert_eq!((book.line(need).held, book.line(need).left()), (45, 0));
    assert_eq!((book.world().matching(need), book.totals().resource_matched), (Matching::None, 0));
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: own_means(1) }), Err("not_enough_left"));
}

#[test]
fn a_need_is_not_matched_before_the_phone_follow_up() {
    let mut book = Book::open();
    let need = book.need(45);
    let claim = NewClaim { early_reason: true, ..own_means(45) };
    assert_eq!(book.act(Act::Claim { need, n: 1, claim }), Err("not_verified"));
}

#[test]
fn as_an_emergency_exception_it_is_and_stands_beside_the_counter() {
    let mut book = Book { model: Model::new(true), ..Book::open() };
    let need = book.need(45);
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: own_means(45) }), Err("not_verified"), "the reason is missing");
    book.claim(need, NewClaim { early_reason: true, ..own_means(45) });
    assert_eq!((book.totals().resource_matched, book.totals().matched_before_phone), (1, 1));
    book.phone(need, Conclusion::Genuine);
    assert_eq!((book.totals().matched_before_phone, book.totals().phoned_not_matched), (1, 0));
}

#[test]
fn a_held_claim_lives_by_the_urgency() {
    for (urgency, lifetime) in
        [(Urgency::Critical, 30 * MINUTE), (Urgency::Urgent, 2 * HOUR), (Urgency::High, DAY), (Urgency::Normal, 3 * DAY)]
    {
        let mut book = Book::open();
        let need = book.verified(45);
        book.act(Act::Assess { need, urgency }).unwrap();
        let claim = book.claim(need, holding(5));
        book.wait(lifetime - 2 * SECOND);
        book.act(Act::Summarise { need }).unwrap();
        assert_eq!(book.stands(claim).0, ClaimState::Held, "{urgency:?}");
        book.act(Act::Summarise { need }).unwrap();
        assert_eq!(book.stands(claim).0, ClaimState::Expired, "{urgency:?}");
    }
}

#[test]
fn its_deadline_stays_when_the_urgency_changes_and_moves_with_progress() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, holding(5));
    let deadline = book.now + 3 * DAY;
    book.act(Act::Assess { need, urgency: Urgency::High }).unwrap();
    assert_eq!(book.world().claims[&claim].deadline, deadline, "it was stored when the claim was held");
    book.act(Act::Progress { claim }).unwrap();
    assert_eq!(book.world().claims[&claim].deadline, deadline, "a day from now would be earlier");
    book.wait(2 * DAY + HOUR);
    book.act(Act::Progress { claim }).unwrap();
    assert_eq!(book.world().claims[&claim].deadline, book.now + DAY);
}

#[test]
fn an_expired_claim_cannot_be_confirmed_even_back_dated() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, holding(5));
    let held_at = book.now;
    book.wait(3 * DAY);
    assert_eq!(book.enter(held_at + HOUR, Act::Confirm { claim, quantity: 5 }), Err("claim_expired"));
    book.act(Act::Summarise { need }).unwrap();
    let expired = book.model.facts.iter().find(|f| f.what.is_due()).unwrap();
    assert_eq!((expired.occurred_at, expired.recorded_at), (held_at + 3 * DAY, book.now), "it occurred at its deadline");
    assert_eq!(book.line(need).left(), 45);
}

#[test]
fn confirming_may_take_what_is_left_beside() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, holding(5));
    book.claim(need, own_means(30));
    assert_eq!(book.act(Act::Confirm { claim, quantity: 16 }), Err("not_enough_left"));
    book.act(Act::Confirm { claim, quantity: 15 }).unwrap();
    assert_eq!((book.stands(claim), book.line(need).left()), ((ClaimState::Confirmed, 15), 0));
    assert_eq!(book.act(Act::Confirm { claim, quantity: 15 }), Err("claim_not_held"));
}

#[test]
fn a_confirmed_claim_is_never_released_by_the_machine() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.wait(90 * DAY);
    book.act(Act::Summarise { need }).unwrap();
    assert_eq!(book.stands(claim), (ClaimState::Confirmed, 45));
}

#[test]
fn losing_the_claim_lowers_the_stock_and_not_the_counter() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(Act::Release { claim }).unwrap();
    assert_eq!((book.world().matching(need), book.world().stage(need)), (Matching::None, Stage::Verified));
    assert_eq!((book.totals().resource_matched, book.totals().fully_matched), (1, 1));
    assert_eq!(book.act(Act::Release { claim }), Err("claim_not_live"));
}

#[test]
fn a_claim_on_the_road_is_not_released_and_one_partly_delivered_keeps_that() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(deliver(claim, 10, Step::HandedOver)).unwrap();
    book.act(deliver(claim, 20, Step::InTransit)).unwrap();
    assert_eq!(book.act(Act::Release { claim }), Err("claim_in_transit"));
    book.act(step(1, Step::Failed)).unwrap();
    book.act(Act::Release { claim }).unwrap();
    assert_eq!((book.stands(claim), book.line(need).left()), ((ClaimState::Fulfilled, 10), 35));
}

#[test]
fn giving_back_frees_quantity_but_not_what_is_delivered_or_on_the_road() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(deliver(claim, 10, Step::HandedOver)).unwrap();
    book.act(deliver(claim, 5, Step::InTransit)).unwrap();
    assert_eq!(book.act(Act::GiveBack { claim, quantity: 31 }), Err("exceeds_claim"));
    book.act(Act::GiveBack { claim, quantity: 30 }).unwrap();
    assert_eq!((book.stands(claim), book.line(need).left()), ((ClaimState::Confirmed, 15), 30));
    book.act(step(1, Step::Refused)).unwrap();
    book.act(Act::GiveBack { claim, quantity: 5 }).unwrap();
    assert_eq!(book.stands(claim), (ClaimState::Fulfilled, 10), "what is left of it is all delivered");
}

#[test]
fn deliveries_go_forward_and_may_skip() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(deliver(claim, 45, Step::Pledged)).unwrap();
    book.act(step(0, Step::InTransit)).unwrap();
    assert_eq!(book.act(step(0, Step::Packed)), Err("step_backwards"));
    book.act(step(0, Step::SignedFor)).unwrap();
    assert_eq!(book.act(step(0, Step::Failed)), Err("delivery_finished"));
    assert_eq!(book.stands(claim).0, ClaimState::Fulfilled);
}

#[test]
fn at_the_gate_it_counts_only_once_signed() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(Act::Deliver { claim, day: None, quantity: 45, step: Step::HandedOver, at_gate: true }).unwrap();
    assert_eq!((book.world().delivered_axis(need), book.stands(claim).0), (Delivered::None, ClaimState::Confirmed));
    assert_eq!(book.act(Act::GiveBack { claim, quantity: 1 }), Err("exceeds_claim"), "it has left all the same");
    book.act(step(0, Step::SignedFor)).unwrap();
    assert_eq!((book.world().delivered_axis(need), book.totals().delivered), (Delivered::Complete, 1));
}

#[test]
fn only_at_the_gate_can_what_was_handed_over_be_refused() {
    for at_gate in [false, true] {
        let mut book = Book::open();
        let need = book.verified(45);
        let claim = book.claim(need, own_means(45));
        book.act(Act::Deliver { claim, day: None, quantity: 45, step: Step::HandedOver, at_gate }).unwrap();
        assert_eq!(book.act(step(0, Step::Refused)), if at_gate { Ok(()) } else { Err("step_backwards") });
    }
}

#[test]
fn less_that_arrives_than_was_claimed_leaves_the_claim_confirmed() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.act(deliver(claim, 45, Step::HandedOver)).unwrap();
    assert_eq!(book.stands(claim).0, ClaimState::Fulfilled);
    book.act(Act::StepDelivery { delivery: 0, step: Step::SignedFor, quantity: Some(40), at_gate: false }).unwrap();
    assert_eq!((book.stands(claim).0, book.world().delivered_axis(need)), (ClaimState::Confirmed, Delivered::Partial));
    assert_eq!(book.act(deliver(claim, 6, Step::Pledged)), Err("exceeds_claim"));
    book.act(deliver(claim, 5, Step::HandedOver)).unwrap();
    assert_eq!(book.stands(claim).0, ClaimState::Fulfilled);
    assert_eq!(book.act(deliver(claim, 1, Step::Pledged)), Err("claim_not_confirmed"));
}

#[test]
fn a_line_that_recurs_is_claimed_and_delivered_day_by_day() {
    let mut book = Book::open();
    let mut meals = food(&[]);
    meals.lines = vec![NewLine { item: 0, unit: 0, quantity: 10, days: Some((1, 3)) }];
    let need = book.submit(meals);
    book.phone(need, Conclusion::Genuine);
    let by_day = |quantity, days| NewClaim { days: Some(days), ..own_means(quantity) };
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: by_day(10, (3, 4)) }), Err("day_outside_line"));
    let claim = book.claim(need, by_day(10, (1, 2)));
    assert_eq!(book.world().matching(need), Matching::Partial, "the third day is open");
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: by_day(1, (2, 3)) }), Err("not_enough_left"));
    book.claim(need, by_day(10, (3, 3)));
    assert_eq!(book.world().matching(need), Matching::Full);
    let on = |day| Act::Deliver { claim, day: Some(day), quantity: 10, step: Step::HandedOver, at_gate: false };
    assert_eq!(book.act(on(3)), Err("day_outside_claim"));
    book.act(on(1)).unwrap();
    assert_eq!(book.act(on(1)), Err("exceeds_claim"));
    assert_eq!(book.stands(claim).0, ClaimState::Confirmed);
    book.act(on(2)).unwrap();
    assert_eq!(book.stands(claim).0, ClaimState::Fulfilled);
}
