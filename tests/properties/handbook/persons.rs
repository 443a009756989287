//! Who is one person, and where they count.

use super::{Book, food, named, respond};
use crate::command::{Act, Name, Who};
use crate::vocabulary::*;

fn two_cases(district: usize) -> (Book, NeedId, NeedId) {
    let mut book = Book::open();
    let here = book.need(45);
    let mut elsewhere = food(&[10]);
    elsewhere.region = Region::District(district);
    let there = book.submit(elsewhere);
    for need in [here, there] {
        book.act(Act::OpenCase { need }).expect("it can be opened");
    }
    (book, here, there)
}

#[test]
fn a_person_with_an_own_phone_is_one_in_the_whole_incident() {
    let (mut book, here, there) = two_cases(0);
    book.act(respond(here, 1, vec![named(0, Some(0))])).unwrap();
    book.act(respond(there, 1, vec![named(0, Some(0))])).unwrap();
    assert_eq!((book.totals().urgent_people, book.totals().urgent_episodes), (1, 2));
}

#[test]
fn any_other_named_person_belongs_to_the_need() {
    let (mut book, here, there) = two_cases(0);
    book.act(respond(here, 1, vec![named(0, None)])).unwrap();
    book.act(respond(there, 1, vec![named(0, None)])).unwrap();
    book.act(respond(there, 1, vec![named(0, None)])).unwrap();
    assert_eq!(book.totals().urgent_people, 2, "the same name is another person on another need, and the same one on the same");
}

#[test]
fn a_person_belongs_to_the_district_of_the_first_response() {
    let (mut book, here, there) = two_cases(7);
    let first = book.now;
    book.act(respond(here, 1, vec![named(0, Some(0))])).unwrap();
    let district = |book: &Book, n: usize| book.counted(book.now, book.now).districts[n].1.urgent_people;
    assert_eq!((district(&book, 0), district(&book, 7)), (1, 0));
    book.wait(HOUR);
    book.enter(first, respond(there, 1, vec![named(0, Some(0))])).unwrap();
    assert_eq!((district(&book, 0), district(&book, 7)), (0, 1), "the one entered later happened first");
    assert_eq!(book.totals().urgent_people, 1);
}

#[test]
fn a_person_known_is_named_by_reference_on_their_own_need_only() {
    let (mut book, here, there) = two_cases(0);
    book.act(respond(here, 1, vec![named(0, None)])).unwrap();
    let person = book.model.persons_under(here)[0];
    book.act(respond(here, 1, vec![Who::Known(person)])).unwrap();
    assert_eq!(book.totals().urgent_people, 1);
    assert_eq!(book.act(respond(there, 1, vec![Who::Known(person)])), Err("person_unknown"));
}

#[test]
fn a_correction_names_two_persons_as_one() {
    let (mut book, here, _) = two_cases(0);
    book.act(respond(here, 2, vec![named(0, None), named(1, Some(1))])).unwrap();
    let before = book.now;
    let people = book.model.persons_under(here);
    book.wait(HOUR);
    book.act(Act::CorrectPeople { need: here, named: vec![], same: vec![(people[0], people[1])] }).unwrap();
    assert_eq!(book.counted(before, before).total.urgent_people, 2, "two were reached, as known then");
    assert_eq!(book.counted(before, book.now).total.urgent_people, 2, "one is named, and the other reached is not");
    book.act(respond(here, 1, vec![named(0, None)])).unwrap();
    assert_eq!(book.totals().urgent_people, 2);
}

#[test]
fn a_merge_joins_persons_only_where_it_names_the_pair() {
    for same in [false, true] {
        let (mut book, here, there) = two_cases(0);
        book.act(respond(here, 1, vec![named(0, None)])).unwrap();
        book.act(respond(there, 1, vec![named(0, None)])).unwrap();
        let pair = (book.model.persons_under(here)[0], book.model.persons_under(there)[0]);
        book.act(Act::Merge { need: there, into: here, same: if same { vec![pair] } else { vec![] } }).unwrap();
        assert_eq!(book.totals().urgent_people, if same { 1 } else { 2 });
        book.act(Act::Unmerge { need: there }).unwrap();
        assert_eq!(book.totals().urgent_people, 2, "undone, they are two again");
    }
}

#[test]
fn an_erased_person_is_not_recognised_when_named_again() {
    let (mut book, here, there) = two_cases(0);
    book.act(respond(here, 1, vec![named(0, Some(0))])).unwrap();
    book.act(Act::Erase { need: here }).unwrap();
    assert_eq!(book.act(Act::Erase { need: here }), Err("already_erased"));
    assert_eq!(book.totals().urgent_people, 1, "the counters keep what was counted");
    book.act(respond(there, 1, vec![named(0, Some(0))])).unwrap();
    assert_eq!(book.totals().urgent_people, 2);
}

#[test]
fn people_named_with_the_need_are_known_before_anybody_reaches_them() {
    let mut book = Book::open();
    let mut need = food(&[45]);
    need.people = vec![Name { name: 0, phone: Some(0) }];
    let need = book.submit(need);
    book.act(Act::OpenCase { need }).unwrap();
    let person = book.model.persons_under(need)[0];
    assert_eq!(book.totals().urgent_people, 0);
    book.act(respond(need, 1, vec![Who::Known(person)])).unwrap();
    assert_eq!(book.totals().urgent_people, 1);
}
