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

#[test]
fn every_function_is_in_the_header_with_its_contract() {
    let header = generate();
    for source in sources() {
        let text = std::fs::read_to_string(&source).expect("a source");
        for line in text.lines().filter(|line| line.contains("extern \"C\" fn mqtt_")) {
            let name = line.split("fn ").nth(1).and_then(|rest| rest.split('(').next()).expect("a name");
            let at = header.find(&format!("{name}(")).unwrap_or_else(|| panic!("{name} is not in the header"));
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

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the root").to_path_buf()
}
