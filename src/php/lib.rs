//! The PHP extension `mqtt`: a door. It translates values and guards the boundary to the engine, and decides nothing;
//! the work is done by `mqtt-proto`, `mqtt-client` and `mqtt-broker`.
//!
//! What PHP sees is written in `stubs/mqtt.stub.php`. `arginfo.php` makes `arginfo.h` from it, `shim.c` registers that
//! at start-up, and each method is a Rust function that [`guard::methods`] enters. At start-up nothing is made but
//! classes: threads, descriptors and connections begin with the first call that needs them, in the process that calls.

mod callback;
mod client;
mod codec;
mod compat;
mod convert;
mod enums;
mod exception;
mod guard;
mod log;
mod message;
mod mosquitto;
mod object;
mod packet;
mod packet_client;
mod packet_server;
mod properties;
mod server;
mod topic;
mod wait;
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
extern "C" fn mqtt_rust_minit() {
    // SAFETY: the hook changes one number, which is allowed in a child of fork().
    unsafe { libc::pthread_atfork(None, None, Some(after_fork)) };
    mqtt_client::runtime::set_thread_start_hook(block_signals);
    mqtt_net::set_resolver_start_hook(block_signals);
    compat::start();
}

unsafe extern "C" fn after_fork() {
    mqtt_client::fork::child_after_fork();
}

/// Signals are the script's: a thread that took one would keep its system calls from being interrupted.
fn block_signals() {
    // SAFETY: a plain signal mask for the calling thread.
    unsafe {
        let mut all = std::mem::zeroed();
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_BLOCK, &all, std::ptr::null_mut());
    }
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_rshutdown() {
    client::end_request();
    properties::release_empty();
    compat::end_request();
}

#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_mshutdown() {
    client::persistent::close_all();
}

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
    show(c"Clients of this request", &client::living().to_string());
    show(c"Server of this process", if server::is_running_here() { "runs" } else { "none" });
    for (name, client) in client::persistent::list() {
        let state = if client.is_connected() { "connected" } else { "not connected" };
        show(c"Persistent client", &format!("{name}: {state}, client identifier {}", client.options().client_id));
    }
}
