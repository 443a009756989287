//! The summary as it is offered, from what is not personal. Pure.

use crate::clock::{Time, day_text};
use crate::ledger::model::{Category, PeopleGroup};

/// One line in a summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Item<'a> {
    /// What; none once it was erased.
    pub item: Option<&'a str>,
    /// How much.
    pub quantity: i64,
    /// In which unit.
    pub unit: &'a str,
    /// Roughly.
    pub approximate: bool,
    /// Each day.
    pub daily: bool,
}

/// Most lines that are named.
const NAMED: usize = 6;

/// Such as `药品：胰岛素 2 支；2 人（独居老人、慢性病）；2022-01-09`.
pub fn prefilled(category: Category, items: &[Item<'_>], people: i64, groups: &[PeopleGroup], at: Time, zone: chrono_tz::Tz) -> String {
    let mut lines: Vec<String> = items.iter().take(NAMED).map(item_text).collect();
    if items.len() > NAMED {
        lines.push(format!("等 {} 项", items.len()));
    }
    let groups: Vec<&str> = groups.iter().map(|group| group_name(*group)).collect();
    let groups = if groups.is_empty() { String::new() } else { format!("（{}）", groups.join("、")) };
    let date = &at.to_rfc3339(zone)[..day_text(0).len()];
    format!("{}：{}；{people} 人{groups}；{date}", category_name(category), lines.join("、"))
}

fn item_text(item: &Item<'_>) -> String {
    let about = if item.approximate { "约 " } else { "" };
    let daily = if item.daily { "/天" } else { "" };
    format!("{} {about}{} {}{daily}", item.item.unwrap_or("（已删除）"), item.quantity, item.unit)
}

/// The name of a category.
pub const fn category_name(category: Category) -> &'static str {
    match category {
        Category::DailySupplies => "生活物资",
        Category::Food => "食品/热餐",
        Category::InfantSupplies => "婴幼儿用品",
        Category::Medicine => "配药送药",
        Category::MedicalEscort => "就医陪护",
        Category::DialysisChemo => "透析/放化疗",
        Category::Maternity => "产检/分娩",
        Category::Psychosocial => "心理支持",
        Category::Ppe => "防护物资",
        Category::Disinfection => "消杀",
        Category::VolunteerSupport => "志愿者支援",
        Category::Transport => "运输/车辆",
        Category::Shelter => "住宿/安置",
        Category::ReturnStranded => "滞留人员食宿与返程",
        Category::Information => "政策咨询",
        Category::DigitalHelp => "手机操作代办",
        Category::AidReferral => "救助转介",
        Category::Pet => "宠物",
        Category::Other => "其他",
    }
}

/// The name of a group.
pub const fn group_name(group: PeopleGroup) -> &'static str {
    match group {
        PeopleGroup::ElderlyAlone => "独居老人",
        PeopleGroup::Frail => "高龄失能",
        PeopleGroup::Pregnant => "孕产妇",
        PeopleGroup::Infant => "婴幼儿",
        PeopleGroup::Child => "儿童",
        PeopleGroup::Disabled => "残障",
        PeopleGroup::ChronicIllness => "慢性病",
        PeopleGroup::SeriousIllness => "重症",
        PeopleGroup::MentalIllness => "精神障碍",
        PeopleGroup::StrandedPerson => "滞留人员",
        PeopleGroup::Isolated => "居家隔离/封控人员",
        PeopleGroup::MigrantWorker => "外来务工",
        PeopleGroup::Hardship => "困难群众",
        PeopleGroup::ChildInNeed => "困境儿童",
        PeopleGroup::Frontline => "一线人员",
        PeopleGroup::Driver => "货车司机",
        PeopleGroup::Student => "学生",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(item: Option<&str>, quantity: i64, approximate: bool, daily: bool) -> Item<'_> {
        Item { item, quantity, unit: "份", approximate, daily }
    }

    #[test]
    fn a_summary_says_what_for_whom_and_since_when() {
        let zone = chrono_tz::Asia::Shanghai;
        let at = Time::parse("2022-01-08T18:00:00Z").unwrap();
        let items = [item(Some("热餐"), 2, false, true), item(None, 4000, true, false)];
        let groups = [PeopleGroup::ElderlyAlone, PeopleGroup::ChronicIllness];
        let text = prefilled(Category::Food, &items, 2, &groups, at, zone);
        assert_eq!(text, "食品/热餐：热餐 2 份/天、（已删除） 约 4000 份；2 人（独居老人、慢性病）；2022-01-09");
        let many = vec![item(Some("米"), 1, false, false); 8];
        assert!(prefilled(Category::Other, &many, 1, &[], at, zone).ends_with("、等 8 项；1 人；2022-01-09"));
    }
}
