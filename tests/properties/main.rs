//! Property tests of the needs, their commands and the counters: random histories against a small model written from the handbook.

mod command;
mod coverage;
mod handbook;
mod history;
mod invariants;
mod model;
mod real;
mod run;
mod shrink;
#[path = "../support/mod.rs"]
mod support;
mod system;
mod vocabulary;

use std::cell::RefCell;

use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use coverage::Coverage;
use history::{History, Intent};
use system::{Mirror, System};

/// How many histories a run tries, and how many steps each takes at least.
const HISTORIES: u32 = 200;
const STEPS: usize = 70;

/// Tries random histories on systems made for each, prints what they reached, and panics with the smallest that fails.
fn try_histories<'s>(intents: &[Intent], make: impl Fn(&History) -> Box<dyn System + 's>) -> Coverage {
    let coverage = RefCell::new(Coverage::default());
    let config = Config { cases: HISTORIES, max_shrink_iters: 0, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let outcome =
        runner.run(&history::histories(STEPS, intents), |history| run::run(&history, make(&history).as_mut(), &mut coverage.borrow_mut()));
    if let Err(TestError::Fail(why, history)) = outcome {
        let fails = |h: &History| run::run(h, make(h).as_mut(), &mut Coverage::default()).err().map(|why| why.to_string());
        let (history, why) = shrink::shrink(history, why.to_string(), 1_500, fails);
        panic!("{why}\n{}", run::narrate(&history));
    }
    println!("{}", coverage.borrow());
    coverage.into_inner()
}

#[test]
fn the_model_agrees_with_itself_and_keeps_what_must_always_hold() {
    let coverage = try_histories(&Intent::all(), |history| Box::new(Mirror::new(history.early_matching)));
    assert_eq!(coverage.below(20), Vec::<&str>::new(), "reached less than 20 times");
}

/// What the services carry out so far.
const SERVED: &[Intent] = &[
    Intent::Submit,
    Intent::SubmitTogether,
    Intent::Call,
    Intent::CallSeveral,
    Intent::Visit,
    Intent::OpenCase,
    Intent::Respond,
    Intent::EndCase,
    Intent::Claim,
    Intent::Confirm,
    Intent::Release,
    Intent::GiveBack,
    Intent::Progress,
    Intent::Deliver,
    Intent::StepDelivery,
    Intent::Reject,
    Intent::Assess,
    Intent::Summarise,
    Intent::ChangeLine,
    Intent::CloseShort,
    Intent::CorrectCategory,
    Intent::CorrectRegion,
    Intent::Answer,
    Intent::Accept,
    Intent::Close,
    Intent::Cancel,
    Intent::Reopen,
    Intent::AddLine,
    Intent::Refer,
    Intent::RunDue,
];

support::on_both! {
    fn the_services_agree_with_the_model(db) {
        let node = real::Node::new(db);
        try_histories(SERVED, |history| Box::new(node.incident(history)));
    }
}
