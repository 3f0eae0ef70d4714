//! docs/conformance.md, from the statements and the tests that show them.

use std::fmt::Write;
use std::path::Path;

use super::sources::Shown;
use super::table::Statement;

/// The specifications in the order of the document, with what it says about each.
const SPECIFICATIONS: [(&str, &str); 3] = [
    ("5.0", "The identifiers are those of appendix B of the specification."),
    ("3.1.1", "The identifiers are those of appendix B of the specification."),
    ("3.1", "This specification has no identifiers: there is one row for each of its sections."),
];

/// The whole document.
pub fn render(root: &Path, statements: &[Statement], shown: &[Shown]) -> String {
    let introduction =
        std::fs::read_to_string(root.join("tests/conformance/introduction.md")).expect("the introduction");
    let mut out = introduction.trim_end().to_owned() + "\n";
    for (specification, note) in SPECIFICATIONS {
        let rows: Vec<&Statement> = statements.iter().filter(|s| s.specification == specification).collect();
        let excused = rows.iter().filter(|s| s.not_applicable.is_some()).count();
        let open = rows.iter().filter(|s| is_open(s, shown)).count();
        let _ = write!(
            out,
            "\n## MQTT {specification}\n\n{note} {} statements: {} met",
            rows.len(),
            rows.len() - excused - open
        );
        let _ = write!(
            out,
            ", {excused} not applicable{}.\n\n",
            if open > 0 { format!(", **{open} open**") } else { String::new() }
        );
        out.push_str("| Statement | Binds | In short | Met by |\n|---|---|---|---|\n");
        for row in rows {
            let _ = writeln!(out, "| {} | {} | {} | {} |", row.id, row.binds, cell(&row.text), evidence(row, shown));
        }
    }
    out
}

/// Neither shown by a test nor excused.
pub fn is_open(statement: &Statement, shown: &[Shown]) -> bool {
    statement.not_applicable.is_none() && !shown.iter().any(|shown| shown.statement == statement.name())
}

fn evidence(statement: &Statement, shown: &[Shown]) -> String {
    if let Some(reason) = &statement.not_applicable {
        return format!("not applicable: {}", cell(reason));
    }
    let name = statement.name();
    let mut tests: Vec<&str> =
        shown.iter().filter(|shown| shown.statement == name).map(|shown| shown.test.as_str()).collect();
    tests.sort_unstable();
    tests.dedup();
    if tests.is_empty() {
        return "**open**".to_owned();
    }
    tests.iter().map(|test| format!("`{test}`")).collect::<Vec<_>>().join("<br>")
}

/// Text that cannot break the table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
