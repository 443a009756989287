//! The needs of the practice incident, by how far they are.

use super::super::plan::{By, CaseEnd, Command, DeliveryStep, Named};
use super::COMMUNITY;
use super::board::{Board, Sketch};
use crate::clock::MINUTE;
use crate::ledger::model::*;
use crate::needs::model::ContactRole;

const HERE: Option<&str> = Some(COMMUNITY.0);
const VILLAGE: Option<&str> = Some("610116001201");
const OLD_TOWN: Option<&str> = Some("610102002011");
const WEST: Option<&str> = Some("610104006007");

/// Needs that wait for a call, or for somebody to be reached.
pub fn waiting(board: &mut Board) {
    board.submit(
        12,
        &Sketch {
            region: OLD_TOWN,
            category: Category::Psychosocial,
            urgency: Urgency::Critical,
            group: PeopleGroup::Isolated,
            people: 1,
            lines: &[("心理疏导", 1, "小时")],
            text: "【演练】邻居说住户情绪激动，多次说不想活了，请尽快电话介入。",
            contact: (ContactRole::Neighbour, "方禾安"),
            posted: false,
        },
    );
    board.submit(
        35,
        &Sketch {
            region: HERE,
            category: Category::Ppe,
            urgency: Urgency::High,
            group: PeopleGroup::Frontline,
            people: 14,
            lines: &[("防护服", 40, "套"), ("N95口罩", 60, "只")],
            text: "【演练】明早六点核酸采样，志愿者还没有防护服。",
            contact: (ContactRole::Community, "高知野"),
            posted: true,
        },
    );
    let calling = board.submit(
        150,
        &Sketch {
            region: VILLAGE,
            category: Category::Medicine,
            urgency: Urgency::Urgent,
            group: PeopleGroup::ChronicIllness,
            people: 1,
            lines: &[("胰岛素笔芯", 2, "支")],
            text: "【演练】胰岛素只剩两天量，子女在外地，请代购送到家门口。",
            contact: (ContactRole::Relative, "田若川"),
            posted: false,
        },
    );
    board.call(110, calling, Outcome::NoAnswer, None);
    board.call(70, calling, Outcome::Busy, None);
    let unclear = board.submit(
        420,
        &Sketch {
            region: None,
            category: Category::ReturnStranded,
            urgency: Urgency::High,
            group: PeopleGroup::Driver,
            people: 3,
            lines: &[("途中食品包", 3, "份")],
            text: "【演练】三名货车司机滞留服务区，缺热饭和饮水，说不清具体位置。",
            contact: (ContactRole::Person, "郝远石"),
            posted: false,
        },
    );
    board.call(395, unclear, Outcome::Answered, Some(Conclusion::Unverifiable));
    let unreachable = board.submit(
        900,
        &Sketch {
            region: WEST,
            category: Category::DigitalHelp,
            urgency: Urgency::Normal,
            group: PeopleGroup::Disabled,
            people: 2,
            lines: &[("手机操作协助", 1, "次")],
            text: "【演练】盲人夫妇无法在手机上登记核酸，需要上门协助。",
            contact: (ContactRole::Other, "白素汀"),
            posted: false,
        },
    );
    for minutes_ago in [840, 600, 300] {
        board.call(minutes_ago, unreachable, Outcome::NoAnswer, None);
    }
}

/// Needs that are verified and not matched, one of them with an open case.
pub fn verified(board: &mut Board) {
    board.verified(
        300,
        &Sketch {
            region: HERE,
            category: Category::InfantSupplies,
            urgency: Urgency::Urgent,
            group: PeopleGroup::Infant,
            people: 1,
            lines: &[("婴儿奶粉（1段）", 2, "罐")],
            text: "【演练】宝宝五个月，奶粉只够一天。",
            contact: (ContactRole::Relative, "沈岚秋"),
            posted: false,
        },
    );
    let sketch = Sketch {
        region: OLD_TOWN,
        category: Category::DialysisChemo,
        urgency: Urgency::Urgent,
        group: PeopleGroup::SeriousIllness,
        people: 1,
        lines: &[("透析点对点接送", 3, "趟")],
        text: "【演练】每周透析三次，楼栋封控，需要轮椅接送。",
        contact: (ContactRole::Person, "邵槐原"),
        posted: false,
    };
    let urgent = board.verified(200, &sketch);
    board.at(165, By::Operator, Command::OpenCase { need: urgent });
    let person = Named { name: "邵槐原".to_owned(), phone: Some(format!("1990000{:04}", 9_001 + urgent)) };
    board.at(120, By::CaseWorker(1), Command::Respond { need: urgent, reached: 1, people: vec![person], group_reason: None });
    let opened = board.verified(
        90,
        &Sketch {
            region: HERE,
            category: Category::MedicalEscort,
            urgency: Urgency::Urgent,
            group: PeopleGroup::Frail,
            people: 1,
            lines: &[("接送就医", 1, "趟")],
            text: "【演练】独居老人摔伤，需要陪同就医。",
            contact: (ContactRole::Community, "高知野"),
            posted: true,
        },
    );
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
