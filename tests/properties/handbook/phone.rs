//! Phone follow-up.

use super::{Book, call};
use crate::command::Act;
use crate::vocabulary::*;

#[test]
fn a_submitted_need_is_unverified_and_collected() {
    let mut book = Book::open();
    let need = book.need(45);
    assert_eq!((book.world().phone(need), book.world().stage(need)), (Phone::Unverified, Stage::Collected));
}

#[test]
fn a_try_without_conclusion_is_verifying_and_counts_as_tried_alone() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(call(need, Outcome::NoAnswer, None)).unwrap();
    assert_eq!(book.world().phone(need), Phone::Verifying);
    assert_eq!((book.totals().tried, book.totals().phone_verified), (1, 0));
}

#[test]
fn three_misses_in_a_row_are_unreachable() {
    let mut book = Book::open();
    let need = book.need(45);
    for outcome in [Outcome::NoAnswer, Outcome::Busy, Outcome::Voicemail] {
        assert_ne!(book.world().phone(need), Phone::Unreachable);
        book.act(call(need, outcome, None)).unwrap();
    }
    assert_eq!(book.world().phone(need), Phone::Unreachable);
}

#[test]
fn anything_else_interrupts_the_row_of_misses() {
    let mut book = Book::open();
    let need = book.need(45);
    for outcome in [Outcome::NoAnswer, Outcome::NoAnswer, Outcome::CallBack, Outcome::NoAnswer, Outcome::NoAnswer] {
        book.act(call(need, outcome, None)).unwrap();
    }
    assert_eq!(book.world().phone(need), Phone::Verifying);
}

#[test]
fn every_number_wrong_is_unreachable_until_the_contacts_are_corrected() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(call(need, Outcome::WrongNumber, None)).unwrap();
    assert_eq!(book.world().phone(need), Phone::Unreachable, "it has one number");
    book.act(Act::CorrectContacts { need, contacts: vec![1, 2] }).unwrap();
    book.act(call(need, Outcome::WrongNumber, None)).unwrap();
    assert_eq!(book.world().phone(need), Phone::Verifying, "there is another number");
}

#[test]
fn genuine_changed_and_already_solved_verify_as_genuine_does() {
    for conclusion in [Conclusion::Genuine, Conclusion::GenuineChanged, Conclusion::AlreadySolved] {
        let mut book = Book::open();
        let need = book.need(45);
        book.phone(need, conclusion);
        assert_eq!((book.world().phone(need), book.world().stage(need)), (Phone::Verified, Stage::Verified));
    }
}

#[test]
fn a_later_conclusion_replaces_an_earlier_one_but_the_first_is_counted() {
    let mut book = Book::open();
    let need = book.need(45);
    book.phone(need, Conclusion::Genuine);
    book.phone(need, Conclusion::NotGenuine);
    assert_eq!((book.world().phone(need), book.world().stage(need)), (Phone::NotGenuine, Stage::NotGenuine));
    let totals = book.totals();
    assert_eq!((totals.phone_verified, totals.conclusions["genuine"], totals.conclusions["not_genuine"]), (1, 1, 0));
}

#[test]
fn not_genuine_is_followed_up_all_the_same() {
    let mut book = Book::open();
    let need = book.need(45);
    book.phone(need, Conclusion::NotGenuine);
    assert_eq!((book.totals().phone_verified, book.totals().conclusions["not_genuine"]), (1, 1));
}

#[test]
fn unverifiable_needs_information_and_is_not_followed_up() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(call(need, Outcome::RefusedToTalk, Some(Conclusion::Unverifiable))).unwrap();
    assert_eq!((book.world().phone(need), book.totals().phone_verified), (Phone::InfoNeeded, 0));
}

#[test]
fn a_conclusion_needs_a_conversation() {
    let mut book = Book::open();
    let need = book.need(45);
    for outcome in Outcome::ALL.iter().filter(|o| !o.is_conversation()) {
        let refused = book.act(call(need, *outcome, Some(Conclusion::Genuine)));
        assert_eq!(refused, Err("conclusion_without_conversation"), "{outcome:?}");
    }
    book.act(call(need, Outcome::AnsweredByOther, Some(Conclusion::Genuine))).unwrap();
    assert_eq!(book.totals().phone_verified, 1, "another person may answer if they know the need");
}

#[test]
fn a_home_visit_verifies_but_is_not_a_phone_conversation() {
    let mut book = Book::open();
    let need = book.need(45);
    book.act(Act::Visit { need, conclusion: Conclusion::Genuine }).unwrap();
    assert_eq!(book.world().phone(need), Phone::Verified);
    assert_eq!((book.totals().phone_verified, book.totals().by_visit), (0, 1));
}

#[test]
fn one_call_concludes_several_needs_as_one_act() {
    let mut book = Book::open();
    let (one, other) = (book.need(45), book.need(10));
    let about = vec![(one, Some(Conclusion::Genuine), None), (other, Some(Conclusion::NotGenuine), Some(Urgency::High))];
    book.act(Act::Call { direction: Direction::Outgoing, outcome: Outcome::Answered, about }).unwrap();
    assert_eq!((book.world().phone(one), book.world().phone(other)), (Phone::Verified, Phone::NotGenuine));
    assert_eq!(book.world().urgency(other), Urgency::High);
    let last = book.model.facts.len() - 1;
    book.act(Act::Void { fact: last, whole_act: true }).unwrap();
    assert_eq!((book.world().phone(one), book.world().phone(other)), (Phone::Unverified, Phone::Unverified));
}
