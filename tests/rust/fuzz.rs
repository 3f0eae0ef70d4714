//! The bodies of the fuzz targets on stable: the corpus as it is, and then mutations of it for a while.
//!
//! `MQTT_FUZZ_SECONDS` says how long for each target (2), `MQTT_FUZZ_SEED` where to begin. What fails is written to
//! `target/fuzz`, and every file there and in the corpus runs first the next time.

#[path = "../fuzz/bodies/mod.rs"]
mod bodies;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[test]
fn decoder() {
    fuzz("decoder");
}

#[test]
fn session() {
    fuzz("session");
}

#[test]
fn hostile() {
    fuzz("hostile");
}

#[test]
fn websocket() {
    fuzz("websocket");
}

#[test]
fn topics() {
    fuzz("topics");
}

#[test]
fn properties() {
    fuzz("properties");
}

#[test]
fn every_target_has_a_corpus_and_a_file_for_cargo_fuzz() {
    for (name, _) in bodies::TARGETS {
        assert!(!files(&folder("corpus").join(name)).is_empty(), "{name}");
        assert!(folder("fuzz_targets").join(format!("{name}.rs")).exists(), "{name}");
    }
}

fn fuzz(name: &str) {
    let body = bodies::body(name);
    let corpus = files(&folder("corpus").join(name));
    let failures = root().join("target/fuzz").join(name);
    for input in files(&failures).iter().chain(&corpus) {
        body(input);
    }
    let seconds = setting("MQTT_FUZZ_SECONDS", 2);
    let mut random = fastrand::Rng::with_seed(setting("MQTT_FUZZ_SEED", 0x6d71_7474));
    // A pool that grows a little, so that changes add up; without coverage nothing says which are good.
    let mut pool = corpus;
    let until = Instant::now() + Duration::from_secs(seconds);
    let mut rounds = 0u64;
    while Instant::now() < until {
        let input = mutated(&pool, &mut random);
        if catch_unwind(AssertUnwindSafe(|| body(&input))).is_err() {
            std::fs::create_dir_all(&failures).expect("a folder");
            let path = failures.join(format!("{:016x}", random.u64(..)));
            std::fs::write(&path, &input).expect("the input is written");
            panic!("{name}: round {rounds}: the input is {}", path.display());
        }
        rounds += 1;
        if rounds.is_multiple_of(50) && pool.len() < 500 {
            pool.push(input);
        }
    }
    println!("{name}: {rounds} rounds");
}

fn mutated(pool: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = pool[random.usize(..pool.len())].clone();
    for _ in 0..random.usize(1..6) {
        if bytes.is_empty() {
            bytes.push(random.u8(..));
        }
        let at = random.usize(..bytes.len());
        match random.u8(..10) {
            0 => bytes[at] ^= 1 << random.u8(..8),
            1 => bytes[at] = random.u8(..),
            2 => bytes[at] = [0, 1, 2, 0x7F, 0x80, 0xFF][random.usize(..6)],
            3 => bytes.truncate(at),
            4 => bytes.insert(at, random.u8(..)),
            5 => drop(bytes.remove(at)),
            6 => {
                let other = &pool[random.usize(..pool.len())];
                bytes.truncate(at);
                bytes.extend_from_slice(&other[random.usize(..=other.len())..]);
            }
            7 => {
                let end = random.usize(at..bytes.len()) + 1;
                let part = bytes[at..end].to_vec();
                bytes.extend(part);
            }
            8 => bytes.extend(std::iter::repeat_with(|| random.u8(..)).take(20)),
            _ => bytes[at] = bytes[at].wrapping_add(random.u8(..3)).wrapping_sub(1),
        }
    }
    bytes.truncate(8192);
    bytes
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(path).expect("a file")).collect()
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")))
}

fn folder(name: &str) -> PathBuf {
    root().join("tests/fuzz").join(name)
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the root").to_path_buf()
}
