//! Compiles the shims against the headers of the PHP that php-config (or `PHP_CONFIG`) belongs to.

use std::process::Command;

fn main() {
    for file in ["shim.c", "arginfo.h", "native.h", "mosquitto/shim.c", "mosquitto/arginfo.h"] {
        println!("cargo::rerun-if-changed={file}");
    }
    println!("cargo::rerun-if-env-changed=PHP_CONFIG");
    let php_config =
        std::env::var("PHP_CONFIG").ok().filter(|path| !path.is_empty()).unwrap_or("php-config".to_owned());
    let output = Command::new(&php_config)
        .arg("--includes")
        .output()
        .unwrap_or_else(|error| panic!("cannot run {php_config}: {error}; install the PHP headers (Debian: php-dev)"));
    let includes = String::from_utf8(output.stdout).expect("php-config prints paths");

    let mut build = cc::Build::new();
    build
        .file("shim.c")
        .file("mosquitto/shim.c")
        .warnings(false)
        .define("MQTT_VERSION", Some(&*format!("\"{}\"", env!("CARGO_PKG_VERSION"))));
    for path in includes.split_whitespace().filter_map(|flag| flag.strip_prefix("-I")) {
        build.include(path);
    }
    build.flag_if_supported("-fvisibility=hidden").compile("mqtt_shim");

    match std::env::var("CARGO_CFG_TARGET_OS").as_deref() {
        Ok("macos") => println!("cargo::rustc-link-arg-cdylib=-Wl,-undefined,dynamic_lookup"),
        // PHP unloads extensions before the process ends, and the background thread may still be in its code.
        Ok("linux") => println!("cargo::rustc-link-arg-cdylib=-Wl,-z,nodelete"),
        _ => {}
    }
}
