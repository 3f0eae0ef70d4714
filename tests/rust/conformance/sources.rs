//! Which test shows which statements: the `Shows:` lines of the Rust sources.

use std::path::{Path, PathBuf};

/// One statement shown by one test.
pub struct Shown {
    /// As [`super::table::Statement::name`].
    pub statement: String,
    /// `tests/rust/broker/wills.rs::a_will_waits_for_its_delay`.
    pub test: String,
}

/// Reads src and tests/rust. What is wrong with a `Shows:` line goes to `problems`.
pub fn read(root: &Path, problems: &mut Vec<String>) -> Vec<Shown> {
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    collect(&root.join("tests/rust"), &mut files);
    files.sort();
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|path| {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a source"))
        })
        .collect();
    let manifest = std::fs::read_to_string(root.join("tests/Cargo.toml")).expect("the manifest of the tests");
    let mut shown = Vec::new();
    for (name, text) in &texts {
        let before = shown.len();
        scan(name, text, &mut shown, problems);
        if shown.len() > before && !is_compiled(name, &texts, &manifest) {
            problems.push(format!("{name}: no other source has it as a module, so its tests never run"));
        }
    }
    shown
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// The lines `/// Shows: A, B` directly above a test; attributes and other doc lines may stand between.
fn scan(name: &str, text: &str, shown: &mut Vec<Shown>, problems: &mut Vec<String>) {
    let mut statements: Vec<String> = Vec::new();
    let (mut is_test, mut is_ignored) = (false, false);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(list) = line.strip_prefix("/// Shows:") {
            statements.extend(list.split(',').map(|entry| entry.trim().trim_end_matches('.').to_owned()));
        } else if line.starts_with("#[") {
            is_test |= line == "#[test]" || line.starts_with("#[tokio::test");
            is_ignored |= line.starts_with("#[ignore");
        } else if line.starts_with("//") {
        } else {
            if let Some(function) = function_name(line).filter(|_| !statements.is_empty()) {
                if !is_test || is_ignored {
                    problems
                        .push(format!("{name}:{}: {function} shows something but is no test that runs", number + 1));
                }
                let test = format!("{name}::{function}");
                shown.extend(statements.drain(..).map(|statement| Shown { statement, test: test.clone() }));
            } else if !statements.is_empty() {
                problems.push(format!("{name}:{}: a Shows: line without a test under it", number + 1));
            }
            statements.clear();
            (is_test, is_ignored) = (false, false);
        }
    }
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub ").unwrap_or(line);
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = line.strip_prefix("fn ")?;
    rest.split(['(', '<']).next()
}

/// A file of tests that nobody names as a module would be read here but never run.
fn is_compiled(name: &str, texts: &[(String, String)], manifest: &str) -> bool {
    if let Some(path) = name.strip_prefix("tests/").filter(|path| manifest.contains(&format!("path = \"{path}\""))) {
        return !path.is_empty();
    }
    let path = Path::new(name);
    let stem = path.file_stem().expect("a stem").to_string_lossy();
    let folder = path.parent().expect("a folder");
    // `a/mod.rs` is declared where `a` would be.
    let (module, folder) = match (&*stem, folder.file_name()) {
        ("lib" | "main", _) => return true,
        ("mod", Some(module)) => (module.to_string_lossy(), folder.parent().expect("a folder")),
        _ => (stem, folder),
    };
    let declaration = format!("mod {module};");
    texts.iter().any(|(other, text)| {
        let other = Path::new(other);
        (other.parent() == Some(folder) || other.with_extension("") == folder)
            && text.lines().any(|line| line.trim().ends_with(&declaration))
    })
}
