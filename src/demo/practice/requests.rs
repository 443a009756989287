//! The requests of the practice incident that are told at length.

use super::COMMUNITY;
use super::board::Sketch;
use crate::ledger::model::{Category, PeopleGroup, Urgency};
use crate::needs::model::ContactRole;

/// The community of the demo's community worker.
pub const HERE: Option<&str> = Some(COMMUNITY.0);
/// A village.
pub const VILLAGE: Option<&str> = Some("610116001201");
/// A community in the old town.
pub const OLD_TOWN: Option<&str> = Some("610102002011");
/// A community west of it.
pub const WEST: Option<&str> = Some("610104006007");

/// Somebody must be called at once.
pub const CRISIS: Sketch = Sketch {
    region: OLD_TOWN,
    category: Category::Psychosocial,
    urgency: Urgency::Critical,
    group: PeopleGroup::Isolated,
    people: 1,
    lines: &[("心理疏导", 1, "小时")],
    text: "【演练】邻居说住户情绪激动，多次说不想活了，请尽快电话介入。",
    contact: (ContactRole::Neighbour, "方禾安"),
    posted: false,
};

/// Protection for tomorrow morning.
pub const FOR_TESTERS: Sketch = Sketch {
    region: HERE,
    category: Category::Ppe,
    urgency: Urgency::High,
    group: PeopleGroup::Frontline,
    people: 14,
    lines: &[("防护服", 40, "套"), ("N95口罩", 60, "只")],
    text: "【演练】明早六点核酸采样，志愿者还没有防护服。",
    contact: (ContactRole::Community, "高知野"),
    posted: true,
};

/// A medicine that runs out.
pub const INSULIN: Sketch = Sketch {
    region: VILLAGE,
    category: Category::Medicine,
    urgency: Urgency::Urgent,
    group: PeopleGroup::ChronicIllness,
    people: 1,
    lines: &[("胰岛素笔芯", 2, "支")],
    text: "【演练】胰岛素只剩两天量，子女在外地，请代购送到家门口。",
    contact: (ContactRole::Relative, "田若川"),
    posted: false,
};

/// Nobody can say where they are.
pub const DRIVERS: Sketch = Sketch {
    region: None,
    category: Category::ReturnStranded,
    urgency: Urgency::High,
    group: PeopleGroup::Driver,
    people: 3,
    lines: &[("途中食品包", 3, "份")],
    text: "【演练】三名货车司机滞留服务区，缺热饭和饮水，说不清具体位置。",
    contact: (ContactRole::Person, "郝远石"),
    posted: false,
};

/// Nobody answers the phone.
pub const BLIND_COUPLE: Sketch = Sketch {
    region: WEST,
    category: Category::DigitalHelp,
    urgency: Urgency::Normal,
    group: PeopleGroup::Disabled,
    people: 2,
    lines: &[("手机操作协助", 1, "次")],
    text: "【演练】盲人夫妇无法在手机上登记核酸，需要上门协助。",
    contact: (ContactRole::Other, "白素汀"),
    posted: false,
};

/// An infant without food.
pub const MILK_POWDER: Sketch = Sketch {
    region: HERE,
    category: Category::InfantSupplies,
    urgency: Urgency::Urgent,
    group: PeopleGroup::Infant,
    people: 1,
    lines: &[("婴儿奶粉（1段）", 2, "罐")],
    text: "【演练】宝宝五个月，奶粉只够一天。",
    contact: (ContactRole::Relative, "沈岚秋"),
    posted: false,
};

/// A treatment that can not wait.
pub const DIALYSIS: Sketch = Sketch {
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

/// An old person alone.
pub const FALL: Sketch = Sketch {
    region: HERE,
    category: Category::MedicalEscort,
    urgency: Urgency::Urgent,
    group: PeopleGroup::Frail,
    people: 1,
    lines: &[("接送就医", 1, "趟")],
    text: "【演练】独居老人摔伤，需要陪同就医。",
    contact: (ContactRole::Community, "高知野"),
    posted: true,
};
