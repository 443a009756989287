//! What falls due, and what can be taken back.

use super::*;

#[test]
fn a_held_claim_expires_at_its_deadline_and_is_confirmed_no_more() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 4, ClaimState::Held).unwrap();
    course.pass(2 * HOUR);
    assert_eq!(course.confirm("a", 4), Err(RefusalCode::ClaimExpired));
    assert_eq!((course.stands("a").0, course.line(1, 0)), (ClaimState::Expired, (10, 10)));
    let expiry = course.group.events.last().unwrap();
    assert_eq!((expiry.occurred_at, expiry.kind.code()), (Time(2 * HOUR), "claim_expired"));
}

#[test]
fn progress_extends_a_held_claim() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 4, ClaimState::Held).unwrap();
    course.pass(90 * MINUTE);
    let expires_at = course.now.plus(2 * HOUR);
    course.on(1, Kind::ClaimExtended { claim: "a".into(), expires_at }).unwrap();
    course.pass(90 * MINUTE);
    course.confirm("a", 4).unwrap();
}

#[test]
fn a_need_delivered_in_full_closes_after_72_hours_without_an_answer() {
    let mut course = Course::verified(&[&[10]]);
    course.claim("a", 1, 10, ClaimState::Confirmed).unwrap();
    course.deliver("d", "a", 0, 10, Step::HandedOver).unwrap();
    assert_eq!(course.closure(1), Closure::AwaitingFeedback);
    course.pass(72 * HOUR - 1);
    course.run_due(1);
    assert_eq!(course.closure(1), Closure::AwaitingFeedback);
    course.pass(1);
    course.run_due(1);
    assert_eq!((course.closure(1), course.stage(1)), (Closure::Closed, Stage::Closed));
    course.on(1, Kind::Reopened {}).unwrap();
    assert_eq!((course.closure(1), course.stage(1)), (Closure::Open, Stage::Delivered));
    course.pass(100 * HOUR);
    course.run_due(1);
    assert_eq!(course.closure(1), Closure::Open);
    course.on(1, Kind::Answered {}).unwrap();
    assert_eq!(course.closure(1), Closure::AwaitingFeedback);
}

#[test]
fn a_referral_that_nobody_accepts_comes_back() {
    let mut course = Course::verified(&[&[10]]);
    course.on(1, Kind::Referred { n: 1, due_at: Time(HOUR) }).unwrap();
    course.on(1, Kind::Referred { n: 2, due_at: Time(9 * HOUR) }).unwrap();
    course.pass(HOUR);
    assert_eq!(course.on(1, Kind::ReferralAccepted { n: 1 }), Err(RefusalCode::ReferralNotPending));
    assert_eq!(course.on(1, Kind::ReferralAccepted { n: 3 }), Err(RefusalCode::ReferralUnknown));
    course.on(1, Kind::ReferralAccepted { n: 2 }).unwrap();
    assert_eq!((course.closure(1), course.stage(1)), (Closure::Referred, Stage::ResourceMatched));
}

#[test]
fn what_later_events_stand_on_is_not_taken_back() {
    let mut course = Course::verified(&[&[10]]);
    let verified = course.group.events.last().unwrap().id;
    course.claim("a", 1, 4, ClaimState::Held).unwrap();
    assert_eq!(course.void(verified), Err(RefusalCode::EventInTheWay));
    course.conclude(1, Conclusion::GenuineChanged).unwrap();
    course.on(1, Kind::CaseOpened {}).unwrap();
    course.pass(2 * HOUR);
    course.run_due(1);
    let claimed = course.group.events.iter().find(|e| e.kind.code() == "claimed").unwrap().id;
    assert_eq!(course.void(claimed), Err(RefusalCode::EventInTheWay), "its expiry stands on it");
    assert_eq!(course.void(1), Err(RefusalCode::NotVoidable));
    let opened = course.group.events.iter().find(|e| e.kind.code() == "case_opened").unwrap().id;
    course.void(opened).unwrap();
    assert_eq!(course.void(opened), Err(RefusalCode::AlreadyVoided));
    assert_eq!(course.need(1).axes.urgent, Urgent::None);
}

#[test]
fn a_rejection_comes_back_only_by_voiding_it() {
    let mut course = Course::default();
    course.submit(1, &[10]);
    course.call(1, Outcome::NoAnswer, None).unwrap();
    let rejection = course.on(1, Kind::Rejected {}).unwrap();
    assert_eq!(course.on(1, Kind::Reopened {}), Err(RefusalCode::Rejected));
    assert_eq!(course.call(1, Outcome::NoAnswer, None), Err(RefusalCode::Rejected));
    course.void(rejection).unwrap();
    assert_eq!(course.closure(1), Closure::Open);
    course.call(1, Outcome::Answered, None).unwrap();
    assert_eq!(course.on(1, Kind::Rejected {}), Err(RefusalCode::NotRejectable));
}
