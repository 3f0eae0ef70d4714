//! The statements, and those that do not apply, as tests/conformance keeps them.

use std::path::Path;

/// One conformance statement.
pub struct Statement {
    /// `3.1`, `3.1.1` or `5.0`.
    pub specification: String,
    /// `MQTT-3.1.2-4`; in MQTT 3.1, which has no identifiers, the section: `§3.1`.
    pub id: String,
    /// `client`, `server` or `both`.
    pub binds: String,
    /// What it demands, in words of ours.
    pub text: String,
    /// Why neither of our ends can meet or break it.
    pub not_applicable: Option<String>,
}

impl Statement {
    /// How a `Shows:` line names it.
    pub fn name(&self) -> String {
        format!("{} {}", self.specification, self.id)
    }
}

/// All of them, in the order of the file. What is wrong with the files goes to `problems`.
pub fn read(root: &Path, problems: &mut Vec<String>) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    for row in rows(root, "statements.tsv", problems) {
        let [specification, id, binds, text] = row;
        if !["client", "server", "both"].contains(&binds.as_str()) {
            problems.push(format!("statements.tsv: {specification} {id} binds \"{binds}\""));
        }
        if statements.iter().any(|known| known.specification == specification && known.id == id) {
            problems.push(format!("statements.tsv: {specification} {id} stands there twice"));
        }
        statements.push(Statement { specification, id, binds, text, not_applicable: None });
    }
    for row in rows(root, "not-applicable.tsv", problems) {
        let [specification, id, reason] = row;
        match statements.iter_mut().find(|known| known.specification == specification && known.id == id) {
            Some(statement) if statement.not_applicable.is_none() => statement.not_applicable = Some(reason),
            Some(_) => problems.push(format!("not-applicable.tsv: {specification} {id} stands there twice")),
            None => problems.push(format!("not-applicable.tsv: there is no statement {specification} {id}")),
        }
    }
    statements
}

fn rows<const N: usize>(root: &Path, file: &str, problems: &mut Vec<String>) -> Vec<[String; N]> {
    let text = std::fs::read_to_string(root.join("tests/conformance").join(file))
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let fields: Vec<String> = line.split('\t').map(str::to_owned).collect();
        match <[String; N]>::try_from(fields) {
            Ok(row) if row.iter().all(|field| !field.trim().is_empty()) => rows.push(row),
            _ => problems.push(format!("{file}:{}: not {N} filled columns: {line}", number + 1)),
        }
    }
    rows
}
