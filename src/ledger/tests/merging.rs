//! Merging and parting needs.

use super::*;

#[test]
fn claims_attach_up_to_what_is_left_and_the_rest_is_surplus() {
    let mut course = Course::verified(&[&[10], &[12]]);
    course.claim("own", 2, 5, ClaimState::Confirmed).unwrap();
    course.claim("road", 1, 1, ClaimState::Confirmed).unwrap();
    course.deliver("d", "road", 0, 1, Step::InTransit).unwrap();
    course.claim("first", 1, 4, ClaimState::Confirmed).unwrap();
    course.claim("second", 1, 4, ClaimState::Held).unwrap();
    course.claim("third", 1, 1, ClaimState::Held).unwrap();
    course.merge(1, 2).unwrap();
    assert_eq!((course.stage(1), course.group.state.root(1)), (Stage::Merged, 2));
    assert_eq!((course.stands("first"), course.claimed("first").on), ((ClaimState::Confirmed, 4), (2, 1)));
    assert_eq!((course.stands("second"), course.claimed("second").on), ((ClaimState::Held, 3), (2, 1)));
    assert_eq!(course.claimed("third").released_because, Some("surplus"));
    assert_eq!((course.stands("road"), course.claimed("road").on), ((ClaimState::Confirmed, 1), (1, 1)));
    assert_eq!(course.line(2, 0), (12, 0));
    assert_eq!(course.merge(1, 2), Err(RefusalCode::AlreadyMerged));
    assert_eq!(course.merge(2, 1), Err(RefusalCode::SameNeed));
}

#[test]
fn parting_gives_back_the_claims_as_they_stand_now() {
    let mut course = Course::verified(&[&[10], &[12]]);
    course.claim("a", 1, 6, ClaimState::Held).unwrap();
    course.claim("b", 2, 6, ClaimState::Held).unwrap();
    course.merge(1, 2).unwrap();
    course.on(2, Kind::LineChanged { n: 1, wanted: 10 }).unwrap();
    assert_eq!([course.stands("a"), course.stands("b")], [(ClaimState::Held, 6), (ClaimState::Held, 4)]);
    course.on(2, Kind::LineChanged { n: 1, wanted: 5 }).unwrap();
    assert_eq!((course.stands("a"), course.stands("b").0), ((ClaimState::Held, 5), ClaimState::Released));
    course.on(1, Kind::Unmerged {}).unwrap();
    assert_eq!([course.stands("a").0, course.stands("b").0], [ClaimState::Held, ClaimState::Released]);
    assert_eq!((course.stands("a").1, course.claimed("a").on), (5, (1, 1)));
    assert_eq!([course.line(1, 0), course.line(2, 0)], [(10, 5), (5, 5)]);
    assert_eq!(course.on(1, Kind::Unmerged {}), Err(RefusalCode::NotMerged));
}

#[test]
fn parting_is_refused_where_the_line_would_not_hold() {
    let mut course = Course::verified(&[&[5], &[50]]);
    course.claim("a", 1, 5, ClaimState::Held).unwrap();
    course.merge(1, 2).unwrap();
    course.confirm("a", 20).unwrap();
    assert_eq!(course.on(1, Kind::Unmerged {}), Err(RefusalCode::WouldExceedLine));
    course.give_back("a", 15).unwrap();
    course.on(1, Kind::Unmerged {}).unwrap();
    assert_eq!((course.stands("a"), course.line(1, 0)), ((ClaimState::Confirmed, 5), (5, 0)));
}

#[test]
fn a_claim_confirmed_beyond_its_own_line_meanwhile_leaves_the_others_alone() {
    let mut course = Course::verified(&[&[5], &[50]]);
    course.claim("a", 1, 3, ClaimState::Held).unwrap();
    course.claim("b", 1, 2, ClaimState::Held).unwrap();
    course.merge(1, 2).unwrap();
    course.confirm("a", 5).unwrap();
    course.give_back("a", 2).unwrap();
    course.on(1, Kind::Unmerged {}).unwrap();
    assert_eq!([course.stands("a"), course.stands("b")], [(ClaimState::Confirmed, 3), (ClaimState::Held, 2)]);
}

#[test]
fn parting_takes_along_what_had_been_merged_in() {
    let mut course = Course::verified(&[&[10], &[10], &[10]]);
    course.claim("a", 1, 4, ClaimState::Confirmed).unwrap();
    course.merge(1, 2).unwrap();
    course.merge(2, 3).unwrap();
    assert_eq!((course.group.state.root(1), course.claimed("a").on), (3, (3, 1)));
    assert_eq!(course.merge(3, 1), Err(RefusalCode::SameNeed));
    course.on(2, Kind::Unmerged {}).unwrap();
    assert_eq!((course.group.state.root(1), course.claimed("a").on), (2, (2, 1)));
    course.on(1, Kind::Unmerged {}).unwrap();
    assert_eq!(course.claimed("a").on, (1, 1));
}

#[test]
fn the_axes_of_a_merged_root_are_those_of_all_its_calls() {
    let mut course = Course::default();
    course.submit(1, &[10]);
    course.submit(2, &[10]);
    course.call(1, Outcome::NoAnswer, None).unwrap();
    course.call(2, Outcome::Busy, None).unwrap();
    course.call(1, Outcome::Off, None).unwrap();
    assert_eq!((course.need(1).axes.phone, course.need(2).axes.phone), (Phone::Verifying, Phone::Verifying));
    course.merge(1, 2).unwrap();
    assert_eq!(course.need(2).axes.phone, Phone::Unreachable);
    course.on(1, Kind::Unmerged {}).unwrap();
    assert_eq!(course.need(2).axes.phone, Phone::Verifying);
}
