//! Needs that the desk answers itself, and those that go to the body that decides.

use super::super::plan::*;
use super::rhythm;
use super::story::{Thread, Turn};
use crate::clock::{DAY, HOUR, MINUTE, Time};

const ANSWERS: [&str; 3] = [
    "黄码就医请拨打区疫情防控办，由社区出具证明后闭环转运，已将电话和流程发给您。",
    "返回人员请向所在社区报备，按最新通告居家或集中隔离，已说明所需材料。",
    "解封以区指挥部通告为准：连续多轮核酸阴性并经评估，已把通告链接发给您。",
];
const BODIES: [&str; 3] = ["街道办事处社会事务办", "区救助管理站", "12345政务热线"];
const ACCEPTED_BY: [&str; 3] = ["社会事务办值班员", "救助站值班室", "热线受理员"];

impl Thread<'_> {
    /// The desk answers.
    pub fn answer(&mut self, at: Time) {
        let text = *self.random().pick(&ANSWERS);
        self.now(at, By::Operator, Command::Answer { need: self.need, text });
    }

    /// Hands the need on, so that it is accepted at the given instant; now and then the first body lets it lie and it comes back.
    pub fn refer(&mut self, accepted: Time) {
        let need = self.need;
        let body = self.random().range(0, 2) as usize;
        let mut n = 1;
        let room = accepted.0 - self.at.0;
        let comes_back = self.story.turn(Turn::Referral) % 3 == 1 && room > 80 * MINUTE;
        if comes_back {
            let referred = self.at.plus(4 * MINUTE);
            let due_at = referred.plus(room / 2);
            self.now(referred, By::Operator, Command::Refer { need, n, body: BODIES[(body + 1) % 3], due_at });
            n = 2;
            self.at = due_at.plus(5 * MINUTE);
        }
        let early = self.at.plus((accepted.0 - self.at.0) / 3);
        let due_at = rhythm::on_day(rhythm::day_of(accepted) + 1, 18);
        self.now(early, By::Operator, Command::Refer { need, n, body: BODIES[body], due_at });
        let receipt = format!("{}{:05}", ["JD", "JZ", "RX"][body], self.random().range(1, 99_999));
        self.now(accepted, By::Operator, Command::AcceptReferral { need, n, accepted_by: ACCEPTED_BY[body], receipt });
    }

    /// What the body has done is heard, and the need is closed.
    pub fn close_referred(&mut self) {
        if self.random().chance(75) {
            let accepted = self.at;
            let at = accepted.plus(self.random().spread(30 * HOUR).max(DAY / 4));
            let at = rhythm::awake(self.random(), at);
            self.now(at, By::Operator, Command::Close { need: self.need });
        }
    }
}
