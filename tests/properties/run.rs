//! Runs a history on a system and on the model side by side and compares what both say.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use crate::command::Command;
use crate::coverage::Coverage;
use crate::history::{History, HistoryStep, Plan, resolve};
use crate::invariants;
use crate::model::{Counters, Known, Model};
use crate::system::{ClaimView, NeedView, System, faults};
use crate::vocabulary::*;

/// 2022-01-01 00:00 +08:00.
pub const START: Time = 1_640_966_400_000;

/// What a history came to.
type Outcome = Result<(), TestCaseError>;

struct Run<'s> {
    model: Model,
    system: &'s mut dyn System,
    now: Time,
    /// What was said once about a (T, K), and must be said for ever.
    said: Vec<(Time, Time, Counters)>,
}

/// Runs one history.
pub fn run(history: &History, system: &mut dyn System, coverage: &mut Coverage) -> Outcome {
    let model = Model::new(history.early_matching);
    let mut run = Run { model, system, now: START, said: vec![] };
    let mut steps = 0;
    for (i, step) in history.steps.iter().enumerate() {
        steps += usize::from(run.step(step, coverage)?);
        if i % 16 == 15 {
            run.look_back(step)?;
        }
    }
    run.compare_everything()?;
    coverage.note_end(&run.model, steps);
    Ok(())
}

/// What a history comes to, command by command, for whoever has to read it.
pub fn narrate(history: &History) -> String {
    let mut model = Model::new(history.early_matching);
    let mut now = START;
    let mut lines = vec![format!("matching before the phone follow-up: {}", history.early_matching)];
    for step in &history.steps {
        now += step.wait;
        let commands = match resolve(&model, now, step) {
            Plan::Nothing => vec![],
            Plan::One(command) => vec![command],
            Plan::Together(commands) => commands.into(),
            Plan::RunDue => {
                model.run_due(now);
                lines.push(format!("{now} what is due"));
                vec![]
            }
        };
        for command in commands {
            let outcome = model.execute(now, &command);
            lines.push(format!("{now} {command:?} -> {outcome:?}"));
        }
    }
    lines.join("\n")
}

impl Run<'_> {
    /// One step; whether there was anything to do.
    fn step(&mut self, step: &HistoryStep, coverage: &mut Coverage) -> Result<bool, TestCaseError> {
        self.now += step.wait;
        match resolve(&self.model, self.now, step) {
            Plan::Nothing => return Ok(false),
            Plan::RunDue => {
                self.model.run_due(self.now);
                self.system.run_due(self.now);
            }
            Plan::One(command) => {
                let expected = self.model.execute(self.now, &command);
                let got = self.system.execute(self.now, &command);
                coverage.note(&command, &expected);
                prop_assert_eq!(&got, &expected.map_err(str::to_owned), "at {} {:?}", self.now, command);
                self.compare_touched(&command)?;
            }
            Plan::Together(commands) => {
                let got = self.system.execute_together(self.now, [&commands[0], &commands[1]]);
                for (command, got) in commands.iter().zip(got) {
                    let expected = self.model.execute(self.now, command);
                    coverage.note(command, &expected);
                    prop_assert_eq!(&got, &expected.map_err(str::to_owned), "at once at {} {:?}", self.now, command);
                }
            }
        }
        invariants::of_quantities(&self.model)?;
        Ok(true)
    }

    /// Compares what a command may have changed: its needs, what speaks for them now, and their claims.
    fn compare_touched(&mut self, command: &Command) -> Outcome {
        let world = self.model.world();
        let addressed = self.model.addressed(&command.act);
        let roots: Vec<NeedId> = addressed.iter().map(|&n| world.root(n)).collect();
        let needs: Vec<NeedId> = (0..world.needs.len()).filter(|&n| addressed.contains(&n) || roots.contains(&world.root(n))).collect();
        self.compare(&needs, &format!("{command:?}"))
    }

    fn compare(&mut self, needs: &[NeedId], after: &str) -> Outcome {
        let world = self.model.world();
        for &need in needs {
            prop_assert_eq!(self.system.need(need), NeedView::of(&world, need), "need {} after {}", need, after);
        }
        let claims: Vec<ClaimId> = world.claims.iter().filter(|(_, c)| needs.contains(&c.home.0)).map(|(&id, _)| id).collect();
        for claim in claims {
            prop_assert_eq!(self.system.claim(claim), ClaimView::of(&world, claim), "claim {} after {}", claim, after);
        }
        Ok(())
    }

    /// Compares the counters at some (T, K), and asks again about those of before.
    fn look_back(&mut self, step: &HistoryStep) -> Outcome {
        let span = self.now - START;
        let known_at = self.settled(self.now);
        let t = START + span * Time::from(step.dice[6]) / Time::from(u16::MAX);
        let now = self.compare_counters(t, None)?;
        self.said.push((t, known_at, now));
        let k = START + span * Time::from(step.dice[5]) / Time::from(u16::MAX);
        self.compare_counters(t, Some(self.settled(k)))?;
        Ok(())
    }

    /// Half a second after whatever was recorded last before: facts recorded in one act may stand a few milliseconds apart.
    fn settled(&self, k: Time) -> Time {
        let last = self.model.facts.iter().map(|f| f.recorded_at).filter(|at| *at <= k).max();
        last.map_or(k, |last| k.max(last + SECOND / 2))
    }

    fn compare_counters(&mut self, t: Time, k: Option<Time>) -> Result<Counters, TestCaseError> {
        let (got, expected) = (self.system.counters(t, k), Known::at(&self.model.facts, k.unwrap_or(Time::MAX)).counters(t));
        prop_assert_eq!(&got, &expected, "counters at T {} K {:?}", t, k);
        Ok(expected)
    }

    fn compare_everything(&mut self) -> Outcome {
        let needs: Vec<NeedId> = (0..self.model.world().needs.len()).collect();
        self.compare(&needs, "everything")?;
        self.compare_counters(self.now, None)?;
        for (t, k, said) in std::mem::take(&mut self.said) {
            let again = self.compare_counters(t, Some(k))?;
            prop_assert_eq!(again, said, "another answer for T {} K {}", t, k);
        }
        prop_assert_eq!(self.system.faults(), Vec::<String>::new());
        prop_assert_eq!(faults(&self.model), Vec::<String>::new());
        invariants::of_counters(&self.model, START, self.now)
    }
}
