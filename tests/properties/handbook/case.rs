//! Urgent response: the case, and the people reached.

use super::{Book, named, own_means, respond};
use crate::command::Act;
use crate::vocabulary::*;

fn opened() -> (Book, NeedId) {
    let mut book = Book::open();
    let need = book.verified(45);
    book.act(Act::OpenCase { need }).expect("it can be opened");
    (book, need)
}

#[test]
fn a_verified_need_with_an_open_case_is_in_urgent_response_until_something_is_claimed() {
    let (mut book, need) = opened();
    assert_eq!((book.world().case(need), book.world().stage(need)), (Case::Opened, Stage::UrgentResponse));
    book.claim(need, own_means(45));
    assert_eq!(book.world().stage(need), Stage::ResourceMatched);
}

#[test]
fn acts_of_a_case_need_an_open_one() {
    let mut book = Book::open();
    let need = book.need(45);
    assert_eq!(book.act(respond(need, 1, vec![])), Err("case_not_open"));
    assert_eq!(book.act(Act::EndCase { need, how: Case::HandedOn }), Err("case_not_open"));
}

#[test]
fn an_ended_case_is_opened_again_as_a_new_episode() {
    let (mut book, need) = opened();
    assert_eq!(book.act(Act::OpenCase { need }), Err("case_already_open"));
    book.act(respond(need, 2, vec![])).unwrap();
    book.act(Act::EndCase { need, how: Case::Stabilised }).unwrap();
    assert_eq!(book.world().case(need), Case::Stabilised);
    book.act(Act::OpenCase { need }).unwrap();
    book.act(respond(need, 2, vec![])).unwrap();
    assert_eq!((book.totals().urgent_people, book.totals().urgent_episodes), (2, 4), "2 people, 4 人次");
}

#[test]
fn the_largest_number_reached_counts_not_the_sum() {
    let (mut book, need) = opened();
    for reached in [2, 5, 3] {
        book.act(respond(need, reached, vec![])).unwrap();
    }
    assert_eq!((book.totals().urgent_people, book.totals().urgent_episodes), (5, 10));
}

#[test]
fn naming_some_of_those_reached_does_not_add_them_again() {
    let (mut book, need) = opened();
    book.act(respond(need, 5, vec![])).unwrap();
    book.act(respond(need, 2, vec![named(0, Some(0)), named(1, None)])).unwrap();
    assert_eq!(book.totals().urgent_people, 5, "2 named and 3 who are not");
}

#[test]
fn naming_somebody_later_never_lowers_the_figure_as_t_grows() {
    let (mut book, need) = opened();
    book.act(respond(need, 3, vec![])).unwrap();
    let before = book.now;
    book.wait(DAY);
    book.act(respond(need, 3, vec![named(0, None), named(1, None), named(2, None)])).unwrap();
    let at = |t, k| book.counted(t, k).total.urgent_people;
    assert_eq!(at(before, before), 3, "as known then: three nobody had named");
    assert_eq!(at(before, book.now), 0, "as known now, the three were named only a day later: naming is a correction");
    assert_eq!(at(book.now, book.now), 3);
}

#[test]
fn more_people_than_were_reached_cannot_be_named() {
    let (mut book, need) = opened();
    assert_eq!(book.act(respond(need, 1, vec![named(0, None), named(1, None)])), Err("more_people_than_reached"));
    book.act(respond(need, 1, vec![named(0, None), named(0, None)])).unwrap();
    assert_eq!(book.totals().urgent_people, 1, "the same person named twice is one");
}

#[test]
fn a_group_over_ten_needs_a_reason_and_is_printed_apart() {
    let (mut book, need) = opened();
    let without_reason = Act::Respond { need, reached: 11, people: vec![], group_reason: false };
    assert_eq!(book.act(without_reason), Err("group_reason_missing"));
    book.act(respond(need, 10, vec![])).unwrap();
    assert_eq!(book.totals().urgent_in_groups, 0);
    book.act(respond(need, 14, vec![named(0, Some(0))])).unwrap();
    assert_eq!((book.totals().urgent_people, book.totals().urgent_in_groups), (14, 5), "one named and the four beyond nine");
}
