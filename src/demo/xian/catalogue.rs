//! What is asked for in the scenario: by category the items with plausible quantities, the people, the urgency, and words.

use crate::ledger::model::Category::*;
use crate::ledger::model::PeopleGroup::*;
use crate::ledger::model::{Category, PeopleGroup};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A household, or somebody for it.
    Household,
    /// A community or village for many.
    Community,
}

/// How it is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// Goods are brought.
    Goods,
    /// Somebody does something, once.
    Service,
    /// Somebody does something every day.
    Daily,
    /// The desk answers.
    Answer,
    /// A body that decides takes it on.
    Referral,
}

/// An item or service: name, unit, least and most.
pub type Item = (&'static str, &'static str, i64, i64);

/// A kind of need.
#[derive(Debug)]
pub struct Kind {
    /// Its category.
    pub category: Category,
    /// How often it comes.
    pub weight: i64,
    /// Who asks.
    pub asker: Asker,
    /// How it is met.
    pub met: Met,
    /// Weights of critical, urgent, high and normal.
    pub urgencies: [i64; 4],
    /// In how many of a hundred the people are in danger themselves.
    pub in_danger: i64,
    /// Whom it is for.
    pub groups: &'static [PeopleGroup],
    /// What is asked for.
    pub items: &'static [Item],
    /// Descriptions; `{n}` people, `{q}` quantity and unit of the first line.
    pub texts: &'static [&'static str],
}

const fn kind(category: Category, weight: i64, asker: Asker, met: Met, urgencies: [i64; 4], in_danger: i64) -> Kind {
    Kind { category, weight, asker, met, urgencies, in_danger, groups: &[], items: &[], texts: &[] }
}

use Asker::*;
use Met::*;

/// Every kind of need in the scenario.
pub const KINDS: &[Kind] = &[
    Kind {
        groups: &[ElderlyAlone, ChronicIllness, Isolated, Hardship],
        items: &[
            ("降压药（氨氯地平片）", "盒", 1, 4),
            ("胰岛素笔芯", "支", 1, 5),
            ("降糖药（二甲双胍片）", "盒", 1, 4),
            ("制氧机租借", "台", 1, 1),
        ],
        texts: &[
            "楼栋封控，长期服用的药只够两天，需要{q}，请帮忙代购送到单元门口。",
            "独居，糖尿病多年，药快断了，子女都在外地，需要{q}。处方照片可电话核对。",
            "平时在区医院开药，现在出不去，需{q}，医保卡可交给社区。",
            "心脏支架术后每天服药，余量不足三天，需要{q}。",
        ],
        ..kind(Medicine, 170, Household, Goods, [2, 38, 40, 20], 45)
    },
    Kind {
        groups: &[ElderlyAlone, Isolated, MigrantWorker, Hardship],
        items: &[("蔬菜包", "份", 1, 3), ("大米", "袋", 1, 2), ("方便面", "箱", 1, 3), ("鸡蛋", "盒", 1, 3)],
        texts: &[
            "家里{n}口人，菜已经吃完，平台一直约不上，需要{q}。",
            "老人不会用手机买菜，存粮只够一顿，请送{q}到楼下。",
            "租住在城中村，小卖部都关了，{n}人需要{q}，价钱可以自付。",
            "刚解除隔离回家，家中什么都没有，需要{q}。",
        ],
        ..kind(DailySupplies, 105, Household, Goods, [0, 15, 45, 40], 12)
    },
    Kind {
        groups: &[Isolated, ElderlyAlone],
        items: &[("蔬菜包", "份", 30, 160), ("大米", "袋", 20, 90), ("面粉", "袋", 20, 80), ("牛奶", "箱", 15, 60)],
        texts: &[
            "小区封控单元{n}户缺菜，需要{q}，每份约十斤，请勿堆在北门。",
            "村里住得分散，{n}户需要{q}，村口交接，村里自己分送。",
            "辖区老旧小区多，{n}户独居和困难家庭统一登记，需要{q}。",
        ],
        ..kind(DailySupplies, 62, Community, Goods, [0, 10, 50, 40], 0)
    },
    Kind {
        groups: &[MigrantWorker, StrandedPerson, Student],
        items: &[("热餐", "份", 2, 8), ("方便食品", "箱", 1, 4), ("饮用水", "箱", 1, 4)],
        texts: &[
            "出租屋{n}名工友没有锅灶，已经吃了几天泡面，希望有{q}。",
            "双职工都隔离在外，家里两个孩子自己在家，请每餐送{q}。",
            "滞留在旅馆，身上钱不多，{n}人需要{q}。",
        ],
        ..kind(Food, 80, Household, Goods, [1, 30, 45, 24], 30)
    },
    Kind {
        groups: &[Frontline, Isolated],
        items: &[("工作餐", "份", 20, 80), ("方便面", "箱", 10, 40), ("面包", "箱", 10, 30)],
        texts: &["社区工作人员和志愿者{n}人连轴转，食堂停了，需要{q}。", "核酸点{n}名工作人员夜里没有热饭，需要{q}。"],
        ..kind(Food, 48, Community, Goods, [0, 15, 55, 30], 0)
    },
    Kind {
        groups: &[Infant],
        items: &[("婴儿奶粉（1段）", "罐", 1, 4), ("纸尿裤（M码）", "包", 1, 5), ("婴儿辅食米粉", "盒", 1, 4)],
        texts: &[
            "宝宝五个月，奶粉只够一天，母乳不足，需要{q}，品牌不限。",
            "双胞胎，纸尿裤用完了，小区超市没有货，需要{q}。",
            "孩子牛奶过敏，要水解配方，需要{q}，先打电话确认。",
        ],
        ..kind(InfantSupplies, 58, Household, Goods, [1, 40, 42, 17], 38)
    },
    Kind {
        groups: &[Frontline],
        items: &[
            ("防护服", "套", 20, 120),
            ("N95口罩", "只", 40, 300),
            ("一次性面屏", "个", 20, 100),
            ("医用手套", "盒", 5, 40),
            ("免洗手消毒液", "瓶", 10, 60),
        ],
        texts: &[
            "辖区{n}名志愿者没有防护服，明早六点开始核酸，急需{q}。",
            "封控楼栋每天消杀和送菜，防护用品只够今天，需要{q}。",
            "村上卡口{n}人轮班，口罩手套告急，需要{q}。",
        ],
        ..kind(Ppe, 95, Community, Goods, [0, 32, 45, 23], 0)
    },
    Kind {
        groups: &[SeriousIllness, Frail, Disabled],
        items: &[("接送就医", "趟", 1, 2), ("陪诊", "趟", 1, 1), ("轮椅借用", "台", 1, 1)],
        texts: &[
            "老人骨折后需复查，家里只有老伴，请安排{q}，要有人搀扶。",
            "出院后换药，小区无车可叫，需要{q}。",
            "术后拆线，医院要求48小时核酸，已做好，需要{q}。",
        ],
        ..kind(MedicalEscort, 48, Household, Service, [4, 42, 40, 14], 55)
    },
    Kind {
        groups: &[SeriousIllness],
        items: &[("透析点对点接送", "趟", 2, 6), ("化疗入院接送", "趟", 1, 2), ("腹透液运送", "箱", 4, 12)],
        texts: &[
            "每周透析三次，所在楼栋封控，往返需要接送，共{q}，坐轮椅。",
            "化疗周期到了，定点医院已联系好，缺车，需要{q}。",
            "腹透液只剩一天用量，厂家在西安有仓库，缺配送，{q}。",
        ],
        ..kind(DialysisChemo, 38, Household, Service, [8, 62, 25, 5], 75)
    },
    Kind {
        groups: &[Pregnant],
        items: &[("产检接送", "趟", 1, 2), ("待产车辆保障", "趟", 1, 1)],
        texts: &["孕36周要产检，小区叫不到车，需要{q}。", "预产期在这几天，夜里发动怎么出小区，请提前安排{q}。"],
        ..kind(Maternity, 30, Household, Service, [6, 50, 35, 9], 60)
    },
    Kind {
        groups: &[MentalIllness, Student, ElderlyAlone],
        items: &[("心理疏导", "小时", 1, 3)],
        texts: &[
            "隔离十多天，整夜睡不着，情绪很低，希望有人电话聊聊，{q}。",
            "邻居反映住户多次说活着没意思，请心理支持的同志尽快联系，{q}。",
        ],
        ..kind(Psychosocial, 36, Household, Service, [18, 42, 30, 10], 70)
    },
    Kind {
        groups: &[Isolated],
        items: &[("84消毒液", "桶", 6, 40), ("喷雾器", "台", 1, 4), ("消毒片", "瓶", 10, 60)],
        texts: &["楼道每天消杀两次，药水用完了，需要{q}。", "有密接转运后的单元要终末消毒，需要{q}，会自己操作。"],
        ..kind(Disinfection, 34, Community, Goods, [0, 15, 50, 35], 0)
    },
    Kind {
        groups: &[Frontline],
        items: &[("搬运分发志愿者", "人", 4, 12), ("电话排查志愿者（线上）", "人", 2, 6), ("核酸登记志愿者", "人", 3, 8)],
        texts: &["社区人手不足，每天需要{q}搬运分发蔬菜包，提供午餐和防护。", "连续几天全员核酸，每天缺{q}，早七点到晚六点。"],
        ..kind(VolunteerSupport, 40, Community, Daily, [0, 10, 45, 45], 0)
    },
    Kind {
        groups: &[Hardship],
        items: &[("面包车运送", "趟", 1, 4), ("三轮车入户配送", "趟", 2, 8), ("4.2米厢货", "车", 1, 2)],
        texts: &["一批爱心菜在高速口，没有通行证的车，需要{q}转到社区。", "村里路窄，大车进不去，需要{q}把米面送到户。"],
        ..kind(Transport, 32, Community, Service, [0, 18, 47, 35], 0)
    },
    Kind {
        groups: &[StrandedPerson, MigrantWorker],
        items: &[("临时住宿", "人", 1, 6), ("棉被", "床", 1, 6)],
        texts: &["合租房里一人发热隔离，其余{n}人被房东挡在门外，夜里没处去，需要{q}。", "工地停工宿舍关门，{n}人没有地方住，需要{q}。"],
        ..kind(Shelter, 22, Household, Service, [6, 48, 36, 10], 60)
    },
    Kind {
        groups: &[StrandedPerson, Driver, Student],
        items: &[("返程咨询与协助", "人", 1, 6), ("途中食品包", "份", 1, 8)],
        texts: &["货车在高速口停了几天，{n}人，缺热水和吃的，需要{q}。", "考研结束滞留在旅馆，想知道怎样返乡，{n}人，{q}。"],
        ..kind(ReturnStranded, 36, Household, Service, [1, 26, 48, 25], 35)
    },
    Kind {
        groups: &[Isolated],
        items: &[("政策解答", "次", 1, 1)],
        texts: &["黄码还能不能去医院，需要什么手续？", "外地回来的亲属要不要隔离，找哪里报备？", "小区解封的条件是什么，居民都在问。"],
        ..kind(Information, 36, Household, Answer, [0, 5, 30, 65], 0)
    },
    Kind {
        groups: &[ElderlyAlone, Disabled],
        items: &[("手机操作协助", "次", 1, 2)],
        texts: &["盲人夫妇没法在手机上登记核酸，需要{q}，上门前请先打电话。", "老人一码通打不开，做不了核酸，需要{q}。"],
        ..kind(DigitalHelp, 24, Household, Service, [0, 5, 40, 55], 3)
    },
    Kind {
        groups: &[Hardship, MigrantWorker],
        items: &[("临时救助申请", "人", 1, 4)],
        texts: &["找不到活，房租和饭钱都没了，想申请临时救助，{n}人。", "低保户，家里突然断了收入，请问怎样申请救助，{n}人。"],
        ..kind(AidReferral, 40, Household, Referral, [0, 20, 50, 30], 10)
    },
    Kind {
        groups: &[Isolated],
        items: &[("猫粮", "袋", 1, 2), ("宠物代养", "只", 1, 2)],
        texts: &["主人被集中隔离，家里的猫没人喂，需要{q}。", "狗在宠物医院住院，医院要关门，需要{q}。"],
        ..kind(Pet, 12, Household, Service, [0, 4, 36, 60], 0)
    },
    Kind {
        groups: &[Hardship, ChildInNeed],
        items: &[("电磁炉借用", "台", 1, 1), ("网课平板借用", "台", 1, 1), ("成人护理垫", "包", 1, 4)],
        texts: &[
            "电磁炉坏了没法做饭，商店都不开，需要{q}。",
            "孩子随祖母生活，没有设备上网课，需要{q}。",
            "老人卧床，皮肤已经破溃，需要{q}。",
        ],
        ..kind(Other, 22, Household, Goods, [0, 25, 40, 35], 15)
    },
];
