//! Where needs come from: real communities and villages of the shipped list, so that every district and most streets take part.

use super::super::random::Random;

/// The communities and villages that the newspaper article names.
pub const OF_THE_ARTICLE: [&str; 5] = ["610113003020", "610116001201", "610116001228", "610102002011", "610104006007"];

/// Regions outside the city that needs come from, as rows of a list.
pub const OUTSIDE_LIST: &str = "code,name,level\n610402000000,秦都区,county\n610404000000,渭城区,county\n610502000000,临渭区,county\n610528000000,富平县,county\n611002000000,商州区,county\n";
const OUTSIDE: [&str; 5] = ["610402000000", "610404000000", "610502000000", "610528000000", "611002000000"];

/// How many needs come from each district, by weight.
const DISTRICTS: [(i64, &str); 13] = [
    (150, "610113"),
    (140, "610112"),
    (105, "610104"),
    (95, "610103"),
    (110, "610116"),
    (85, "610102"),
    (70, "610111"),
    (35, "610115"),
    (30, "610118"),
    (25, "610117"),
    (25, "610114"),
    (22, "610122"),
    (20, "610124"),
];

/// The communities that post needs under an organisation of their own.
pub const POSTING: usize = 36;

/// The places of the scenario.
pub struct Places {
    random: Random,
    streets: Vec<Vec<String>>,
    /// Streets that have not had a need yet, in the order they get one.
    fresh: Vec<usize>,
    /// Code and name of the communities that post by themselves.
    pub posting: Vec<(String, String)>,
}

impl Places {
    /// Reads the shipped list.
    pub fn new(mut random: Random, list: &str) -> Self {
        let mut streets: Vec<Vec<String>> = Vec::new();
        let mut names: Vec<(String, String)> = Vec::new();
        for row in list.lines().skip(1) {
            let mut columns = row.split(',');
            let (Some(code), Some(name)) = (columns.next(), columns.next()) else { continue };
            if code.ends_with("000") {
                continue;
            }
            match streets.last_mut().filter(|street| street[0][..9] == code[..9]) {
                Some(street) => street.push(code.to_owned()),
                None => streets.push(vec![code.to_owned()]),
            }
            names.push((code.to_owned(), name.to_owned()));
        }
        let mut fresh: Vec<usize> = (0..streets.len()).collect();
        random.shuffle(&mut fresh);
        let mut posting: Vec<(String, String)> =
            names.iter().filter(|(code, _)| OF_THE_ARTICLE.contains(&code.as_str())).cloned().collect();
        while posting.len() < POSTING {
            let district = random.weighted(&DISTRICTS);
            let choice = random.pick(&names);
            let known = posting.iter().any(|(code, name)| *code == choice.0 || *name == choice.1);
            if choice.0.starts_with(district) && !known {
                posting.push(choice.clone());
            }
        }
        Places { random, streets, fresh, posting }
    }

    /// Somewhere in the city: streets that have had no need go first, now and then; the others by the weight of their district.
    pub fn anywhere(&mut self) -> String {
        let fresh = if self.random.chance(30) { self.fresh.pop() } else { None };
        let street = fresh.unwrap_or_else(|| {
            let district = self.random.weighted(&DISTRICTS);
            let of_it: Vec<usize> = (0..self.streets.len()).filter(|&street| self.streets[street][0].starts_with(district)).collect();
            *self.random.pick(&of_it)
        });
        self.random.pick(&self.streets[street]).clone()
    }

    /// One of the communities that post by themselves; those of the article more often.
    pub fn posting(&mut self) -> usize {
        if self.random.chance(25) { self.random.range(0, 4) as usize } else { self.random.range(5, POSTING as i64 - 1) as usize }
    }

    /// Somewhere outside the city.
    pub fn outside(&mut self) -> String {
        (*self.random.pick(&OUTSIDE)).to_owned()
    }

    /// A building and door in words.
    pub fn address(&mut self) -> String {
        let (building, unit) = (self.random.range(1, 38), self.random.range(1, 4));
        let (floor, door) = (self.random.range(1, 18), self.random.range(1, 4));
        format!("{building}号楼{unit}单元{floor}0{door}室")
    }
}
