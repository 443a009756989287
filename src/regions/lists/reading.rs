//! A list of regions as a CSV file, read line by line with every fault named.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::NaiveDate;
use csv::ByteRecord;

use crate::clock::Time;
use crate::regions::model::{Entry, Level, parent_code};
use crate::text;

/// The columns a list may have. The first three must be there.
pub const COLUMNS: [&str; 8] = ["code", "name", "level", "parent", "parent_name", "valid_from", "valid_to", "successor"];

const NAME_LIMIT: usize = 60;

/// Something in a list that must be mended.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The line it stands in.
    pub line: u64,
    /// The column.
    pub column: String,
    /// What is wrong and how to mend it.
    pub mend: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.mend)
    }
}

/// What a list holds.
#[derive(Debug, Default)]
pub struct List {
    /// What it says of each code.
    pub entries: BTreeMap<String, Entry>,
    /// The names it gives to parents.
    pub parent_names: HashMap<String, String>,
}

/// Reads a list, or names every fault in it.
pub fn read(bytes: &[u8]) -> Result<List, Vec<Fault>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(bytes);
    let header = reader.byte_headers().map_err(|e| vec![fault(1, "code", e.to_string())])?.clone();
    let columns = columns(&header)?;
    let (mut list, mut faults, mut seen) = (List::default(), Vec::new(), HashMap::new());
    for record in reader.byte_records() {
        let record = record.map_err(|e| vec![fault(0, "code", e.to_string())])?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = Row { line, record: &record, columns };
        match row.read() {
            Ok((code, _, _)) if seen.contains_key(&code) => {
                faults.push(fault(line, "code", format!("{code} stands in line {} already; keep one of them", seen[&code])));
            }
            Ok((code, entry, parent_name)) => {
                if let (Some(parent), Some(name)) = (&entry.parent, parent_name) {
                    list.parent_names.entry(parent.clone()).or_insert(name);
                }
                seen.insert(code.clone(), line);
                list.entries.insert(code, entry);
            }
            Err(mut found) => faults.append(&mut found),
        }
    }
    if list.entries.is_empty() && faults.is_empty() {
        faults.push(fault(1, "code", "the list has no rows below its header".to_owned()));
    }
    if faults.is_empty() { Ok(list) } else { Err(faults) }
}

fn fault(line: u64, column: &str, mend: String) -> Fault {
    Fault { line, column: column.to_owned(), mend }
}

fn keep<T>(result: Result<Option<T>, Fault>, faults: &mut Vec<Fault>) -> Option<T> {
    result.unwrap_or_else(|fault| {
        faults.push(fault);
        None
    })
}

/// Where each of `COLUMNS` stands in the file.
type Columns = [Option<usize>; COLUMNS.len()];

fn columns(header: &ByteRecord) -> Result<Columns, Vec<Fault>> {
    let mut found: Columns = Default::default();
    let mut faults = Vec::new();
    for (position, name) in header.iter().enumerate() {
        let name = String::from_utf8_lossy(name).to_lowercase();
        match COLUMNS.iter().position(|column| *column == name) {
            Some(column) if found[column].is_none() => found[column] = Some(position),
            Some(_) => faults.push(fault(1, &name, "stands twice; keep one".to_owned())),
            None => faults.push(fault(1, &name, format!("is not known; the columns are {}", COLUMNS.join(", ")))),
        }
    }
    for required in 0..3 {
        if found[required].is_none() {
            faults.push(fault(
                1,
                COLUMNS[required],
                format!("is missing; the first line must name it (all columns: {})", COLUMNS.join(", ")),
            ));
        }
    }
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

/// One line of the file.
struct Row<'a> {
    line: u64,
    record: &'a ByteRecord,
    columns: Columns,
}

impl Row<'_> {
    /// Code, entry and the parent's name, or everything that is wrong with the line.
    fn read(&self) -> Result<(String, Entry, Option<String>), Vec<Fault>> {
        let most = self.columns.iter().flatten().max().map_or(0, |last| last + 1);
        if self.record.len() > most {
            let mend = format!(
                "the line has {} fields, the first line has {most}; put quotes around a name that holds a comma",
                self.record.len()
            );
            return Err(vec![fault(self.line, "code", mend)]);
        }
        let mut faults = Vec::new();
        let code = keep(self.code(), &mut faults);
        let name = keep(self.name("name", true), &mut faults);
        let parent_name = keep(self.name("parent_name", false), &mut faults);
        let parent = keep(self.parent(code.as_deref()), &mut faults);
        let successor = keep(self.successor(code.as_deref()), &mut faults);
        let valid_from = keep(self.date("valid_from"), &mut faults);
        let valid_to = keep(self.date("valid_to"), &mut faults);
        faults.extend(self.level(code.as_deref()).err());
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to <= from
        {
            faults.push(
                self.fault("valid_to", "is the first date on which the region no longer holds; it must lie after valid_from".to_owned()),
            );
        }
        match (code, name) {
            (Some(code), Some(name)) if faults.is_empty() => {
                Ok((code, Entry { name, parent, valid_from, valid_to, successor }, parent_name))
            }
            _ => Err(faults),
        }
    }

    fn code(&self) -> Result<Option<String>, Fault> {
        let code = self.text("code")?;
        match Level::of(&code) {
            Some(_) => Ok(Some(code)),
            None => Err(self.fault("code", format!("“{code}” is not a code of 12 digits (2 province, 2 city, 2 district, 3 street, 3 community, zeros below its level); format the column as text in the spreadsheet"))),
        }
    }

    fn name(&self, column: &str, required: bool) -> Result<Option<String>, Fault> {
        let name = self.text(column)?;
        if name.is_empty() && !required {
            return Ok(None);
        }
        let mend = format!("must be one line of 1 to {NAME_LIMIT} characters without control or direction characters");
        text::line(column, &name, NAME_LIMIT).map(Some).map_err(|_| self.fault(column, mend))
    }

    fn level(&self, code: Option<&str>) -> Result<(), Fault> {
        let word = self.text("level")?;
        let Some(level) = level(&word) else {
            return Err(self.fault(
                "level",
                format!("“{word}” is none of province, city, district (or county), street (or town), community (or village)"),
            ));
        };
        match code.and_then(Level::of) {
            Some(other) if other != level => {
                Err(self
                    .fault("level", format!("says {level}, but the digits of the code are those of a {other}; mend whichever is wrong")))
            }
            _ => Ok(()),
        }
    }

    fn parent(&self, code: Option<&str>) -> Result<Option<String>, Fault> {
        let parent = self.text("parent")?;
        let Some(level) = code.and_then(Level::of) else { return Ok(None) };
        if parent.is_empty() {
            return Ok(code.and_then(parent_code));
        }
        match Level::of(&parent) {
            Some(above) if above < level => Ok(Some(parent)),
            Some(other) => Err(self.fault("parent", format!("{parent} is a {other}; what a {level} lies in must be above it"))),
            None => Err(self.fault("parent", format!("“{parent}” is not a code of 12 digits; leave it empty to take it from the code"))),
        }
    }

    fn successor(&self, code: Option<&str>) -> Result<Option<String>, Fault> {
        let successor = self.text("successor")?;
        if successor.is_empty() {
            return Ok(None);
        }
        if Level::of(&successor).is_none() || code == Some(successor.as_str()) {
            return Err(self.fault("successor", format!("“{successor}” is not the code of another region")));
        }
        Ok(Some(successor))
    }

    fn date(&self, column: &str) -> Result<Option<Time>, Fault> {
        let text = self.text(column)?;
        if text.is_empty() {
            return Ok(None);
        }
        let date = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().and_then(|date| date.and_hms_opt(0, 0, 0));
        let mend = || self.fault(column, format!("“{text}” is not a date; write it as 2021-12-31"));
        date.map(|midnight| Some(Time(midnight.and_utc().timestamp_millis()))).ok_or_else(mend)
    }

    /// What stands in a column; nothing, where the file or the line lacks it.
    fn text(&self, column: &str) -> Result<String, Fault> {
        let position = COLUMNS.iter().position(|known| *known == column).and_then(|known| self.columns[known]);
        let bytes = position.and_then(|position| self.record.get(position)).unwrap_or_default();
        let mend = || self.fault(column, "is not UTF-8; save the file as “CSV UTF-8”".to_owned());
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| mend())
    }

    fn fault(&self, column: &str, mend: String) -> Fault {
        fault(self.line, column, mend)
    }
}

/// The level of a word, by the names of the house or those of the published lists.
fn level(word: &str) -> Option<Level> {
    Level::parse(word).or(match word {
        "county" => Some(Level::District),
        "town" => Some(Level::Street),
        "village" => Some(Level::Community),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "code,name,level,parent,parent_name,valid_from,valid_to,successor\n";

    /// Line and column of every fault of a list with this line in it.
    fn faults(line: &str) -> Vec<(u64, String)> {
        let list = format!("{HEADER}610102000000,新城区,county,610100000000,西安市,,,\n{line}\n");
        read(list.as_bytes()).err().unwrap_or_default().into_iter().map(|fault| (fault.line, fault.column)).collect()
    }

    #[test]
    fn every_fault_is_named_by_line_and_column() {
        for (column, line) in [
            ("code", "6101030,碑林区,county,610100000000,西安市,,,"),
            ("code", "6.10103E+11,碑林区,county,610100000000,西安市,,,"),
            ("code", "610102000000,又是新城区,county,610100000000,西安市,,,"),
            ("code", "610103000000,碑林区,county,610100000000,西安市,,,,,"),
            ("name", "610103000000,,county,610100000000,西安市,,,"),
            ("name", "610103000000,碑林\u{202e}区,county,610100000000,西安市,,,"),
            ("level", "610103000000,碑林区,kreis,610100000000,西安市,,,"),
            ("level", "610103000000,碑林区,town,610100000000,西安市,,,"),
            ("parent", "610103000000,碑林区,county,61,西安市,,,"),
            ("parent", "610103000000,碑林区,county,610102000000,新城区,,,"),
            ("valid_from", "610103000000,碑林区,county,610100000000,西安市,2021-02-30,,"),
            ("valid_to", "610103000000,碑林区,county,610100000000,西安市,2021-02-01,2021-02-01,"),
            ("successor", "610103000000,碑林区,county,610100000000,西安市,,,610103000000"),
        ] {
            assert_eq!(faults(line), [(3, column.to_owned())], "{line}");
        }
        assert_eq!(faults("1,,,,,x,,"), ["code", "name", "valid_from", "level"].map(|column| (3, column.to_owned())));
        assert_eq!(faults("610103000000,碑林区,district,,,2021-01-01,2022-01-01,610102000000"), []);
    }

    #[test]
    fn the_first_line_names_the_columns() {
        let columns = |text: &str| read(text.as_bytes()).err().unwrap_or_default().into_iter().map(|f| f.column).collect::<Vec<_>>();
        assert_eq!(columns("610102000000,新城区,county\n"), ["610102000000", "新城区", "county", "code", "name", "level"]);
        assert_eq!(columns("code,name,level,code\n"), ["code"]);
        assert_eq!(columns("\u{feff}code,name,level\n"), ["code"], "no rows");
        assert_eq!(columns(""), ["code", "name", "level"]);
    }

    #[test]
    fn another_encoding_is_named() {
        let faults = read(b"code,name,level\n610102000000,\xd0\xc2\xb3\xc7\xc7\xf8,county\n").expect_err("GB 18030");
        assert_eq!((faults[0].line, faults[0].column.as_str()), (2, "name"));
        assert!(faults[0].mend.contains("UTF-8"));
    }
}
