//! The counters at two instants.

use super::{Book, call, food, merge, own_means};
use crate::command::Act;
use crate::vocabulary::*;

#[test]
fn a_merge_on_monday_changes_the_recount_of_sunday() {
    let mut book = Book::open();
    let (one, other) = (book.verified(45), book.verified(45));
    let sunday = book.now;
    book.wait(DAY);
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.counted(sunday, sunday).total.collected, 2, "what was known on Sunday stays what it was");
    assert_eq!(book.counted(sunday, book.now).total.collected, 1, "合并重复后会相应减少");
    assert_eq!(book.counted(sunday, book.now).total.phone_verified, 1);
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!(book.counted(sunday, book.now).total.collected, 2);
}

#[test]
fn previous_and_new_and_corrections_are_the_cumulative_figure() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(45));
    let (t0, k0) = (book.now, book.now);
    book.wait(7 * DAY);
    book.need(45);
    book.need(45);
    book.act(merge(other, one)).unwrap();
    let (t1, k1) = (book.now, book.now);
    let collected = |t, k| book.counted(t, k).total.collected;
    let new = collected(t1, k1) - collected(t0, k1);
    let corrections = collected(t0, k1) - collected(t0, k0);
    assert_eq!((collected(t0, k0), new, corrections, collected(t1, k1)), (2, 2, -1, 3));
}

#[test]
fn gaps_are_counted_as_sets_with_the_bridge_between_them() {
    let mut book = Book { model: crate::model::Model::new(true), ..Book::open() };
    let early = book.need(45);
    book.claim(early, crate::command::NewClaim { early_reason: true, ..own_means(45) });
    book.verified(45);
    book.verified(45);
    book.need(45);
    let totals = book.totals();
    assert_eq!((totals.collected, totals.phone_verified, totals.resource_matched), (4, 2, 1));
    assert_eq!((totals.not_phoned, totals.not_matched, totals.phoned_not_matched), (2, 3, 2));
    assert_eq!(totals.phoned_not_matched, totals.phone_verified - totals.resource_matched + 1, "one was matched before the phone");
}

#[test]
fn first_time_only() {
    let mut book = Book::open();
    let need = book.need(45);
    for _ in 0..3 {
        book.phone(need, Conclusion::Genuine);
        let claim = book.claim(need, own_means(45));
        book.act(Act::Release { claim }).unwrap();
    }
    let totals = book.totals();
    assert_eq!((totals.tried, totals.phone_verified, totals.resource_matched, totals.fully_matched), (1, 1, 1, 1));
}

#[test]
fn what_came_first_says_how_it_was_matched() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.wait(HOUR);
    book.act(Act::Answer { need }).unwrap();
    assert_eq!(book.totals().matched_by["answer"], 1);
    book.act(Act::Reopen { need }).unwrap();
    book.enter(book.now - 30 * MINUTE, Act::Claim { need, n: 1, claim: own_means(1) }).unwrap();
    let totals = book.totals();
    assert_eq!((totals.matched_by["claim"], totals.matched_by["answer"], totals.resource_matched), (1, 0, 1));
}

#[test]
fn fully_matched_at_the_latest_of_what_made_it_so() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.wait(2 * HOUR);
    book.claim(need, own_means(40));
    let at_forty = book.now;
    book.wait(HOUR);
    book.enter(at_forty - HOUR, Act::Claim { need, n: 1, claim: own_means(5) }).unwrap();
    let fully = |t| book.counted(t, book.now).total.fully_matched;
    assert_eq!((fully(at_forty - SECOND), fully(at_forty)), (0, 1));
    assert_eq!(book.counted(at_forty - HOUR, book.now).total.resource_matched, 1, "the first of it was an hour before");
}

#[test]
fn lowering_can_make_a_need_fully_matched() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.claim(need, own_means(40));
    book.wait(HOUR);
    book.act(Act::ChangeLine { need, n: 1, wanted: 40 }).unwrap();
    let lowered = book.now;
    let fully = |t| book.counted(t, book.now).total.fully_matched;
    assert_eq!((fully(lowered - SECOND), fully(lowered)), (0, 1));
}

#[test]
fn delivered_when_the_last_of_it_arrived() {
    let mut book = Book::open();
    let need = book.verified(45);
    let first = book.claim(need, own_means(40));
    let second = book.claim(need, own_means(5));
    book.hand_over(first);
    assert_eq!((book.world().delivered_axis(need), book.totals().delivered), (Delivered::Partial, 0));
    book.wait(HOUR);
    book.hand_over(second);
    assert_eq!((book.world().delivered_axis(need), book.totals().delivered), (Delivered::Complete, 1));
}

#[test]
fn no_mark_of_a_root_is_earlier_than_its_collection() {
    let mut book = Book::open();
    let early = book.need(45);
    book.wait(DAY);
    let late = book.need(45);
    let late_submitted = book.now;
    book.act(merge(early, late)).unwrap();
    book.enter(late_submitted - 5 * HOUR, call(late, Outcome::Answered, Some(Conclusion::Genuine))).unwrap();
    let phoned = |book: &Book, t| book.counted(t, book.now).total.phone_verified;
    assert_eq!(phoned(&book, late_submitted - 5 * HOUR), 1, "its earliest member is older");
    book.act(Act::Unmerge { need: early }).unwrap();
    assert_eq!((phoned(&book, late_submitted - SECOND), phoned(&book, late_submitted)), (0, 1));
}

#[test]
fn several_needs_of_one_submission() {
    let mut book = Book::open();
    book.act(Act::Submit { needs: vec![food(&[1]), food(&[2]), food(&[3])], contacts: vec![0] }).unwrap();
    let counted = book.counted(book.now, book.now);
    assert_eq!((counted.submissions, counted.total.collected), (1, 3), "1 次提交，3 项需求");
}

#[test]
fn the_same_instants_give_the_same_figures_for_ever() {
    let mut book = Book::open();
    let (one, other) = (book.verified(45), book.verified(45));
    book.wait(HOUR);
    let (t, k) = (book.now - 30 * MINUTE, book.now);
    let said = book.counted(t, k);
    book.wait(HOUR);
    book.enter(t - MINUTE, Act::Claim { need: one, n: 1, claim: own_means(5) }).unwrap();
    book.act(merge(other, one)).unwrap();
    book.act(Act::CorrectRegion { need: one, region: Region::District(4) }).unwrap();
    assert_eq!(book.counted(t, k), said);
    assert_ne!(book.counted(t, book.now), said);
}
