//! The needs of the practice incident, by how far they are.

use super::super::plan::{By, CaseEnd, Command, DeliveryStep, Named};
use super::board::{Board, Sketch};
use super::requests::*;
use crate::clock::MINUTE;
use crate::ledger::model::*;
use crate::needs::model::ContactRole;

/// Needs that wait for a call, or for somebody to be reached.
pub fn waiting(board: &mut Board) {
    board.submit(12, &CRISIS);
    board.submit(35, &FOR_TESTERS);
    let calling = board.submit(150, &INSULIN);
    board.call(110, calling, Outcome::NoAnswer, None);
    board.call(70, calling, Outcome::Busy, None);
    let unclear = board.submit(420, &DRIVERS);
    board.call(395, unclear, Outcome::Answered, Some(Conclusion::Unverifiable));
    let unreachable = board.submit(900, &BLIND_COUPLE);
    for minutes_ago in [840, 600, 300] {
        board.call(minutes_ago, unreachable, Outcome::NoAnswer, None);
    }
}

/// Needs that are verified and not matched, one of them with an open case.
pub fn verified(board: &mut Board) {
    board.verified(300, &MILK_POWDER);
    let urgent = board.verified(200, &DIALYSIS);
    board.at(165, By::Operator, Command::OpenCase { need: urgent });
    let person = Named { name: "邵槐原".to_owned(), phone: Some(format!("1990000{:04}", 9_001 + urgent)) };
    board.at(120, By::CaseWorker(1), Command::Respond { need: urgent, reached: 1, people: vec![person], group_reason: None });
    let opened = board.verified(90, &FALL);
    board.at(40, By::Operator, Command::OpenCase { need: opened });
}

/// Needs that somebody has claimed, in whole or in part, up to the door.
pub fn matched(board: &mut Board) {
    let food = |quantity: &'static [(&'static str, i64, &'static str)], region, text| Sketch {
        region,
        category: Category::DailySupplies,
        urgency: Urgency::Normal,
        group: PeopleGroup::Isolated,
        people: 60,
        lines: quantity,
        text,
        contact: (ContactRole::Community, "高知野"),
        posted: region == HERE,
    };
    let partly = board.verified(700, &food(&[("蔬菜包", 120, "份")], HERE, "【演练】封控单元缺菜，每户一份，请勿堆在北门。"));
    board.claim(600, partly, 2, 80, Some(240));
    let held = board.verified(500, &food(&[("大米", 40, "袋")], VILLAGE, "【演练】村里分散居住，缺米面，村口交接。"));
    board.claim(45, held, 3, 40, None);
    let whole = board.verified(640, &food(&[("牛奶", 30, "箱")], OLD_TOWN, "【演练】老旧小区独居老人统一登记。"));
    board.claim(400, whole, 2, 30, Some(180));
    let moving = board.verified(800, &food(&[("面粉", 50, "袋")], WEST, "【演练】辖区困难家庭统一登记，需要面粉。"));
    let claim = board.claim(620, moving, 3, 50, Some(-20));
    board.deliver(60, claim, 3, 50, DeliveryStep::InTransit);
    let there = board.verified(1_500, &food(&[("鸡蛋", 24, "盒")], HERE, "【演练】隔离家庭需要鸡蛋。"));
    let claim = board.claim(1_200, there, 2, 24, Some(-600));
    board.deliver(500, claim, 2, 24, DeliveryStep::HandedOver);
    let again = board.submit(650, &food(&[("蔬菜包", 110, "份")], HERE, "【演练】同一小区，楼长重复提交。"));
    board.at(610, By::Operator, Command::Merge { from: again, into: partly, same_people: Vec::new() });
}

/// Needs that have come to an end, or are with the body that decides.
pub fn ended(board: &mut Board) {
    let one = |category, lines, text, name| Sketch {
        region: HERE,
        category,
        urgency: Urgency::High,
        group: PeopleGroup::Hardship,
        people: 2,
        lines,
        text,
        contact: (ContactRole::Relative, name),
        posted: false,
    };
    let closed = board.verified(2_600, &one(Category::Other, &[("电磁炉借用", 1, "台")], "【演练】电磁炉坏了没法做饭。", "康麦舒"));
    let claim = board.claim(2_400, closed, 2, 1, Some(-2_100));
    board.deliver(2_000, claim, 2, 1, DeliveryStep::SignedFor);
    board.at(1_600, By::Operator, Command::Close { need: closed });
    let cancelled = board.verified(1_900, &one(Category::Food, &[("热餐", 2, "份")], "【演练】隔离在家，没有锅灶。", "江青陌"));
    board.at(1_700, By::Operator, Command::Cancel { need: cancelled, reason: CancelReason::SolvedByCommunity });
    let calmed =
        board.verified(2_800, &one(Category::Psychosocial, &[("心理疏导", 1, "小时")], "【演练】整夜睡不着，想找人聊聊。", "易云屿"));
    board.at(2_760, By::Operator, Command::OpenCase { need: calmed });
    board.at(2_700, By::CaseWorker(1), Command::Respond { need: calmed, reached: 1, people: Vec::new(), group_reason: None });
    board.at(1_300, By::CaseWorker(1), Command::EndCase { need: calmed, end: CaseEnd::Stabilised });
    let answered = board.verified(1_000, &one(Category::Information, &[("政策解答", 1, "次")], "【演练】黄码还能不能去医院？", "黎桑谷"));
    board.at(940, By::Operator, Command::Answer { need: answered, text: "由社区出具证明后闭环转运，流程已发给您。" });
    for (minutes_ago, accepted) in [(1_400, true), (800, false)] {
        let aid = board.verified(
            minutes_ago,
            &one(Category::AidReferral, &[("临时救助申请", 2, "人")], "【演练】突然断了收入，想申请临时救助。", "孟予秋"),
        );
        let due_at = board.now().plus(20 * 60 * MINUTE);
        board.at(minutes_ago - 90, By::Operator, Command::Refer { need: aid, n: 1, body: "街道办事处社会事务办", due_at });
        if accepted {
            let (accepted_by, receipt) = ("社会事务办值班员", "YL00001".to_owned());
            board.at(minutes_ago - 400, By::Operator, Command::AcceptReferral { need: aid, n: 1, accepted_by, receipt });
        }
    }
    let invented = board.submit(1_100, &one(Category::Ppe, &[("防护服", 500, "套")], "【演练】电话核实不属实的提交。", "尹舟南"));
    board.call(1_050, invented, Outcome::Answered, Some(Conclusion::NotGenuine));
}
