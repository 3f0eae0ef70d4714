//! `include/mqtt.h` is what `src/capi` says. `script/header` writes it; this test compares, so that the two cannot part.

use std::path::{Path, PathBuf};

/// In the order in which the header shows them.
const SOURCES: [&str; 20] = [
    "abi.rs",
    "result.rs",
    "codes.rs",
    "ffi.rs",
    "property.rs",
    "fields.rs",
    "packet.rs",
    "decoder.rs",
    "topic.rs",
    "options.rs",
    "options_more.rs",
    "message.rs",
    "event.rs",
    "client.rs",
    "client_subscribe.rs",
    "client_request.rs",
    "broker_config.rs",
    "hooks.rs",
    "question.rs",
    "broker.rs",
];

#[test]
fn the_header_is_that_of_the_sources() {
    let header = generate();
    let path = root().join("include/mqtt.h");
    if std::env::var_os("MQTT_WRITE_HEADER").is_some() {
        std::fs::create_dir_all(root().join("include")).expect("a folder");
        std::fs::write(&path, header).expect("the header is written");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(header.lines()).position(|(found, wanted)| found != wanted);
    assert!(
        found == header,
        "include/mqtt.h is not that of src/capi (line {:?}): run script/header",
        differs.map(|at| at + 1)
    );
}

/// docs/c-api.md below its mark is the header in another dress.
#[test]
fn the_page_is_that_of_the_header() {
    let path = root().join("docs/c-api.md");
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let by_hand = found.split(MARK).next().unwrap_or_default();
    let page = format!("{by_hand}{MARK}\n\n{}", reference(&generate()));
    if std::env::var_os("MQTT_WRITE_HEADER").is_some() {
        std::fs::write(&path, page).expect("the page is written");
        return;
    }
    assert!(found == page, "docs/c-api.md is not that of src/capi: run script/header");
}

/// A program that was built against an older header goes on: what that declares is declared the same way, with the same
/// numbers. The link of such a program is tested in tests/c.
#[test]
fn nothing_of_the_previous_header_has_changed() {
    let previous = std::fs::read_to_string(root().join("tests/c/previous/mqtt.h")).expect("the previous header");
    let header = generate();
    let (before, after) = (Declarations::of(&previous), Declarations::of(&header));
    assert!(before.functions.len() > 90, "{}", before.functions.len());
    for function in &before.functions {
        assert!(after.functions.contains(function), "gone or changed: {function}");
    }
    assert!(before.numbers.len() > 100);
    for number in &before.numbers {
        assert!(after.numbers.contains(number), "gone or changed: {number}");
    }
    let version = |header: &str| -> u32 {
        let rest = header.split("#define MQTT_ABI_VERSION ").nth(1).expect("a version");
        rest.lines().next().and_then(|number| number.trim().parse().ok()).expect("a number")
    };
    let more = after.functions.len() > before.functions.len();
    assert!(version(&header) > version(&previous) || !more, "functions came: raise MQTT_ABI_VERSION");
    assert_eq!(version(&header) / 100, version(&previous) / 100);
}

#[test]
fn every_function_is_in_the_header_with_its_contract() {
    let header = generate();
    for source in sources() {
        let text = std::fs::read_to_string(&source).expect("a source");
        for line in
            text.lines().filter(|line| line.contains("extern \"C\" fn mqtt_") && !line.contains("fn mqtt_testing_"))
        {
            let name = line.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).expect("a name");
            let at = [" ", "*"]
                .iter()
                .find_map(|before| header.find(&format!("{before}{name}(")))
                .unwrap_or_else(|| panic!("{name} is not in the header"));
            let before = &header[..at];
            let comment = before.rfind("*/").expect("a comment");
            assert!(!before[comment..].contains(';'), "{name} has no comment");
        }
    }
}

fn generate() -> String {
    let config = cbindgen::Config::from_file(root().join("src/capi/cbindgen.toml")).expect("the configuration is fine");
    let mut builder = cbindgen::Builder::new().with_config(config);
    for source in sources() {
        builder = builder.with_src(source);
    }
    let mut header = Vec::new();
    builder.generate().expect("the sources can be read").write(&mut header);
    String::from_utf8(header).expect("the header is text")
}

/// Every source of the crate: those of the list, then any that the list forgot.
fn sources() -> Vec<PathBuf> {
    let folder = root().join("src/capi");
    let mut sources: Vec<PathBuf> = SOURCES.iter().map(|name| folder.join(name)).collect();
    let mut others: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| {
            !sources.contains(path) && !["tests.rs", "lib.rs", "build.rs"].iter().any(|name| path.ends_with(name))
        })
        .collect();
    others.sort();
    sources.extend(others);
    sources
}

/// Below it stands what is generated.
const MARK: &str = "<!-- From here on generated from include/mqtt.h by script/header. -->";

/// What a header declares, without comments and line ends.
struct Declarations {
    functions: Vec<String>,
    numbers: Vec<String>,
}

impl Declarations {
    fn of(header: &str) -> Declarations {
        let mut text = String::new();
        let mut rest = header;
        while let Some((before, comment)) = rest.split_once("/*") {
            text.push_str(before);
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        let lines: String = text.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line} ")).collect();
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let functions = lines.split([';', '{', '}']).map(words);
        let functions = functions.filter(|text| text.contains("mqtt_") && text.ends_with(')') && !text.contains("(*"));
        let numbers = lines.split([',', '{', '}']).map(words).filter(|text| text.contains(" = "));
        Declarations { functions: functions.collect(), numbers: numbers.collect() }
    }
}

/// The header as Markdown: each declaration as code, with its comment as text, below a heading for each object.
fn reference(header: &str) -> String {
    let mut sections: Vec<(String, String)> = Vec::new();
    let mut current = 0;
    for block in header.split("/**").skip(1) {
        let Some((comment, declaration)) = block.split_once("*/") else { continue };
        let comment: Vec<&str> = comment.lines().map(|line| line.trim_start().trim_start_matches('*').trim()).collect();
        let comment = comment.join("\n").trim().to_owned();
        let declaration = declaration.trim_start_matches('\n');
        let first = declaration.lines().next().unwrap_or_default();
        if first.starts_with(' ') {
            // A value of an enumeration, or a field.
            let code = first.trim().trim_end_matches([',', ';']);
            sections[current].1.push_str(&format!("* `{code}`: {}\n", comment.replace('\n', " ")));
            continue;
        }
        // What an enumeration or a structure holds has comments of its own.
        let whole = !(first.starts_with("#define") || first.starts_with("enum") || first.ends_with('{'));
        let code = if whole { declaration.find(';').map_or(first, |end| &declaration[..=end]) } else { first };
        let code = code.trim_end_matches([' ', '{']);
        let object = object(code);
        current = sections.iter().position(|(name, _)| *name == object).unwrap_or_else(|| {
            sections.push((object, String::new()));
            sections.len() - 1
        });
        sections[current].1.push_str(&format!("\n```c\n{code}\n```\n\n{comment}\n"));
    }
    let sections = sections.iter().map(|(name, text)| format!("\n## {name}\n{}\n", text.trim_end()));
    format!("# Reference\n{}", sections.collect::<String>())
}

/// The object that a declaration belongs to: `client` for mqtt_client_publish.
fn object(code: &str) -> String {
    let name =
        code.split_whitespace().flat_map(|word| word.split(['(', '*', ';'])).find(|word| word.starts_with("mqtt_"));
    let known = [
        "broker_config",
        "broker",
        "client_list",
        "client",
        "options",
        "packet",
        "properties",
        "property",
        "decoder",
        "message",
        "event",
        "question",
        "topic",
        "hooks",
    ];
    let last = code.split('(').next().unwrap_or(code).split([' ', '*']).next_back().unwrap_or_default();
    let name = if code.contains('(') && last.starts_with("mqtt_") { last } else { name.unwrap_or_default() };
    let name = name.trim_start_matches("mqtt_");
    known.iter().find(|object| name.starts_with(**object)).map_or("library".to_owned(), |object| (*object).to_owned())
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_path_buf()
}
