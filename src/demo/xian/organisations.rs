//! Who takes part: invented social organisations and businesses with what they are good at, and the communities that post by themselves.

use super::super::plan::{OrganisationNo, OrganisationPlan};
use super::super::random::Random;
use crate::ledger::model::Category::{self, *};
use crate::organisations::model::Kind::{self, Community, Enterprise, Social};

/// Name, kind, and the categories it takes on.
const OTHERS: [(&str, Kind, &[Category]); 17] = [
    ("城墙根社会工作服务中心", Social, &[Psychosocial, Shelter, MedicalEscort, DigitalHelp, Other]),
    ("石榴花妇女儿童社工站", Social, &[InfantSupplies, Maternity, Psychosocial, Other]),
    ("渭水社会工作发展中心", Social, &[Psychosocial, ReturnStranded, Shelter, Food]),
    ("夜航配药志愿队", Social, &[Medicine, DialysisChemo]),
    ("雁南邻里互助联合会", Social, &[DailySupplies, Food, DigitalHelp, Pet]),
    ("终南应急物资中转站", Social, &[Ppe, Disinfection, DailySupplies]),
    ("长安里应急救援队", Social, &[MedicalEscort, Maternity, DialysisChemo, Transport]),
    ("沣滨志愿车队", Social, &[Transport, MedicalEscort, DialysisChemo, DailySupplies]),
    ("灞柳公益服务中心", Social, &[DailySupplies, VolunteerSupport, Disinfection]),
    ("凤栖健康服务社", Social, &[Medicine, MedicalEscort, Maternity]),
    ("青年城志愿服务联盟", Social, &[VolunteerSupport, DigitalHelp, Food]),
    ("古都返乡互助小组", Social, &[ReturnStranded, Shelter, Food]),
    ("云台助残服务中心", Social, &[DigitalHelp, MedicalEscort, Other, Medicine]),
    ("关中物资捐助协会", Social, &[Ppe, DailySupplies, InfantSupplies, Disinfection]),
    ("小满动物关怀社", Social, &[Pet]),
    ("浐河邻里餐厅", Enterprise, &[Food]),
    ("秦味中央厨房", Enterprise, &[Food, DailySupplies]),
];

/// The first three are those whose case workers respond.
const CASE_WORK: i64 = 3;

/// The organisations of the plan: the others first, then the posting communities in their order.
pub fn all(posting: &[(String, String)]) -> Vec<OrganisationPlan> {
    let others = OTHERS.iter().map(|(name, kind, _)| OrganisationPlan { name: (*name).to_owned(), kind: *kind, region: None });
    let communities =
        posting.iter().map(|(code, name)| OrganisationPlan { name: name.clone(), kind: Community, region: Some(code.clone()) });
    others.chain(communities).collect()
}

/// The organisation of a posting community.
pub fn posting(number: usize) -> OrganisationNo {
    OTHERS.len() + number
}

/// One that takes on needs of a category, not the one given.
pub fn for_category(random: &mut Random, category: Category, not: Option<OrganisationNo>) -> OrganisationNo {
    let able = |(_, (_, _, categories)): &(usize, &(&str, Kind, &[Category]))| categories.contains(&category);
    let mut fit: Vec<OrganisationNo> = OTHERS.iter().enumerate().filter(able).map(|(i, _)| i).collect();
    fit.retain(|i| Some(*i) != not);
    // A category with one organisation of its own is helped out by the neighbours' federation.
    if fit.is_empty() { 4 } else { *random.pick(&fit) }
}

/// One whose case workers respond.
pub fn for_cases(random: &mut Random) -> OrganisationNo {
    random.range(0, CASE_WORK - 1) as OrganisationNo
}
