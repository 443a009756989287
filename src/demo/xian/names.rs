//! Invented people: names put together from parts, phones of a range that is in use nowhere.

use super::super::plan::{Contact, Named};
use super::super::random::Random;
use crate::needs::model::{ContactFlag, ContactRole};

const FAMILY: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗", "梁", "宋",
    "郑", "谢", "韩", "唐", "冯", "于", "董", "萧", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡",
    "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭", "廖",
    "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "雷",
    "钱", "汤", "尹", "黎", "易", "常", "武", "乔",
];
const FIRST: &[&str] =
    &["禾", "砚", "棠", "牧", "岚", "知", "若", "沐", "云", "青", "予", "舟", "南", "槐", "麦", "荻", "素", "远", "朝", "桑"];
const SECOND: &[&str] =
    &["川", "谷", "野", "汀", "辰", "树", "屿", "眠", "遥", "原", "井", "穗", "安", "鸣", "畔", "陌", "蓝", "石", "秋", "舒"];

/// Makes people who don't exist.
pub struct People {
    random: Random,
    phones: i64,
}

impl People {
    /// Phones are handed out from a number on.
    pub fn new(random: Random, first_phone: i64) -> Self {
        People { random, phones: first_phone }
    }

    /// A name.
    pub fn name(&mut self) -> String {
        let second = if self.random.chance(80) { *self.random.pick(SECOND) } else { "" };
        format!("{}{}{second}", self.random.pick(FAMILY), self.random.pick(FIRST))
    }

    /// A phone that nobody else of the scenario has: 199 0000 and four digits.
    pub fn phone(&mut self) -> String {
        self.phones += 1;
        format!("199{:08}", self.phones)
    }

    /// A person with an own phone.
    pub fn keyed(&mut self) -> Named {
        Named { name: self.name(), phone: Some(self.phone()) }
    }

    /// A person known by name alone.
    pub fn unkeyed(&mut self) -> Named {
        Named { name: self.name(), phone: None }
    }

    /// Whom to call about a household's need.
    pub fn household_contact(&mut self) -> Contact {
        use ContactRole::*;
        let role = self.random.weighted(&[(45, Person), (33, Relative), (8, Neighbour), (12, Community), (2, Other)]);
        let flags = match self.random.range(1, 20) {
            1 => vec![ContactFlag::TextOnly],
            2 => vec![ContactFlag::SpeakSlowly, ContactFlag::Dialect],
            3 => vec![ContactFlag::CallFirst],
            4 => vec![ContactFlag::NightCalls],
            _ => Vec::new(),
        };
        Contact { role, name: self.name(), phone: self.phone(), flags }
    }

    /// Whom to call about a community's need.
    pub fn community_contact(&mut self) -> Contact {
        Contact { role: ContactRole::Community, name: self.name(), phone: self.phone(), flags: Vec::new() }
    }
}
