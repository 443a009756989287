//! Voiding, and corrections.

use super::{Book, call, merge, own_means, void};
use crate::command::Act;
use crate::vocabulary::*;

fn last(book: &Book) -> FactId {
    book.model.facts.len() - 1
}

#[test]
fn a_voided_call_never_was_as_known_from_then_on() {
    let mut book = Book::open();
    let need = book.verified(45);
    let before = book.now;
    book.wait(HOUR);
    book.act(void(last(&book))).unwrap();
    assert_eq!(book.world().phone(need), Phone::Unverified);
    assert_eq!(book.counted(before, before).total.phone_verified, 1, "as known then");
    assert_eq!(book.counted(before, book.now).total.phone_verified, 0, "as known now, at every T");
}

#[test]
fn voiding_is_refused_where_the_rest_would_break_a_rule() {
    let mut book = Book::open();
    let need = book.need(45);
    book.phone(need, Conclusion::Genuine);
    let verified = last(&book);
    let claim = book.claim(need, own_means(45));
    assert_eq!(book.act(void(verified)), Err("event_in_the_way"), "the claim stands on it");
    book.act(void(last(&book))).unwrap();
    assert!(!book.world().claims.contains_key(&claim));
    book.act(void(verified)).unwrap();
}

#[test]
fn some_things_are_never_voided_and_nothing_twice() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(45));
    assert_eq!(book.act(void(last(&book))), Err("not_voidable"), "a submission");
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.act(void(last(&book))), Err("not_voidable"), "a merge: it is unmerged");
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!(book.act(void(last(&book))), Err("not_voidable"), "an unmerge");
    book.act(Act::Summarise { need: one }).unwrap();
    let summary = last(&book);
    book.act(void(summary)).unwrap();
    assert_eq!(book.act(void(summary)), Err("already_voided"));
    assert_eq!(book.act(void(last(&book))), Err("not_voidable"), "a voiding");
}

#[test]
fn a_rejection_comes_back_only_by_voiding_it() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(Act::Reject { need }).unwrap();
    let rejected = book.now;
    book.act(void(last(&book))).unwrap();
    assert_eq!((book.world().closure(need), book.counted(rejected, book.now).total.collected), (Closure::Open, 1));
    assert_eq!(book.counted(rejected, rejected).total.collected, 0);
}

#[test]
fn voiding_a_confirmation_takes_the_match_out_of_the_counter() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.claim(need, own_means(45));
    assert_eq!(book.totals().resource_matched, 1);
    book.act(void(last(&book))).unwrap();
    assert_eq!((book.totals().resource_matched, book.totals().fully_matched), (0, 0));
}

#[test]
fn one_need_of_a_call_about_several_can_be_voided_alone() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(45));
    let about = [one, other].map(|need| (need, Some(Conclusion::Genuine), None)).to_vec();
    book.act(Act::Call { direction: Direction::Outgoing, outcome: Outcome::Answered, about }).unwrap();
    book.act(void(last(&book))).unwrap();
    assert_eq!((book.world().phone(one), book.world().phone(other)), (Phone::Verified, Phone::Unverified));
}

#[test]
fn a_corrected_region_or_category_applies_to_every_t() {
    let mut book = Book::open();
    let need = book.need(45);
    let then = book.now;
    book.wait(DAY);
    book.act(Act::CorrectRegion { need, region: Region::Outside }).unwrap();
    book.act(Act::CorrectCategory { need, category: Category::Medicine }).unwrap();
    let outside = |k| book.counted(then, k).districts.iter().find(|(r, _)| *r == Region::Outside).unwrap().1.collected;
    assert_eq!((outside(then), outside(book.now)), (0, 1));
    let medicine = |k| book.counted(then, k).categories.iter().find(|(c, _)| *c == Category::Medicine).unwrap().1.collected;
    assert_eq!((medicine(then), medicine(book.now)), (0, 1));
    assert_eq!(book.act(Act::CorrectRegion { need, region: Region::Outside }), Err("nothing_to_change"));
    book.act(void(last(&book) - 1)).unwrap();
    assert_eq!(book.counted(then, book.now).districts[0].1.collected, 1, "the correction was voided");
}

#[test]
fn a_need_without_region_stands_in_the_last_row() {
    let mut book = Book::open();
    let mut need = super::food(&[1]);
    need.region = Region::Unlocated;
    book.submit(need);
    let rows = book.counted(book.now, book.now).districts;
    assert_eq!((rows.len(), rows.last().unwrap().1.collected), (DISTRICTS + 2, 1), "every row is always there");
}

#[test]
fn a_refused_command_changes_nothing() {
    let mut book = Book::open();
    let need = book.need(45);
    let before = book.model.facts.len();
    assert!(book.act(call(need, Outcome::Busy, Some(Conclusion::Genuine))).is_err());
    assert_eq!(book.model.facts.len(), before);
}
