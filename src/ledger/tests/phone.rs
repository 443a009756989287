//! The phone axis.

use super::*;

#[test]
fn three_misses_in_a_row_put_a_need_out_of_reach() {
    let mut course = Course::default();
    course.submit(1, &[1]);
    course.call(1, Outcome::NoAnswer, None).unwrap();
    course.call(1, Outcome::Busy, None).unwrap();
    course.call(1, Outcome::CallBack, None).unwrap();
    course.call(1, Outcome::Off, None).unwrap();
    course.call(1, Outcome::Voicemail, None).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::Verifying);
    course.call(1, Outcome::Declined, None).unwrap();
    assert_eq!((course.need(1).axes.phone, course.stage(1)), (Phone::Unreachable, Stage::Collected));
    course.conclude(1, Conclusion::Genuine).unwrap();
    course.call(1, Outcome::NoAnswer, None).unwrap();
    assert_eq!((course.need(1).axes.phone, course.stage(1)), (Phone::Verified, Stage::Verified));
}

#[test]
fn every_number_wrong_puts_it_out_of_reach_until_the_contacts_are_corrected() {
    let mut course = Course::default();
    course.submit(1, &[1]);
    course.call(1, Outcome::WrongNumber, None).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::Verifying);
    course.call(1, Outcome::WrongNumber, None).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::Unreachable);
    course.on(1, Kind::ContactsCorrected { contacts: 1 }).unwrap();
    course.call(1, Outcome::RefusedToTalk, None).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::Verifying);
    course.call(1, Outcome::WrongNumber, None).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::Unreachable);
}

#[test]
fn a_conclusion_needs_a_conversation_and_a_later_one_replaces_it() {
    let mut course = Course::default();
    course.submit(1, &[1]);
    let refused = Err(RefusalCode::ConclusionWithoutConversation);
    assert_eq!(course.call(1, Outcome::NoAnswer, Some(Conclusion::Genuine)), refused);
    assert_eq!(course.call(1, Outcome::RefusedToTalk, Some(Conclusion::NotGenuine)), refused);
    course.call(1, Outcome::RefusedToTalk, Some(Conclusion::Unverifiable)).unwrap();
    assert_eq!(course.need(1).axes.phone, Phone::InfoNeeded);
    course.conclude(1, Conclusion::NotGenuine).unwrap();
    assert_eq!(course.stage(1), Stage::NotGenuine);
    course.on(1, Kind::Visited { conclusion: Conclusion::Genuine, assessed: Some(Urgency::Critical) }).unwrap();
    assert_eq!((course.stage(1), course.need(1).axes.assessed), (Stage::Verified, Some(Urgency::Critical)));
}

#[test]
fn urgent_response_is_a_branch() {
    let mut course = Course::verified(&[&[2]]);
    let responded = |reached, group_reason| Kind::Responded { reached, people: vec!["P".into(), "Q".into()], group_reason };
    assert_eq!(course.on(1, responded(2, false)), Err(RefusalCode::CaseNotOpen));
    course.on(1, Kind::CaseOpened {}).unwrap();
    assert_eq!(course.on(1, Kind::CaseOpened {}), Err(RefusalCode::CaseAlreadyOpen));
    assert_eq!(course.on(1, responded(1, false)), Err(RefusalCode::MorePeopleThanReached));
    assert_eq!(course.on(1, responded(11, false)), Err(RefusalCode::GroupReasonMissing));
    course.on(1, responded(11, true)).unwrap();
    assert_eq!(course.stage(1), Stage::UrgentResponse);
    course.claim("a", 1, 2, ClaimState::Confirmed).unwrap();
    assert_eq!((course.stage(1), course.need(1).axes.urgent), (Stage::ResourceMatched, Urgent::Responded));
    course.on(1, Kind::Stabilised {}).unwrap();
    course.on(1, Kind::CaseOpened {}).unwrap();
    assert_eq!(course.need(1).axes.urgent, Urgent::Opened);
}
