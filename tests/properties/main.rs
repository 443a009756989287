//! Property tests of the needs, their commands and the counters: random histories against a small model written from the handbook.

mod command;
mod coverage;
mod handbook;
mod history;
mod invariants;
mod model;
mod run;
mod shrink;
mod system;
mod vocabulary;

use std::cell::RefCell;

use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use coverage::Coverage;
use history::History;
use system::{Mirror, System};

/// How many histories a run tries, and how many steps each takes at least.
const HISTORIES: u32 = 200;
const STEPS: usize = 70;

/// Tries random histories on systems made for each, prints what they reached, and panics with the smallest that fails.
fn try_histories(seed: u8, make: impl Fn(&History) -> Box<dyn System>) {
    let coverage = RefCell::new(Coverage::default());
    let config = Config { cases: HISTORIES, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let outcome = runner.run(&history::histories(STEPS), |history| run::run(&history, make(&history).as_mut(), &mut coverage.borrow_mut()));
    if let Err(TestError::Fail(why, history)) = outcome {
        let fails = |h: &History| run::run(h, make(h).as_mut(), &mut Coverage::default()).err().map(|why| why.to_string());
        let (history, why) = shrink::shrink(history, why.to_string(), 1_500, fails);
        panic!("{why}\n{}", run::narrate(&history));
    }
    println!("{}", coverage.borrow());
    assert_eq!(coverage.borrow().below(20), Vec::<&str>::new(), "reached less than 20 times");
}

#[test]
fn the_model_agrees_with_itself_and_keeps_what_must_always_hold() {
    try_histories(7, |history| Box::new(Mirror::new(history.early_matching)));
}
