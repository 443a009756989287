//! Lines, claims and deliveries.

use super::*;

#[test]
fn lowering_forty_five_to_thirty_eight_with_forty_confirmed() {
    let mut course = Course::verified(&[&[45]]);
    course.claim("old", 1, 25, ClaimState::Confirmed).unwrap();
    course.claim("new", 1, 15, ClaimState::Confirmed).unwrap();
    course.claim("held", 1, 5, ClaimState::Held).unwrap();
    course.on(1, Kind::LineChanged { n: 1, wanted: 38 }).unwrap();
    assert_eq!(course.line(1, 0), (40, 0));
    assert_eq!(course.stands("held").0, ClaimState::Released);
    assert_eq!((course.asked_back("old"), course.asked_back("new")), (0, 2));
    assert_eq!(course.claim("more", 1, 1, ClaimState::Held), Err(RefusalCode::NotEnoughLeft));
    course.give_back("new", 1).unwrap();
    assert_eq!(course.line(1, 0), (39, 0));
    course.release("new").unwrap();
    assert_eq!(course.line(1, 0), (38, 13));
}

#[test]
fn held_claims_shrink_newest_first() {
    let mut course = Course::verified(&[&[10]]);
    for claim in ["a", "b", "c"] {
        course.claim(claim, 1, 3, ClaimState::Held).unwrap();
    }
    course.on(1, Kind::LineChanged { n: 1, wanted: 5 }).unwrap();
    assert_eq!([course.stands("a"), course.stands("b")], [(ClaimState::Held, 3), (ClaimState::Held, 2)]);
    assert_eq!(course.claimed("c").released_because, Some("lowered"));
    course.on(1, Kind::LineClosedShort { n: 1 }).unwrap();
    assert_eq!(course.stands("a").0, ClaimState::Released);
    assert_eq!(course.line(1, 0), (0, 0));
}

#[test]
fn a_confirmation_may_take_what_is_left_besides() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 4, ClaimState::Held).unwrap();
    course.claim("b", 1, 3, ClaimState::Held).unwrap();
    assert_eq!(course.confirm("a", 8), Err(RefusalCode::NotEnoughLeft));
    course.confirm("a", 7).unwrap();
    assert_eq!(course.confirm("a", 7), Err(RefusalCode::ClaimNotHeld));
    assert_eq!(course.line(1, 0), (10, 0));
    assert_eq!(course.group.state.matching(course.need(1)), Matching::Partial);
}

#[test]
fn a_line_by_day_counts_each_day() {
    let mut course = Course::default();
    course.submit_lines(1, vec![LineSpec { n: 1, quantity: 4, first_day: 100, last_day: 103 }]);
    course.conclude(1, Conclusion::Genuine).unwrap();
    course.claim_days("a", 1, 3, ClaimState::Confirmed, (100, 101)).unwrap();
    assert_eq!(course.claim_days("b", 1, 2, ClaimState::Confirmed, (101, 103)), Err(RefusalCode::NotEnoughLeft));
    assert_eq!(course.claim_days("b", 1, 2, ClaimState::Confirmed, (102, 104)), Err(RefusalCode::DayOutsideLine));
    course.claim_days("b", 1, 1, ClaimState::Confirmed, (100, 103)).unwrap();
    assert_eq!((course.line(1, 100), course.line(1, 103)), ((4, 0), (4, 3)));
    assert_eq!(course.deliver("d", "a", 102, 1, Step::Packed), Err(RefusalCode::DayOutsideClaim));
    course.deliver("d", "a", 100, 3, Step::HandedOver).unwrap();
    assert_eq!(course.stands("a"), (ClaimState::Confirmed, 3));
    assert_eq!(course.deliver("e", "a", 100, 1, Step::Packed), Err(RefusalCode::ExceedsClaim));
    course.deliver("e", "a", 101, 3, Step::SignedFor).unwrap();
    assert_eq!(course.stands("a"), (ClaimState::Fulfilled, 3));
}

#[test]
fn a_claim_by_day_that_is_given_up_keeps_the_days_delivered() {
    let mut course = Course::default();
    course.submit_lines(1, vec![LineSpec { n: 1, quantity: 4, first_day: 100, last_day: 102 }]);
    course.conclude(1, Conclusion::Genuine).unwrap();
    course.claim_days("a", 1, 4, ClaimState::Confirmed, (100, 102)).unwrap();
    course.deliver("d", "a", 100, 4, Step::HandedOver).unwrap();
    course.deliver("e", "a", 101, 2, Step::HandedOver).unwrap();
    course.release("a").unwrap();
    assert_eq!(course.stands("a"), (ClaimState::Fulfilled, 4));
    assert_eq!([100, 101, 102].map(|day| course.line(1, day)), [(4, 0), (4, 2), (4, 4)]);
}

#[test]
fn goods_on_the_road_hold_their_claim() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 10, ClaimState::Confirmed).unwrap();
    course.deliver("d", "a", 0, 6, Step::InTransit).unwrap();
    assert_eq!(course.release("a"), Err(RefusalCode::ClaimInTransit));
    assert_eq!(course.give_back("a", 5), Err(RefusalCode::ExceedsClaim));
    course.step("d", Step::HandedOver, None, true).unwrap();
    assert_eq!(course.group.state.delivery_axis(course.need(1)), DeliveryAxis::None);
    assert_eq!(course.release("a"), Err(RefusalCode::ClaimInTransit));
    assert_eq!(course.give_back("a", 5), Err(RefusalCode::ExceedsClaim));
    course.step("d", Step::SignedFor, Some(5), false).unwrap();
    course.release("a").unwrap();
    assert_eq!((course.stands("a"), course.line(1, 0)), ((ClaimState::Fulfilled, 5), (10, 5)));
    assert_eq!(course.group.state.delivery_axis(course.need(1)), DeliveryAxis::Partial);
}

#[test]
fn steps_go_forward_to_an_end() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 10, ClaimState::Confirmed).unwrap();
    course.deliver("d", "a", 0, 4, Step::Packed).unwrap();
    assert_eq!(course.step("d", Step::Pledged, None, false), Err(RefusalCode::StepBackwards));
    assert_eq!(course.step("d", Step::InTransit, Some(11), false), Err(RefusalCode::ExceedsClaim));
    course.step("d", Step::HandedOver, None, false).unwrap();
    assert_eq!(course.step("d", Step::Failed, None, false), Err(RefusalCode::StepBackwards));
    course.step("d", Step::SignedFor, None, false).unwrap();
    assert_eq!(course.step("d", Step::Refused, None, false), Err(RefusalCode::DeliveryFinished));
    course.deliver("e", "a", 0, 6, Step::HandedOver).unwrap();
    assert_eq!(course.stands("a").0, ClaimState::Fulfilled);
    assert_eq!(course.deliver("f", "a", 0, 1, Step::Pledged), Err(RefusalCode::ClaimNotConfirmed));
    course.step("e", Step::SignedFor, Some(4), false).unwrap();
    assert_eq!(course.stands("a").0, ClaimState::Confirmed);
}

#[test]
fn delivered_and_back() {
    let mut course = Course::verified(&[&[2, 3]]);
    course.claim("a", 1, 2, ClaimState::Confirmed).unwrap();
    course.deliver("d", "a", 0, 2, Step::HandedOver).unwrap();
    assert_eq!((course.stage(1), course.closure(1)), (Stage::ResourceMatched, Closure::Open));
    course.on(1, Kind::LineClosedShort { n: 2 }).unwrap();
    assert_eq!((course.stage(1), course.closure(1)), (Stage::Delivered, Closure::AwaitingFeedback));
    course.on(1, Kind::LineAdded { line: LineSpec { n: 3, quantity: 1, first_day: 0, last_day: 0 } }).unwrap();
    assert_eq!((course.stage(1), course.closure(1)), (Stage::ResourceMatched, Closure::Open));
}
