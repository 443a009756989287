//! What is done with regions: a list is imported, the shipped one at the first start, and searches are answered.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::lists::reading::{self, Fault, List};
use super::lists::{store as rows, tree};
use super::model::{Entry, Group, Placed, Region, Search, parent_code};
use super::rules::down_to_district;
use super::{names, store};
use crate::clock::Time;
use crate::db::{Db, Lane, Read, Write};
use crate::error::{Error, FieldCode, FieldError, Result};
use crate::text;

/// The list of Xi'an that comes with the program (`data/README.md`).
const SHIPPED: &[u8] = include_bytes!("../../data/xian_regions_2021.csv");
const SHIPPED_EDITION: i64 = 2021;

/// Rows a closure writes: well under the 5 ms it may take.
const CHUNK: usize = 100;

/// The most regions a search answers.
pub const SEARCH_LIMIT: i64 = 20;

const GROUP_NAME_LIMIT: usize = 60;

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Regions that were not in the edition.
    pub added: usize,
    /// Of these, parents that the list lacked.
    pub made: usize,
    /// Regions of the edition that changed.
    pub changed: usize,
    /// Regions of the edition that stayed as they were.
    pub unchanged: usize,
}

/// Why a list was not imported.
#[derive(Debug)]
pub enum ImportError {
    /// It has faults; nothing was written.
    Faults(Vec<Fault>),
    /// The database said no. What was written is whole rows; the same import again completes it.
    Failed(Error),
}

impl From<Error> for ImportError {
    fn from(error: Error) -> Self {
        ImportError::Failed(error)
    }
}

/// Imports a list into an edition, on a thread of its own. Its regions are added or changed; others of the edition stay.
pub fn import(db: &Db, edition: i64, csv: &[u8]) -> Result<Imported, ImportError> {
    let list = reading::read(csv).map_err(ImportError::Faults)?;
    let before = db.read_blocking(Lane::Slow, move |r| rows::edition(r, edition))?;
    let (entries, made) = complete(db, list, &before)?;
    let mut placed = tree::place(&entries);
    let all = placed.len();
    placed.retain(|region| before.get(&region.code) != Some(region));
    let added = placed.iter().filter(|region| !before.contains_key(&region.code)).count();
    let counts = Imported { added, made, changed: placed.len() - added, unchanged: all - placed.len() };
    let placed = Arc::new(placed);
    for from in (0..placed.len()).step_by(CHUNK) {
        let placed = placed.clone();
        db.write_blocking(move |w| rows::put(w, edition, &placed[from..placed.len().min(from + CHUNK)]))?;
    }
    Ok(counts)
}

/// Imports the shipped list where no region is known yet, or where its import was broken off. Runs on a thread of its own.
pub fn ensure_shipped(db: &Db) -> Result<()> {
    let (any, broken_off) = db.read_blocking(Lane::Fast, |r| Ok((rows::any(r)?, rows::importing(r)?)))?;
    if !any || broken_off {
        db.write_blocking(|w| rows::set_importing(w, true))?;
        import(db, SHIPPED_EDITION, SHIPPED).map_err(|error| match error {
            ImportError::Faults(faults) => Error::internal(format!("the shipped list of regions: {}", faults[0])),
            ImportError::Failed(error) => error,
        })?;
        db.write_blocking(|w| rows::set_importing(w, false))?;
    }
    Ok(())
}

/// Finds regions by words of their names or the beginning of their codes, what lies in the district of `near` first.
pub fn search(r: &mut Read<'_>, query: &str, near: Option<&str>, at: Time, limit: i64) -> Result<Vec<Region>> {
    let near = match near {
        Some(code) => store::path(r, code)?.map(|path| down_to_district(&path).to_owned()),
        None => None,
    };
    store::search(r, &Search { words: names::words(query), near, at, limit: limit.clamp(0, SEARCH_LIMIT) })
}

/// Gives a group of regions its members; those it had are replaced.
pub fn set_group(w: &mut Write<'_>, name: &str, codes: &[String]) -> Result<Group> {
    let mut errors = Vec::new();
    let name = text::line("/name", name, GROUP_NAME_LIMIT).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    for code in codes {
        if store::by_code(w, code)?.is_none() {
            errors.push(FieldError::new("/regions", FieldCode::NotARegion));
        }
    }
    if !errors.is_empty() {
        return Err(Error::Invalid(errors));
    }
    store::set_group(w, &name, codes)?;
    store::group(w, &name)
}

/// The edition as it will be: what it held, the list over it, and the parents both lack; and how many of those there are. Their names come
/// from the list, an other edition, the provinces, or are their codes.
fn complete(db: &Db, list: List, before: &HashMap<String, Placed>) -> Result<(BTreeMap<String, Entry>, usize)> {
    let mut entries: BTreeMap<String, Entry> = before.iter().map(|(code, placed)| (code.clone(), placed.entry.clone())).collect();
    entries.extend(list.entries);
    let missing = tree::missing_parents(&entries);
    let made = missing.len();
    for code in missing {
        let known = code.clone();
        let name = match list.parent_names.get(&code) {
            Some(name) => name.clone(),
            None => match db.read_blocking(Lane::Fast, move |r| store::by_code(r, &known))? {
                Some(region) => region.name,
                None => tree::province_name(&code).unwrap_or(&code).to_owned(),
            },
        };
        let parent = parent_code(&code);
        entries.insert(code, Entry { name, parent, valid_from: None, valid_to: None, successor: None });
    }
    Ok((entries, made))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regions::model::Level;
    use crate::support::TestDb;

    /// Full names of what a search finds now.
    fn found(db: &TestDb, query: &str, near: Option<&str>) -> Vec<String> {
        let (query, near, now) = (query.to_owned(), near.map(str::to_owned), db.db.clock().now());
        let found = db.read_blocking(Lane::Fast, move |r| search(r, &query, near.as_deref(), now, 20)).unwrap();
        found.into_iter().map(|region| region.full_name).collect()
    }

    crate::support::on_both! {
        fn the_shipped_list_is_imported_once(db) {
            ensure_shipped(&db).unwrap();
            let again = import(&db, SHIPPED_EDITION, SHIPPED).unwrap();
            assert_eq!(again, Imported { unchanged: 3_261, ..Imported::default() });
            let known = |code: &'static str| db.read_blocking(Lane::Fast, move |r| store::by_code(r, code)).unwrap().unwrap();
            let community = known("610113003020");
            assert_eq!(community.full_name, "陕西省西安市雁塔区长延堡街道长丰园社区居委会");
            assert_eq!(community.path, "610000000000/610100000000/610113000000/610113003000/610113003020/");
            assert_eq!((community.level, community.district.as_deref()), (Level::Community, Some("610113000000")));
            assert_eq!(known("610000000000").full_name, "陕西省");
            assert_eq!(known("610100000000").district, None);
            let districts = |area: &'static str| db.read_blocking(Lane::Fast, move |r| store::districts(r, area)).unwrap();
            assert_eq!(districts("610100000000").len(), 13);
            assert_eq!(districts("610000000000").len(), 13);
            assert_eq!(districts("610113000000"), [known("610113000000")]);
            assert_eq!(districts("610113003020"), [community]);
            assert_eq!(districts("110000000000"), []);
        }

        fn an_import_that_was_broken_off_is_completed(db) {
            ensure_shipped(&db).unwrap();
            db.write_blocking(|w| {
                rows::set_importing(w, true)?;
                rows::remove(w, "610113003020")
            }).unwrap();
            ensure_shipped(&db).unwrap();
            assert!(db.read_blocking(Lane::Fast, |r| store::by_code(r, "610113003020")).unwrap().is_some());
            assert!(!db.read_blocking(Lane::Fast, rows::importing).unwrap());
        }

        fn nothing_of_a_list_with_faults_is_imported(db) {
            let list = "code,name,level\n610102000000,新城区,county\n610103,碑林区,county\n";
            let Err(ImportError::Faults(faults)) = import(&db, 2021, list.as_bytes()) else { panic!("it has a fault") };
            assert_eq!(faults.len(), 1);
            assert!(!db.read_blocking(Lane::Fast, rows::any).unwrap());
        }

        fn a_changed_name_reaches_what_lies_below(db) {
            let list = |street: &str| format!("code,name,level,valid_to,successor\n610112001000,{street},town,,\n610112001001,甲乙社区,village,2024-01-01,610112001002\n");
            let made = import(&db, 2021, list("东街道").as_bytes()).unwrap();
            assert_eq!(made, Imported { added: 5, made: 3, changed: 0, unchanged: 0 });
            let street = list("西街道").lines().take(2).collect::<Vec<_>>().join("\n");
            assert_eq!(import(&db, 2021, street.as_bytes()).unwrap(), Imported { added: 0, made: 0, changed: 2, unchanged: 3 });
            let community = db.read_blocking(Lane::Fast, |r| store::by_code(r, "610112001001")).unwrap().unwrap();
            assert_eq!(community.full_name, "陕西省610100000000610112000000西街道甲乙社区");
            assert_eq!(community.successor.as_deref(), Some("610112001002"));
            assert!(community.valid_at(crate::clock::Time(0)) && !community.valid_at(crate::clock::Time::parse("2024-01-01T00:00:00Z").unwrap()));
        }

        fn a_name_is_found_however_its_ending_is_written(db) {
            ensure_shipped(&db).unwrap();
            let endings = ["", "社区", "社区居委会", "社区居民委员会", "居委会", "居民委员会", "社区委会", "村委会", "村民委员会", "村"];
            for ending in endings {
                assert_eq!(found(&db, &format!("长丰园{ending}"), None)[0], "陕西省西安市雁塔区长延堡街道长丰园社区居委会", "{ending}");
            }
            for query in ["610113003020", "６１０１１３００３０２０", "雁塔 长丰园", "长丰园 雁塔区", "长丰园社", "雁塔区长延堡街道长丰园社区", "长延堡街道长丰园社区居委会"] {
                assert_eq!(found(&db, query, None), ["陕西省西安市雁塔区长延堡街道长丰园社区居委会"], "{query}");
            }
            assert_eq!(found(&db, "长延堡街道办事处", None)[0], "陕西省西安市雁塔区长延堡街道");
            assert_eq!(found(&db, "华侨城108坊", None).len(), 1);
            assert_eq!(found(&db, "未央", None)[0], "陕西省西安市未央区");
            assert_eq!(found(&db, "610113", None)[0], "陕西省西安市雁塔区");
            assert_eq!(found(&db, "610113", None).len(), 20);
        }

        fn the_own_district_comes_first(db) {
            ensure_shipped(&db).unwrap();
            let anywhere = found(&db, "东关社区", None);
            assert!(anywhere.len() > 3, "{anywhere:?}");
            let mut firsts = std::collections::BTreeSet::new();
            for (near, district) in [("610102000000", "新城区"), ("610103001000", "碑林区"), ("610118001001", "鄠邑区")] {
                let first = found(&db, "东关", Some(near)).remove(0);
                if anywhere.iter().any(|name| name.contains(district)) {
                    assert!(first.contains(district), "{first} near {near}");
                    firsts.insert(first);
                }
                assert_eq!(found(&db, "东关", Some(near)).len(), found(&db, "东关", None).len());
            }
            assert!(firsts.len() > 1);
        }

        fn nothing_of_a_search_is_a_pattern(db) {
            ensure_shipped(&db).unwrap();
            for query in ["%", "_", "!", "长%园", "长_园", "' OR 1=1 --", "\\", ""] {
                assert_eq!(found(&db, query, None), Vec::<String>::new(), "{query}");
            }
            assert_eq!(found(&db, "长丰园", Some("no region")).len(), 1);
        }

        fn only_what_is_in_force_is_found(db) {
            let list = |rows: &str| format!("code,name,level,valid_from,valid_to\n{rows}\n");
            import(&db, 2021, list("610112001001,甲乙社区,village,,").as_bytes()).unwrap();
            import(&db, 2023, list("610112001001,丙丁社区,village,2026-06-02,").as_bytes()).unwrap();
            assert_eq!((found(&db, "甲乙", None).len(), found(&db, "丙丁", None).len()), (1, 0));
            db.clock.advance(2 * crate::clock::DAY);
            assert_eq!((found(&db, "甲乙", None).len(), found(&db, "丙丁", None).len()), (0, 1));
            import(&db, 2024, list("610112001001,丙丁社区,village,,2026-06-03").as_bytes()).unwrap();
            assert_eq!(found(&db, "丙丁", None).len(), 0);
            let below = db.read_blocking(Lane::Fast, |r| store::children(r, "610112001000", None, Time(0), 9)).unwrap();
            assert_eq!(below.iter().map(|region| region.name.as_str()).collect::<Vec<_>>(), ["丙丁社区"]);
        }

        fn a_group_has_the_members_it_was_given_last(db) {
            ensure_shipped(&db).unwrap();
            let set = |codes: &[&str]| {
                let codes: Vec<String> = codes.iter().map(|code| (*code).to_owned()).collect();
                db.write_blocking(move |w| set_group(w, "曲江新区", &codes))
            };
            set(&["610113003020", "610113000000"]).unwrap();
            assert_eq!(set(&["610113003020", "610113003020"]).unwrap().codes, ["610113003020"]);
            assert!(matches!(set(&["610113003020", "1"]), Err(Error::Invalid(_))));
            assert_eq!(db.read_blocking(Lane::Fast, store::groups).unwrap(), [Group { name: "曲江新区".into(), codes: vec!["610113003020".into()] }]);
        }

        fn the_newest_edition_is_read(db) {
            import(&db, 2021, b"code,name,level\n610102000000,\xe6\x97\xa7,county\n").unwrap();
            import(&db, 2023, b"code,name,level\n610102000000,\xe6\x96\xb0,county\n").unwrap();
            let region = db.read_blocking(Lane::Fast, |r| store::by_code(r, "610102000000")).unwrap().unwrap();
            assert_eq!((region.edition, region.name.as_str()), (2023, "新"));
            assert_eq!(db.read_blocking(Lane::Fast, |r| store::districts(r, "610100000000")).unwrap(), [region]);
        }
    }
}
