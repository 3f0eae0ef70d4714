//! Rules of the architecture that Cargo cannot hold. Each test reads the tree.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Which of our crates each crate may name in `[dependencies]`: the layers of docs/architecture.md.
const LAYERS: [(&str, &[&str]); 8] = [
    ("proto", &[]),
    ("net", &[]),
    ("client", &["proto", "net"]),
    ("store", &["proto"]),
    ("broker", &["proto", "net", "store"]),
    ("php", &["proto", "net", "client", "store", "broker"]),
    ("capi", &["proto", "net", "client", "store", "broker"]),
    ("cli", &["proto", "net", "client", "store", "broker"]),
];

/// The crates that hold `unsafe`: the doors to PHP and C.
const DOORS: [&str; 2] = ["php", "capi"];

/// Inside proto: what each folder may not import.
const INSIDE_PROTO: [(&str, &[&str]); 3] =
    [("packet", &["wire", "session", "topic"]), ("topic", &["wire", "session", "packet"]), ("wire", &["session"])];

/// A file longer than this is split. One that passes [`QUESTION`] is named in the output.
const LONGEST: usize = 1000;
const QUESTION: usize = 600;

#[test]
fn crates_import_only_what_lies_below_them() {
    for (name, allowed) in LAYERS {
        let dependencies = dependencies(name);
        for other in LAYERS.map(|(other, _)| other) {
            let named = dependencies.iter().any(|dependency| dependency == &format!("mqtt-{other}"));
            assert!(
                !named || allowed.contains(&other),
                "src/{name}/Cargo.toml names mqtt-{other}; it may name only {allowed:?}"
            );
        }
    }
}

#[test]
fn proto_and_store_know_no_runtime_and_no_socket() {
    for name in ["proto", "store"] {
        for dependency in dependencies(name) {
            let foreign = ["tokio", "mio", "rustix", "libc", "socket2", "rustls", "tungstenite"];
            assert!(!foreign.contains(&dependency.as_str()), "src/{name}/Cargo.toml names {dependency}");
        }
    }
    for file in rust_files("src/proto") {
        for (line, code) in code_lines(&file) {
            for word in [
                "std::net",
                "std::io",
                "std::time::Instant",
                "std::time::SystemTime",
                "std::thread",
                "std::fs",
                "SystemTime",
                "Instant",
            ] {
                assert!(
                    !code.contains(word),
                    "{}:{line}: {word} in proto, which has no I/O, clock or thread",
                    file.display()
                );
            }
        }
    }
}

#[test]
fn seams_name_no_runtime() {
    for file in rust_files("src/store").into_iter().chain([root().join("src/broker/hooks.rs")]) {
        for (line, code) in code_lines(&file) {
            assert!(!code.contains("tokio"), "{}:{line}: tokio in a seam", file.display());
        }
    }
}

#[test]
fn inside_proto_imports_point_down() {
    for (folder, forbidden) in INSIDE_PROTO {
        for file in rust_files(&format!("src/proto/{folder}")) {
            for (line, code) in code_lines(&file) {
                for other in forbidden {
                    let imports = code.contains(&format!("crate::{other}"))
                        || code.contains("use crate::{") && words(&code).any(|word| word == *other);
                    assert!(!imports, "{}:{line}: {folder} imports {other}", file.display());
                }
            }
        }
    }
}

#[test]
fn only_proto_decides_by_version() {
    for file in rust_files("src") {
        if file.starts_with(root().join("src/proto")) {
            continue;
        }
        for (line, code) in code_lines(&file) {
            assert!(!decides_by_version(&code), "{}:{line}: ask Version instead: {}", file.display(), code.trim());
        }
    }
}

/// A comparison with a version, or a pattern that holds one. Making a `Version` is no decision.
fn decides_by_version(code: &str) -> bool {
    let compact: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let pattern = compact.match_indices("Version::V").any(|(at, _)| {
        let before = &compact[..at];
        let after = &compact[at + "Version::".len()..];
        let name: String = after.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let rest = &after[name.len()..];
        rest.starts_with("=>")
            || rest.starts_with("==")
            || rest.starts_with("!=")
            || before.ends_with("==")
            || before.ends_with("!=")
    });
    let matches = compact.contains("matches!(") && compact.contains("Version::V");
    pattern || matches || compact.contains("matchversion{")
}

#[test]
fn unsafe_lives_in_the_doors() {
    for (name, _) in LAYERS {
        if DOORS.contains(&name) {
            continue;
        }
        let main =
            ["lib.rs", "main.rs"].map(|file| root().join("src").join(name).join(file)).into_iter().find(|f| f.exists());
        let main = main.unwrap_or_else(|| panic!("src/{name} has neither lib.rs nor main.rs"));
        assert!(read(&main).contains("#![forbid(unsafe_code)]"), "{} does not forbid unsafe_code", main.display());
        for file in rust_files(&format!("src/{name}")) {
            for (line, code) in code_lines(&file) {
                let found = words(&code).any(|word| word == "unsafe");
                assert!(!found, "{}:{line}: unsafe outside the doors", file.display());
            }
        }
    }
}

/// `// SAFETY:` stands above each unsafe block, or on its line.
#[test]
fn unsafe_blocks_say_why() {
    for file in DOORS.iter().flat_map(|door| rust_files(&format!("src/{door}"))) {
        let text = read(&file);
        let lines: Vec<&str> = text.lines().collect();
        for (number, code) in code_lines(&file) {
            if !code.contains("unsafe {") {
                continue;
            }
            let near = &lines[number.saturating_sub(9)..number];
            assert!(
                near.iter().any(|line| line.contains("SAFETY")),
                "{}:{number}: an unsafe block without its reason",
                file.display()
            );
        }
    }
}

#[test]
fn nothing_is_left_to_do() {
    for file in rust_files("src") {
        for (number, line) in read(&file).lines().enumerate() {
            for word in ["todo!(", "unimplemented!(", "FIXME", "TODO", "XXX", "dbg!("] {
                assert!(!line.contains(word), "{}:{}: {word}", file.display(), number + 1);
            }
        }
    }
}

#[test]
fn no_file_is_too_long() {
    let mut long: Vec<(usize, PathBuf)> = rust_files("src")
        .into_iter()
        .map(|file| (read(&file).lines().count(), file))
        .filter(|(lines, _)| *lines > QUESTION)
        .collect();
    long.sort();
    for (lines, file) in &long {
        println!("{lines:6} {}", file.display());
    }
    for (lines, file) in long {
        assert!(lines <= LONGEST, "{} has {lines} lines: split it by what it does", file.display());
    }
}

/// docs/dependencies.md gives a reason for each crate that the workspace names, and for none that it does not.
#[test]
fn each_dependency_has_its_reason() {
    let manifest = read(&root().join("Cargo.toml"));
    let section = manifest.split("[workspace.dependencies]").nth(1).expect("the root manifest names the dependencies");
    let section = section.split("\n[").next().unwrap_or_default();
    let named: Vec<&str> = section
        .lines()
        .filter(|l| !l.starts_with('#'))
        .filter_map(|l| l.split_once('='))
        .map(|(n, _)| n.trim())
        .filter(|n| !n.starts_with("mqtt-"))
        .collect();
    let document = read(&root().join("docs/dependencies.md"));
    let reasons: BTreeMap<&str, &str> =
        document.lines().filter_map(|line| line.strip_prefix("| `")).filter_map(|line| line.split_once('`')).collect();
    for name in &named {
        let reason = reasons.get(name).unwrap_or_else(|| panic!("docs/dependencies.md does not name {name}"));
        assert!(reason.len() > 20, "docs/dependencies.md gives no reason for {name}");
    }
    for name in reasons.keys() {
        let used = named.contains(name) || every_manifest().iter().any(|m| m.contains(&format!("\n{name} =")));
        assert!(used, "docs/dependencies.md names {name}, which no manifest does");
    }
}

#[test]
fn the_php_crate_stays_out_of_plain_cargo_test() {
    let manifest = read(&root().join("Cargo.toml"));
    let line = manifest.lines().find(|line| line.starts_with("default-members")).expect("default-members is one line");
    assert!(!line.contains("src/php"), "src/php needs PHP's headers: it does not belong to default-members");
}

#[test]
fn version_decisions_are_recognized() {
    for code in [
        "if version == Version::V5 {",
        "Version::V3_1 => 1,",
        "match version {",
        "matches!(v, Version::V5)",
        "if Version::V5 != v {",
    ] {
        assert!(decides_by_version(code), "{code}");
    }
    for code in
        ["\"mqttv5\" => Version::V5,", "let v = Version::V5;", "Some(Version::V3_1_1)", "if version.has_properties() {"]
    {
        assert!(!decides_by_version(code), "{code}");
    }
}

// -- Reading the tree ------------------------------------------------------------------------------------------------

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_path_buf()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn every_manifest() -> Vec<String> {
    let mut manifests: Vec<String> =
        LAYERS.iter().map(|(name, _)| read(&root().join("src").join(name).join("Cargo.toml"))).collect();
    manifests.push(read(&root().join("tests/Cargo.toml")));
    manifests
}

/// The names under `[dependencies]` of a crate of ours.
fn dependencies(name: &str) -> Vec<String> {
    let manifest = read(&root().join("src").join(name).join("Cargo.toml"));
    let section = manifest.split("\n[dependencies]").nth(1).unwrap_or_default();
    let section = section.split("\n[").next().unwrap_or_default();
    section
        .lines()
        .map(|line| line.split(['.', ' ', '=']).next().unwrap_or_default().to_owned())
        .filter(|n| !n.is_empty() && !n.starts_with('#'))
        .collect()
}

/// The Rust files under a folder of the tree.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder that can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
}

/// The lines of a file that are code of the product, with their numbers: without comments, literals and tests.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    if file.components().any(|part| part.as_os_str() == "tests.rs" || part.as_os_str() == "tests") {
        // The root's own path may hold such a folder; what counts is the path inside the tree.
        let inside = file.strip_prefix(root()).unwrap_or(file);
        if inside.components().any(|part| part.as_os_str() == "tests.rs" || part.as_os_str() == "tests") {
            return Vec::new();
        }
    }
    let text = without_comments_and_literals(&read(file));
    let product = match text.find("#[cfg(test)]\nmod tests {") {
        Some(at) => &text[..at],
        None => &text,
    };
    product.lines().enumerate().map(|(i, line)| (i + 1, line.to_owned())).collect()
}

/// The text with comments and the insides of literals made blank. Line numbers stay.
fn without_comments_and_literals(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |out: &mut String, from: usize, to: usize| {
        out.extend(text[from..to].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
    };
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            text[at..].find('\n').map_or(bytes.len(), |n| at + n)
        } else if rest.starts_with(b"/*") {
            text[at..].find("*/").map_or(bytes.len(), |n| at + n + 2)
        } else if rest.starts_with(b"r\"") || rest.starts_with(b"r#\"") {
            let close = if rest[1] == b'#' { "\"#" } else { "\"" };
            let open = at + 1 + close.len();
            text[open..].find(close).map_or(bytes.len(), |n| open + n + close.len())
        } else if rest[0] == b'"' {
            let mut end = at + 1;
            while end < bytes.len() && bytes[end] != b'"' {
                end += if bytes[end] == b'\\' { 2 } else { 1 };
            }
            (end + 1).min(bytes.len())
        } else if rest.starts_with(b"'\"'") || rest.starts_with(b"'\\") {
            // The only character literals that would confuse what follows.
            text[at + 2..].find('\'').map_or(bytes.len(), |n| at + 2 + n + 1)
        } else {
            let length = text[at..].chars().next().map_or(1, char::len_utf8);
            out.push_str(&text[at..at + length]);
            at += length;
            continue;
        };
        blank(&mut out, at, end);
        at = end;
    }
    out
}
