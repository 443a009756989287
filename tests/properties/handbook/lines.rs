//! Lowering a line, raising it, adding one and closing one short.

use super::{Book, deliver, food, holding, own_means};
use crate::command::Act;
use crate::vocabulary::*;

fn lower(book: &mut Book, need: NeedId, wanted: i64) {
    book.act(Act::ChangeLine { need, n: 1, wanted }).expect("a line can be lowered");
}

#[test]
fn lowering_from_45_to_38_with_40_confirmed() {
    let mut book = Book::open();
    let need = book.verified(45);
    let first = book.claim(need, own_means(30));
    let second = book.claim(need, own_means(10));
    lower(&mut book, need, 38);
    let line = book.line(need);
    assert_eq!((line.wanted, line.quantity, line.left()), (38, 40, 0), "the wanted 38 stays visible");
    assert_eq!((book.world().give_back_asked(first), book.world().give_back_asked(second)), (0, 2), "newest first");
    assert_eq!(book.world().matching(need), Matching::Full);
    book.act(Act::GiveBack { claim: first, quantity: 1 }).expect("a line can be lowered");
    assert_eq!((book.line(need).quantity, book.line(need).left()), (39, 0), "the line falls on as quantity is freed");
    book.act(Act::Release { claim: second }).expect("a line can be lowered");
    assert_eq!((book.line(need).quantity, book.line(need).left()), (38, 9), "down to what is wanted");
}

#[test]
fn held_claims_shrink_newest_first() {
    let mut book = Book::open();
    let need = book.verified(45);
    let confirmed = book.claim(need, own_means(20));
    let older = book.claim(need, holding(10));
    let newer = book.claim(need, holding(10));
    lower(&mut book, need, 36);
    assert_eq!((book.stands(older), book.stands(newer)), ((ClaimState::Held, 10), (ClaimState::Held, 6)));
    lower(&mut book, need, 25);
    assert_eq!((book.stands(older), book.stands(newer).0), ((ClaimState::Held, 5), ClaimState::Released));
    assert_eq!(book.stands(confirmed), (ClaimState::Confirmed, 20));
    assert_eq!(book.act(Act::Confirm { claim: newer, quantity: 1 }), Err("claim_not_held"));
}

#[test]
fn what_is_delivered_is_not_asked_back() {
    let mut book = Book::open();
    let need = book.verified(45);
    let older = book.claim(need, own_means(20));
    let newer = book.claim(need, own_means(20));
    book.act(deliver(newer, 15, Step::HandedOver)).unwrap();
    lower(&mut book, need, 30);
    assert_eq!((book.world().give_back_asked(newer), book.world().give_back_asked(older)), (5, 5));
}

#[test]
fn raising_opens_quantity_and_the_same_again_is_no_change() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.claim(need, own_means(45));
    assert_eq!(book.act(Act::ChangeLine { need, n: 1, wanted: 45 }), Err("nothing_to_change"));
    lower(&mut book, need, 50);
    assert_eq!((book.world().matching(need), book.line(need).left()), (Matching::Partial, 5));
    assert_eq!(book.totals().fully_matched, 1, "it was fully matched once");
    assert_eq!(book.act(Act::ChangeLine { need, n: 2, wanted: 5 }), Err("line_unknown"));
}

#[test]
fn a_line_closed_short_is_covered_by_what_it_has() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(40));
    let held = book.claim(need, holding(3));
    book.act(Act::CloseShort { need, n: 1 }).unwrap();
    assert_eq!((book.line(need).quantity, book.line(need).left(), book.stands(held).0), (40, 0, ClaimState::Released));
    assert_eq!(book.world().matching(need), Matching::Full);
    assert_eq!(book.act(Act::Claim { need, n: 1, claim: own_means(1) }), Err("line_closed_short"));
    assert_eq!(book.act(Act::CloseShort { need, n: 1 }), Err("line_closed_short"));
    book.hand_over(claim);
    assert_eq!(book.world().delivered_axis(need), Delivered::Complete);
}

#[test]
fn matching_looks_at_the_lines_that_are_not_closed_short() {
    let mut book = Book::open();
    let need = book.submit(food(&[45, 10]));
    book.phone(need, Conclusion::Genuine);
    book.claim(need, own_means(45));
    assert_eq!((book.world().matching(need), book.totals().fully_matched), (Matching::Partial, 0));
    book.act(Act::CloseShort { need, n: 2 }).unwrap();
    assert_eq!((book.world().matching(need), book.totals().fully_matched), (Matching::Full, 1));
}

#[test]
fn a_line_added_later_is_open() {
    let mut book = Book::open();
    let need = book.verified(45);
    book.claim(need, own_means(45));
    book.act(Act::AddLine { need, line: food(&[7]).lines[0] }).unwrap();
    assert_eq!(book.world().matching(need), Matching::Partial);
    book.act(Act::Claim { need, n: 2, claim: own_means(7) }).unwrap();
    assert_eq!(book.world().matching(need), Matching::Full);
}

#[test]
fn on_a_cancelled_need_everything_is_asked_back() {
    let mut book = Book::open();
    let need = book.verified(45);
    let claim = book.claim(need, own_means(40));
    let held = book.claim(need, holding(5));
    book.act(Act::Cancel { need }).unwrap();
    assert_eq!(book.stands(held).0, ClaimState::Released);
    assert_eq!((book.world().give_back_asked(claim), book.stands(claim)), (40, (ClaimState::Confirmed, 40)));
}
