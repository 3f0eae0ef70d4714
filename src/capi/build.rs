//! The name that programs remember: it changes when the hundreds of MQTT_ABI_VERSION do.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-cdylib=-Wl,-soname,libmqttcore.so.0");
    }
}
