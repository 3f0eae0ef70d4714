//! docs/conformance.md: every statement of the three specifications, and the tests that show that it is met.
//!
//! A test says `/// Shows: 5.0 MQTT-3.1.2-4, 3.1 §3.1` above its `#[test]`; tests/conformance/README.md has the rest.
//! `script/conformance` writes the document; these tests hold it against the sources.

#[path = "conformance/document.rs"]
mod document;
#[path = "conformance/sources.rs"]
mod sources;
#[path = "conformance/table.rs"]
mod table;

use std::path::{Path, PathBuf};

#[test]
fn every_shows_line_names_a_statement_and_stands_above_a_test() {
    let (_, _, problems) = read();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_statement_is_met_by_a_test_or_not_applicable() {
    let (statements, shown, _) = read();
    let open: Vec<String> = statements
        .iter()
        .filter(|statement| document::is_open(statement, &shown))
        .map(|statement| format!("{} ({}): {}", statement.name(), statement.binds, statement.text))
        .collect();
    assert!(open.is_empty(), "{} statements are met by no test:\n{}", open.len(), open.join("\n"));
}

#[test]
fn the_document_is_that_of_the_sources() {
    let (statements, shown, _) = read();
    let wanted = document::render(&root(), &statements, &shown);
    let path = root().join("docs/conformance.md");
    if std::env::var_os("MQTT_WRITE_CONFORMANCE").is_some() {
        std::fs::write(&path, wanted).expect("the document is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    assert!(
        found == wanted,
        "docs/conformance.md is not that of the sources (line {:?}): run script/conformance",
        differs.map(|at| at + 1)
    );
}

fn read() -> (Vec<table::Statement>, Vec<sources::Shown>, Vec<String>) {
    let mut problems = Vec::new();
    let statements = table::read(&root(), &mut problems);
    let shown = sources::read(&root(), &mut problems);
    for shown in &shown {
        match statements.iter().find(|statement| statement.name() == shown.statement) {
            None => problems.push(format!("{} shows \"{}\", which is no statement", shown.test, shown.statement)),
            Some(statement) if statement.not_applicable.is_some() => {
                problems.push(format!("{} shows {}, which is said not to apply", shown.test, shown.statement));
            }
            Some(_) => {}
        }
    }
    (statements, shown, problems)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_path_buf()
}
