//! Merging and unmerging.

use super::{Book, deliver, food, holding, merge, own_means};
use crate::command::Act;
use crate::vocabulary::*;

fn two(one: i64, other: i64) -> (Book, NeedId, NeedId) {
    let mut book = Book::open();
    let (one, other) = (book.verified(one), book.verified(other));
    (book, one, other)
}

#[test]
fn both_references_open_the_survivor_whose_lines_stand() {
    let (mut book, one, other) = two(45, 30);
    book.act(merge(other, one)).unwrap();
    let world = book.world();
    assert_eq!((world.root(other), world.closure(other), world.stage(other)), (one, Closure::Merged, Stage::Merged));
    assert_eq!(book.line(one).wanted, 45);
    assert_eq!(book.totals().collected, 1, "merged needs count once");
    assert_eq!(book.counted(book.now, book.now).submissions, 2, "提交 2 次");
}

#[test]
fn claims_attach_up_to_what_is_open_and_the_rest_is_surplus() {
    let (mut book, one, other) = two(45, 40);
    book.claim(one, own_means(20));
    let first = book.claim(other, own_means(15));
    let second = book.claim(other, own_means(15));
    let third = book.claim(other, holding(5));
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.stands(first), (ClaimState::Confirmed, 15));
    assert_eq!(book.stands(second), (ClaimState::Confirmed, 10), "5 of it are surplus");
    assert_eq!(book.stands(third).0, ClaimState::Released, "nothing was left");
    assert_eq!((book.line(one).confirmed, book.line(one).left(), book.line(other).confirmed), (45, 0, 0));
}

#[test]
fn claims_attach_by_the_same_item_and_unit_only() {
    let mut book = Book::open();
    let (one, other) = (book.submit(food(&[45, 10])), book.submit(food(&[5, 5, 5])));
    for need in [one, other] {
        book.phone(need, Conclusion::Genuine);
    }
    for n in [2, 3] {
        book.act(Act::Claim { need: other, n, claim: own_means(5) }).unwrap();
    }
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.world().claims[&0].on, (one, 2));
    assert_eq!(book.stands(1).0, ClaimState::Released, "the survivor has no third item");
}

#[test]
fn what_is_on_the_road_or_fulfilled_stays_on_the_merged_need() {
    let (mut book, one, other) = two(45, 40);
    let delivered = book.claim(other, own_means(10));
    let on_the_road = book.claim(other, own_means(10));
    book.hand_over(delivered);
    book.act(deliver(on_the_road, 10, Step::InTransit)).unwrap();
    book.act(merge(other, one)).unwrap();
    assert_eq!((book.world().claims[&delivered].on, book.world().claims[&on_the_road].on), ((other, 1), (other, 1)));
    assert_eq!((book.line(one).left(), book.world().matching(one)), (45, Matching::None), "not against the survivor's quantity");
    assert_eq!(book.totals().resource_matched, 1, "a confirmed claim of the root all the same");
}

#[test]
fn phone_and_case_follow_the_facts_of_both() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(45));
    book.phone(other, Conclusion::Genuine);
    book.act(Act::OpenCase { need: one }).unwrap();
    assert_eq!(book.act(Act::Claim { need: one, n: 1, claim: own_means(1) }), Err("not_verified"));
    book.act(merge(other, one)).unwrap();
    assert_eq!((book.world().phone(one), book.world().case(one)), (Phone::Verified, Case::Opened));
    book.act(Act::Claim { need: other, n: 1, claim: own_means(1) }).unwrap();
    assert_eq!(book.line(one).confirmed, 1, "what is addressed to the merged need acts on the survivor");
}

#[test]
fn a_root_is_collected_at_the_earliest_submission_of_its_members() {
    let mut book = Book::open();
    let early = book.need(45);
    let then = book.now;
    book.wait(DAY);
    let mut late = food(&[45]);
    late.region = Region::District(3);
    let late = book.submit(late);
    book.act(merge(early, late)).unwrap();
    let counted = book.counted(then, book.now);
    assert_eq!((counted.total.collected, counted.districts[3].1.collected), (1, 1), "in the survivor's district");
}

#[test]
fn who_may_be_merged_into_what() {
    let (mut book, one, other) = two(45, 45);
    let spam = book.need(1);
    let third = book.need(1);
    book.act(Act::Reject { need: spam }).unwrap();
    assert_eq!(book.act(merge(one, one)), Err("same_need"));
    assert_eq!(book.act(merge(spam, one)), Err("rejected"));
    assert_eq!(book.act(merge(one, spam)), Err("rejected"));
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.act(merge(other, third)), Err("already_merged"));
    assert_eq!(book.act(merge(one, other)), Err("same_need"), "it leads back to itself");
    book.act(Act::Close { need: third }).unwrap();
    assert_eq!(book.act(merge(one, third)), Err("not_open"));
}

#[test]
fn unmerging_gives_back_the_lines_and_the_claims_in_their_present_state() {
    let (mut book, one, other) = two(45, 40);
    let claim = book.claim(other, holding(40));
    book.act(merge(other, one)).unwrap();
    assert_eq!(book.line(one).held, 40);
    book.act(Act::Confirm { claim, quantity: 38 }).unwrap();
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!((book.world().claims[&claim].on, book.stands(claim)), ((other, 1), (ClaimState::Confirmed, 38)));
    assert_eq!((book.line(one).left(), book.line(other).left()), (45, 2));
    assert_eq!(book.totals().collected, 2);
    assert_eq!(book.act(Act::Unmerge { need: other }), Err("not_merged"));
}

#[test]
fn what_the_merge_released_as_surplus_stays_released() {
    let (mut book, one, other) = two(10, 40);
    let claim = book.claim(other, own_means(40));
    book.act(merge(other, one)).unwrap();
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!((book.stands(claim), book.world().matching(other)), ((ClaimState::Confirmed, 10), Matching::Partial));
    assert_eq!((book.totals().resource_matched, book.totals().fully_matched), (1, 1), "it was fully matched before the merge");
}

#[test]
fn unmerging_is_refused_where_a_line_would_hold_more_than_it_wants() {
    let (mut book, one, other) = two(45, 10);
    let claim = book.claim(other, holding(10));
    book.act(merge(other, one)).unwrap();
    book.act(Act::Confirm { claim, quantity: 30 }).unwrap();
    assert_eq!(book.act(Act::Unmerge { need: other }), Err("would_exceed_line"));
    book.act(Act::GiveBack { claim, quantity: 20 }).unwrap();
    book.act(Act::Unmerge { need: other }).unwrap();
}

#[test]
fn unmerging_takes_along_what_had_been_merged_into_it() {
    let (mut book, one, other) = two(45, 45);
    let third = book.verified(45);
    let claim = book.claim(third, own_means(5));
    book.act(merge(third, other)).unwrap();
    book.act(merge(other, one)).unwrap();
    assert_eq!((book.world().root(third), book.world().claims[&claim].on), (one, (one, 1)));
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!((book.world().root(third), book.world().claims[&claim].on), (other, (other, 1)));
    book.act(Act::Unmerge { need: third }).unwrap();
    assert_eq!(book.world().claims[&claim].on, (third, 1));
}

#[test]
fn a_need_leaves_the_middle_of_a_chain_with_its_claims() {
    let (mut book, one, other) = two(45, 45);
    let third = book.verified(45);
    let claim = book.claim(third, own_means(5));
    book.act(merge(third, other)).unwrap();
    book.act(merge(other, one)).unwrap();
    book.act(Act::Unmerge { need: third }).unwrap();
    assert_eq!((book.world().claims[&claim].on, book.line(one).confirmed), ((third, 1), 0));
    assert_eq!(book.world().root(other), one);
}

#[test]
fn what_was_told_to_the_survivor_stays_with_it() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(45));
    book.act(merge(other, one)).unwrap();
    book.phone(other, Conclusion::Genuine);
    book.act(Act::Unmerge { need: other }).unwrap();
    assert_eq!((book.world().phone(one), book.world().phone(other)), (Phone::Verified, Phone::Unverified));
}
