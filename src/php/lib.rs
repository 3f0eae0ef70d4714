//! The PHP extension `mqtt`: a door. It translates values and guards the boundary to the engine, and decides nothing;
//! the work is done by `mqtt-proto`, `mqtt-client` and `mqtt-broker`.
//!
//! What PHP sees is written in `stubs/mqtt.stub.php`. `arginfo.php` makes `arginfo.h` from it, `shim.c` registers that
//! at start-up, and each method is a Rust function that [`guard::methods`] enters. At start-up nothing is made but
//! classes: threads, descriptors and connections begin with the first call that needs them, in the process that calls.

mod codec;
mod convert;
mod enums;
mod exception;
mod guard;
mod message;
mod object;
mod packet;
mod properties;
mod topic;
mod zend;

use std::ffi::{CStr, CString, c_char, c_void};

unsafe extern "C" {
    fn mqtt_module_entry() -> *mut c_void;
}

/// The one symbol that PHP looks for.
#[unsafe(no_mangle)]
extern "C" fn get_module() -> *mut c_void {
    // SAFETY: returns the address of a static.
    unsafe { mqtt_module_entry() }
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_minit() {}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_rshutdown() {
    properties::release_empty();
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_mshutdown() {}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_info(row: extern "C" fn(*const c_char, *const c_char)) {
    let show = |name: &CStr, value: &str| {
        if let Ok(value) = CString::new(value) {
            row(name.as_ptr(), value.as_ptr());
        }
    };
    show(c"MQTT support", "enabled");
    show(c"Version", env!("CARGO_PKG_VERSION"));
    show(c"Protocol versions", "3.1, 3.1.1, 5.0");
    show(c"TLS", "rustls with ring");
}
