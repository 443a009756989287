//! Intents about people: what is submitted, said on the telephone, and who is reached.

use super::Intent;
use super::resolve::{Dice, Scene, need, ready};
use crate::command::{Act, Name, NewLine, NewNeed, Who};
use crate::vocabulary::*;

pub fn submission(dice: &mut Dice<'_>, shared: Option<Name>) -> Act {
    let contacts = phones(dice);
    let count = if dice.usually(75) { 1 } else { 2 + dice.below(2) };
    let seed = dice.below(usize::MAX);
    let needs = (0..count).map(|i| new_need(seed.wrapping_mul(31).wrapping_add(i * 977), shared)).collect();
    Act::Submit { needs, contacts }
}

/// A need from one number, so that a submission of several does not run out of dice.
fn new_need(seed: usize, shared: Option<Name>) -> NewNeed {
    let mixed = |i: u64| (seed as u64).wrapping_add(i).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let rolls: Vec<u16> = (0..16).map(|i| if seed == 0 { 0 } else { (mixed(i) >> 40) as u16 }).collect();
    let mut dice = Dice::of(&rolls);
    let lines = (0..1 + dice.below(3)).map(|_| line(&mut dice)).collect();
    let mut people = shared.map_or_else(|| (0..dice.below(3)).map(|_| name(&mut dice)).collect(), |shared| vec![shared]);
    people.dedup();
    NewNeed { category: category(&mut dice), region: region(&mut dice), lines, people, urgency: Urgency::ALL[dice.below(4)] }
}

pub fn line(dice: &mut Dice<'_>) -> NewLine {
    let roll = dice.below(usize::MAX);
    let days = if roll % 6 == 5 { Some((1, [3, 3, 2, 5][roll / 4 % 4])) } else { None };
    NewLine { item: usize::from(roll / 16 % 4 == 3), unit: usize::from(roll / 64 % 8 == 7), quantity: 1 + (roll / 512 % 50) as i64, days }
}

pub fn name(dice: &mut Dice<'_>) -> Name {
    let roll = dice.below(usize::MAX);
    Name { name: roll % 4, phone: if roll / 4 % 3 == 2 { None } else { Some(roll / 12 % 4) } }
}

pub fn phones(dice: &mut Dice<'_>) -> Vec<usize> {
    let roll = dice.below(6);
    (0..1 + roll % 2).map(|i| i + roll / 2).collect()
}

pub fn region(dice: &mut Dice<'_>) -> Region {
    Region::all()[dice.below(DISTRICTS + 2)]
}

pub fn category(dice: &mut Dice<'_>) -> Category {
    Category::ALL[dice.below(Category::ALL.len())]
}

pub fn conclusion(dice: &mut Dice<'_>) -> Conclusion {
    use Conclusion::*;
    [Genuine, Genuine, Genuine, Genuine, Genuine, GenuineChanged, AlreadySolved, NotGenuine, Unverifiable][dice.below(9)]
}

pub fn call(scene: &Scene<'_>, intent: Intent, dice: &mut Dice<'_>) -> Act {
    use Outcome::*;
    let direction = if dice.usually(80) { Direction::Outgoing } else { Direction::Incoming };
    let outcome = match (direction, dice.below(20)) {
        (Direction::Incoming, roll) => [Answered, Answered, AnsweredByOther, RefusedToTalk, CallBack][roll % 5],
        (_, roll @ 0..9) => [Answered, Answered, AnsweredByOther][roll % 3],
        (_, roll) => {
            [NoAnswer, NoAnswer, Busy, Off, WrongNumber, WrongNumber, Declined, RefusedToTalk, Voicemail, CallBack, NoAnswer][roll - 9]
        }
    };
    let mut needs = vec![need(scene, dice)];
    if intent == Intent::CallSeveral {
        let world = &scene.world;
        needs.extend((0..world.needs.len()).filter(|&n| n % 2 == dice.below(2)));
        let mut roots = vec![];
        needs.retain(|&n| {
            !roots.contains(&world.root(n)) && {
                roots.push(world.root(n));
                true
            }
        });
    }
    let concluded = dice.usually(if outcome.is_conversation() {
        85
    } else if outcome == RefusedToTalk {
        40
    } else {
        8
    });
    let found = if outcome == RefusedToTalk { Conclusion::Unverifiable } else { conclusion(dice) };
    let assessed = (!dice.usually(75)).then(|| Urgency::ALL[needs.len() % 4]);
    let about = needs.into_iter().map(|need| (need, concluded.then_some(found), assessed)).collect();
    Act::Call { direction, outcome, about }
}

pub fn respond(scene: &Scene<'_>, dice: &mut Dice<'_>) -> Act {
    let need = ready(scene, dice, |w, n| w.case_is_open(n));
    let reached = [1, 2, 3, 1, 9, 11, 14][dice.below(7)];
    let under = scene.model.persons_under(need);
    let people = (0..dice.below(4)).map(|_| match dice.below(6) {
        0..=2 => Who::Named(name(dice)),
        3 | 4 if !under.is_empty() => Who::Known(under[dice.below(under.len())]),
        _ if scene.model.persons() > 0 => Who::Known(dice.below(scene.model.persons())),
        _ => Who::Named(name(dice)),
    });
    let people = people.collect();
    Act::Respond { need, reached, people, group_reason: reached > 10 && dice.usually(70) }
}

/// Pairs of people of two groups who are said to be one.
pub fn pairs(scene: &Scene<'_>, one: NeedId, other: NeedId, dice: &mut Dice<'_>) -> Vec<(PersonId, PersonId)> {
    let (ours, theirs) = (scene.model.persons_under(one), scene.model.persons_under(other));
    let pair = dice.one(&ours).zip(dice.one(&theirs)).filter(|(a, b)| a != b);
    if dice.usually(50) { vec![] } else { pair.into_iter().collect() }
}
