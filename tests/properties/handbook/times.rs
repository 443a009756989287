//! When things happened, and back-entry.

use super::{Book, call, food};
use crate::command::{Act, Command};
use crate::vocabulary::*;

#[test]
fn a_little_ahead_is_now_and_more_is_refused() {
    let mut book = Book::open();
    let need = book.need(45);
    book.enter(book.now + 2 * MINUTE, Act::Visit { need, conclusion: Conclusion::Genuine }).unwrap();
    assert_eq!(book.model.facts.last().unwrap().occurred_at, book.now);
    let refused = book.enter(book.now + 3 * MINUTE, Act::Visit { need, conclusion: Conclusion::Genuine });
    assert_eq!(refused, Err("in_the_future"));
}

#[test]
fn nothing_happens_before_the_submission() {
    let mut book = Book::open();
    let need = book.need(45);
    let submitted = book.now;
    assert_eq!(book.enter(submitted - 1, call(need, Outcome::Answered, None)), Err("before_submission"));
    book.enter(submitted, call(need, Outcome::Answered, None)).unwrap();
}

#[test]
fn an_incoming_call_during_which_the_need_was_written_counts_at_the_submission() {
    let mut book = Book::open();
    let need = book.need(45);
    let submitted = book.now;
    let incoming =
        Act::Call { direction: Direction::Incoming, outcome: Outcome::Answered, about: vec![(need, Some(Conclusion::Genuine), None)] };
    assert_eq!(book.enter(submitted - 2 * HOUR - 1, incoming.clone()), Err("before_submission"));
    book.enter(submitted - 20 * MINUTE, incoming).unwrap();
    assert_eq!(book.model.facts.last().unwrap().occurred_at, submitted);
    assert_eq!(book.counted(submitted, book.now).total.phone_verified, 1);
}

#[test]
fn a_quarter_of_an_hour_late_needs_no_reason_and_more_does() {
    let mut book = Book::open();
    let need = book.need(45);
    book.wait(HOUR);
    let act = Act::Visit { need, conclusion: Conclusion::Genuine };
    let late = |occurred_at| Command { occurred_at: Some(occurred_at), late_reason: false, act: act.clone() };
    assert_eq!(book.model.execute(book.now, &late(book.now - 15 * MINUTE - 1)), Err("late_reason_missing"));
    book.model.execute(book.now, &late(book.now - 15 * MINUTE)).unwrap();
}

#[test]
fn a_submission_on_paper_states_its_own_time() {
    let mut book = Book::open();
    book.wait(2 * DAY);
    let then = book.now - DAY;
    book.enter(then, Act::Submit { needs: vec![food(&[45])], contacts: vec![0] }).unwrap();
    assert_eq!(book.counted(then, book.now).total.collected, 1);
    assert_eq!(book.counted(then - 1, book.now).total.collected, 0);
    assert_eq!(book.counted(then, book.now - 1).total.collected, 0, "nobody knew of it yet");
}

#[test]
fn axes_follow_the_order_of_recording_not_of_happening() {
    let mut book = Book::open();
    let need = book.need(45);
    book.wait(HOUR);
    book.phone(need, Conclusion::Genuine);
    book.enter(book.now - 30 * MINUTE, call(need, Outcome::Answered, Some(Conclusion::NotGenuine))).unwrap();
    assert_eq!(book.world().phone(need), Phone::NotGenuine, "recorded last");
    assert_eq!(book.totals().conclusions["not_genuine"], 1, "and it happened first");
}

#[test]
fn one_second_after_the_instant_does_not_count() {
    let mut book = Book::open();
    let need = book.need(45);
    book.wait(HOUR);
    book.phone(need, Conclusion::Genuine);
    let at = book.now;
    let phoned = |t| book.counted(t, book.now).total.phone_verified;
    assert_eq!((phoned(at - SECOND), phoned(at), phoned(at + SECOND)), (0, 1, 1), "19:00:01 is not 19:00:00");
}
