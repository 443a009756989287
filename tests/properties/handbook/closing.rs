//! Closure: feedback, the desk's answer, referrals, cancelling, rejecting, reopening.

use super::{Book, call, holding, merge, own_means, respond};
use crate::command::Act;
use crate::vocabulary::*;

fn closure(book: &Book, need: NeedId) -> Closure {
    book.world().closure(need)
}

#[test]
fn a_complete_delivery_awaits_feedback_and_closes_after_72_hours_without() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.hand_over(claim);
    let delivered_at = book.now;
    assert_eq!((closure(&book, need), book.world().stage(need)), (Closure::AwaitingFeedback, Stage::Delivered));
    book.wait(72 * HOUR - SECOND);
    book.act(Act::Summarise { need }).unwrap();
    assert_eq!((closure(&book, need), book.world().stage(need)), (Closure::Closed, Stage::Closed), "未反馈办结");
    let unanswered = book.model.facts.iter().find(|f| f.what.is_due()).unwrap();
    assert_eq!(unanswered.occurred_at, delivered_at + 72 * HOUR);
}

#[test]
fn feedback_closes_at_once() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.hand_over(claim);
    book.act(Act::Close { need }).unwrap();
    assert_eq!(closure(&book, need), Closure::Closed);
    assert_eq!(book.act(Act::Close { need }), Err("not_open"));
}

#[test]
fn it_is_open_again_when_the_delivery_is_no_longer_complete() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(45));
    book.hand_over(claim);
    book.act(Act::ChangeLine { need, n: 1, wanted: 50 }).unwrap();
    assert_eq!((closure(&book, need), book.world().stage(need)), (Closure::Open, Stage::ResourceMatched));
}

#[test]
fn the_desks_answer_matches_fully_and_awaits_feedback() {
    let mut book = Book::open();
    let need = book.need(1);
    book.act(Act::Answer { need }).unwrap();
    assert_eq!((book.world().matching(need), closure(&book, need)), (Matching::Full, Closure::AwaitingFeedback));
    assert_eq!((book.totals().matched_by["answer"], book.totals().matched_before_phone), (1, 1));
    assert_eq!(book.act(Act::Answer { need }), Err("already_answered"));
    book.act(Act::Reopen { need }).unwrap();
    assert_eq!((book.world().matching(need), closure(&book, need)), (Matching::None, Closure::Open));
    book.act(Act::Answer { need }).unwrap();
}

#[test]
fn a_referral_counts_once_it_is_accepted() {
    let mut book = Book::open();
    let need = book.need(1);
    book.act(Act::Refer { need, due_at: book.now + DAY }).unwrap();
    assert_eq!((closure(&book, need), book.totals().resource_matched), (Closure::Open, 0), "until then open with a badge");
    assert_eq!(book.act(Act::Accept { need, n: 2 }), Err("referral_unknown"));
    book.act(Act::Accept { need, n: 1 }).unwrap();
    assert_eq!((closure(&book, need), book.world().matching(need)), (Closure::Referred, Matching::Full));
    assert_eq!((book.totals().matched_by["referral"], book.totals().fully_matched), (1, 1));
}

#[test]
fn a_referral_not_accepted_by_its_date_comes_back() {
    let mut book = Book::open();
    let need = book.need(1);
    let due_at = book.now + DAY;
    book.act(Act::Refer { need, due_at }).unwrap();
    book.wait(DAY);
    assert_eq!(book.act(Act::Accept { need, n: 1 }), Err("referral_not_pending"));
    book.act(Act::Summarise { need }).unwrap();
    assert_eq!(book.model.facts.iter().find(|f| f.what.is_due()).unwrap().occurred_at, due_at);
    assert_eq!(closure(&book, need), Closure::Open);
}

#[test]
fn cancelled_needs_still_count_and_can_be_reopened() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.act(Act::Cancel { need }).unwrap();
    assert_eq!((book.world().stage(need), book.totals().collected, book.totals().phone_verified), (Stage::Cancelled, 1, 1));
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: own_means(1) }), Err("not_open"));
    book.act(Act::Reopen { need }).unwrap();
    assert_eq!((closure(&book, need), book.world().stage(need)), (Closure::Open, Stage::Verified));
    assert_eq!(book.act(Act::Reopen { need }), Err("already_open"));
}

#[test]
fn calls_are_recorded_whatever_the_closure_and_do_not_reopen() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(Act::Close { need }).unwrap();
    book.phone(need, Conclusion::Genuine);
    assert_eq!((closure(&book, need), book.totals().phone_verified), (Closure::Closed, 1));
    assert_eq!(book.act(Act::OpenCase { need }), Err("not_open"));
}

#[test]
fn a_rejected_need_counts_in_no_counter_and_takes_nothing_more() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(call(need, Outcome::NoAnswer, None)).unwrap();
    book.act(Act::Reject { need }).unwrap();
    let counted = book.counted(book.now, book.now);
    assert_eq!((counted.total.collected, counted.total.tried, counted.submissions), (0, 0, 0));
    assert_eq!(book.world().stage(need), Stage::Rejected);
    for act in [call(need, Outcome::Answered, None), Act::Reopen { need }, Act::Cancel { need }, Act::Reject { need }] {
        assert_eq!(book.act(act), Err("rejected"));
    }
}

#[test]
fn rejecting_is_only_for_what_nobody_has_dealt_with() {
    let answered = |need| call(need, Outcome::Answered, None);
    let visit = |need| Act::Visit { need, conclusion: Conclusion::NotGenuine };
    let told: [&dyn Fn(NeedId) -> Act; 4] = [&answered, &visit, &|need| Act::Answer { need }, &|need| Act::Close { need }];
    for act in told {
        let mut book = Book::open();
        let need = book.need(45);
        book.act(act(need)).unwrap();
        assert_eq!(book.act(Act::Reject { need }), Err("not_rejectable"));
    }
    let mut book = Book::open();
    let (need, other) = (book.need(45), book.need(45));
    book.act(Act::OpenCase { need }).unwrap();
    book.act(respond(need, 1, vec![])).unwrap();
    assert_eq!(book.act(Act::Reject { need }), Err("not_rejectable"));
    let third = book.need(45);
    book.act(merge(third, other)).unwrap();
    assert_eq!(book.act(Act::Reject { need: other }), Err("not_rejectable"), "something was merged into it");
}

#[test]
fn closing_lets_go_of_what_is_held() {
    let mut book = Book::open();
    let need = book.verified(45);
    let held = book.claim(need, holding(5));
    let confirmed = book.claim(need, own_means(5));
    book.act(Act::Close { need }).unwrap();
    assert_eq!((book.stands(held).0, book.stands(confirmed).0), (ClaimState::Released, ClaimState::Confirmed));
    book.hand_over(confirmed);
    assert_eq!(book.stands(confirmed).0, ClaimState::Fulfilled, "deliveries are recorded whatever the closure");
}
