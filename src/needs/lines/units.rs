//! The units that quantities are given in. Anything a line may be counted in belongs here; what is not here is refused, since a claim and a
//! delivery of the same line must mean the same amount.

use unicode_normalization::UnicodeNormalization;

/// Every unit, as it is stored.
pub const UNITS: &[&str] = &[
    // Pieces.
    "件",
    "个",
    "只",
    "支",
    "片",
    "套",
    "份",
    "张",
    "条",
    "双",
    "本",
    "块",
    "把",
    "根",
    "粒",
    "颗",
    "枚",
    "板",
    "台",
    "部",
    "架",
    "顶",
    "面",
    "扇",
    "棵",
    "头",
    "匹",
    "副",
    "对",
    "组",
    "批",
    "项",
    "单",
    "幅",
    "册",
    "页",
    "卷",
    "贴",
    "针",
    "剂",
    "丸",
    "滴",
    "枝",
    "朵",
    "听",
    "提",
    "捆",
    "束",
    "排",
    "层",
    "打",
    // Packings.
    "袋",
    "包",
    "箱",
    "盒",
    "瓶",
    "桶",
    "罐",
    "杯",
    "碗",
    "盘",
    "篮",
    "筐",
    "管",
    "壶",
    "坛",
    "缸",
    "捧",
    "扎",
    "托",
    "大包",
    "小包",
    // Weights, volumes and lengths.
    "斤",
    "公斤",
    "两",
    "千克",
    "克",
    "毫克",
    "吨",
    "kg",
    "g",
    "mg",
    "t",
    "升",
    "毫升",
    "l",
    "ml",
    "米",
    "厘米",
    "平方米",
    "立方米",
    "m",
    "cm",
    "m²",
    "m³",
    // Rides, times and people.
    "车",
    "趟",
    "辆",
    "艘",
    "班",
    "次",
    "人次",
    "人",
    "户",
    "家",
    "位",
    "名",
    "小时",
    "分钟",
    "天",
    "日",
    "夜",
    "周",
    "月",
    "晚",
    "餐",
    "顿",
    "节",
    "课时",
    "场",
    "轮",
    "班次",
    "疗程",
    // Places.
    "间",
    "床",
    "床位",
    "处",
    "座",
    "栋",
    "套间",
    "房间",
    "点",
    "亩",
];

/// The unit that was typed, as it is stored; full-width letters and capitals don't matter.
pub fn parse(typed: &str) -> Option<&'static str> {
    let plain: String = typed.trim().nfkc().flat_map(char::to_lowercase).collect();
    UNITS.iter().find(|unit| unit.nfkc().eq(plain.chars())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_found_however_they_are_written() {
        for (typed, unit) in [("箱", "箱"), (" 箱 ", "箱"), ("KG", "kg"), ("ｋｇ", "kg"), ("人次", "人次"), ("m2", "m²"), ("mL", "ml")]
        {
            assert_eq!(parse(typed), Some(unit), "{typed}");
        }
        for typed in ["", "箱子", "furlong", "箱箱", "12"] {
            assert_eq!(parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn each_unit_stands_once_and_means_itself() {
        for unit in UNITS {
            assert_eq!(parse(unit), Some(*unit));
            assert!(unit.chars().count() <= 16);
        }
    }
}
