//! Keeps the house in order: who may use what, how long a file may be, and that both migration folders match. A plain scan of the sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms below the features: none of them knows a feature.
const FOUNDATIONS: [&str; 6] = ["db", "crypto", "counters", "ledger", "audit", "jobs"];

/// Rooms that are not features.
const ROOMS: [&str; 4] = ["http", "mail", "cli", "app"];

/// Longest file, in lines, tests left out.
const MOST_LINES: usize = 400;

struct Source {
    path: String,
    /// The text without its unit tests and comments.
    code: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let mut all = Vec::new();
    walk(Path::new("src"), &mut |path| {
        let text = fs::read_to_string(path).expect("sources are readable");
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        all.push(Source { path: path.to_string_lossy().replace('\\', "/"), code, text });
    });
    assert!(all.len() > 30, "the scan found the sources");
    all
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path)) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, visit);
        } else if path.extension().is_some_and(|e| e == "rs") {
            visit(&path);
        }
    }
}

impl Source {
    fn is_test(&self) -> bool {
        self.file() == "tests.rs" || self.path.contains("/tests/")
    }

    fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }

    /// The room or feature: the first folder, or the file at the top.
    fn room(&self) -> &str {
        self.path.split('/').nth(1).unwrap_or_default().trim_end_matches(".rs")
    }

    /// The layer: the file's name, or the folder that took its place.
    fn layer(&self) -> Option<&'static str> {
        ["model", "rules", "store", "service", "routes"]
            .into_iter()
            .find(|layer| self.file() == format!("{layer}.rs") || self.path.contains(&format!("/{layer}/")))
    }

    fn uses(&self, name: &str) -> bool {
        self.code.match_indices(name).any(|(at, _)| {
            let before = self.code[..at].chars().next_back();
            let after = self.code[at + name.len()..].chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_') && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        })
    }
}

fn features(sources: &[Source]) -> BTreeSet<String> {
    let folders = sources.iter().filter(|s| s.path.matches('/').count() > 1).map(|s| s.room().to_owned());
    folders.filter(|room| !FOUNDATIONS.contains(&room.as_str()) && !ROOMS.contains(&room.as_str())).collect()
}

fn assert_none(found: Vec<String>, rule: &str) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn every_file_says_what_it_is() {
    let bare = sources().iter().filter(|s| !s.text.starts_with("//!")).map(|s| s.path.clone()).collect();
    assert_none(bare, "a file begins with a sentence or two of //!");
}

#[test]
fn sql_lives_in_stores() {
    let sources = sources();
    let strays =
        sources.iter().filter(|s| s.room() != "db" && s.layer() != Some("store") && !s.file().starts_with("store") && !s.is_test());
    let strays = strays.filter(|s| s.code.contains("diesel::") && s.path != "src/error.rs").map(|s| s.path.clone()).collect();
    assert_none(strays, "diesel belongs in db/ and store files");
}

#[test]
fn http_lives_at_the_edge() {
    let sources = sources();
    let inside = sources.iter().filter(|s| !matches!(s.room(), "http" | "app" | "cli" | "main") && s.layer() != Some("routes"));
    let strays = inside.filter(|s| s.uses("actix_web") && !s.is_test() && s.room() != "telemetry").map(|s| s.path.clone()).collect();
    assert_none(strays, "actix_web belongs in http/, app, cli, main and routes files");
}

#[test]
fn layers_point_one_way() {
    let forbidden = |layer: &str| -> &[&str] {
        match layer {
            "model" => &["rules::", "store::", "service::", "routes::"],
            "rules" => &["store::", "service::", "routes::"],
            "store" => &["service::", "routes::"],
            "service" => &["routes::"],
            _ => &[],
        }
    };
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| !FOUNDATIONS.contains(&s.room()) && !ROOMS.contains(&s.room()) && !s.is_test()) {
        for name in source.layer().map(forbidden).unwrap_or_default() {
            if source.uses(name.trim_end_matches("::")) && source.code.contains(name) {
                found.push(format!("{} uses {name}", source.path));
            }
        }
    }
    assert_none(found, "routes → service → {rules, store} → model");
}

#[test]
fn foundations_know_no_feature() {
    let sources = sources();
    let features = features(&sources);
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| FOUNDATIONS.contains(&s.room()) && !s.is_test()) {
        // The audit names its actor as accounts does.
        let known = |feature: &str| source.room() == "audit" && feature == "accounts";
        for feature in features.iter().filter(|f| !known(f) && source.code.contains(&format!("crate::{f}::"))) {
            found.push(format!("{} uses {feature}", source.path));
        }
    }
    assert_none(found, "db, crypto, counters, ledger, audit and jobs know no feature");
}

#[test]
fn features_leave_each_others_routes_alone() {
    let sources = sources();
    let mut found = Vec::new();
    for feature in features(&sources) {
        let routes = format!("crate::{feature}::routes");
        let others = sources.iter().filter(|s| s.room() != feature && !matches!(s.room(), "app" | "cli"));
        found.extend(others.filter(|s| s.code.contains(&routes)).map(|s| format!("{} uses {routes}", s.path)));
    }
    assert_none(found, "only app mounts routes");
}

#[test]
fn nothing_panics_by_habit() {
    let sources = sources();
    let habits = [".unwrap()", "todo!(", "unimplemented!(", "dbg!(", "allow(dead_code)"];
    let mut found = Vec::new();
    for source in sources.iter().filter(|s| !s.is_test()) {
        found.extend(habits.iter().filter(|habit| source.code.contains(**habit)).map(|habit| format!("{} has {habit}", source.path)));
    }
    assert_none(found, "errors are values");
}

#[test]
fn files_stay_short() {
    let written = sources().into_iter().filter(|s| !s.is_test() && s.path != "src/db/schema.rs");
    let long = written.filter_map(|s| {
        let lines = s.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().lines().count();
        (lines > MOST_LINES).then(|| format!("{} has {lines} lines", s.path))
    });
    assert_none(long.collect(), "a file has at most 400 lines");
}

#[test]
fn both_engines_have_the_same_migrations() {
    let names = |engine: &str| -> BTreeSet<String> {
        let folder = fs::read_dir(format!("migrations/{engine}")).expect("a folder of migrations");
        folder.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    assert!(!sqlite.is_empty());
    assert_eq!(sqlite, postgres);
    for name in sqlite {
        for engine in ["sqlite", "postgres"] {
            for file in ["up.sql", "down.sql"] {
                assert!(Path::new(&format!("migrations/{engine}/{name}/{file}")).exists(), "{engine}/{name} has no {file}");
            }
        }
    }
}
