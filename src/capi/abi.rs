//! What header and library tell each other, and the end of the library's own thread.

use std::ffi::{CStr, c_char};
use std::time::Duration;

use crate::ffi::{guard, mqtt_slice};
use crate::hooks::mqtt_hooks;
use crate::result::{Failure, mqtt_result};

/// The number of this ABI. It grows when a function is added, and its hundreds grow when one changes or goes.
pub const MQTT_ABI_VERSION: u32 = 102;

/// The number of the ABI that the library was built with. mqtt_abi_check compares it.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_abi_version() -> u32 {
    MQTT_ABI_VERSION
}

/// Whether a program fits the library that it runs with: call it once as
/// `mqtt_abi_check(MQTT_ABI_VERSION, sizeof(mqtt_slice), sizeof(mqtt_hooks))`, or as the macro MQTT_ABI_CHECK(). A library
/// that is newer than the header is fine as long as the hundreds are the same.
///
/// MQTT_RESULT_ABI where the library is older than the header, has other hundreds, or a structure has another size.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_abi_check(version: u32, slice_size: usize, hooks_size: usize) -> mqtt_result {
    guard(|| {
        let wrong = |text: String| Err(Failure::new(mqtt_result::Abi, text));
        if version / 100 != MQTT_ABI_VERSION / 100 || version > MQTT_ABI_VERSION {
            let older = if version > MQTT_ABI_VERSION { "the library is older" } else { "the header is older" };
            return wrong(format!("the header has ABI {version}, the library {MQTT_ABI_VERSION}: {older}"));
        }
        if slice_size != size_of::<mqtt_slice>() {
            let known = size_of::<mqtt_slice>();
            return wrong(format!("mqtt_slice has {slice_size} bytes in the program and {known} in the library"));
        }
        // It grows at its end, so that of an older header is shorter.
        if hooks_size > size_of::<mqtt_hooks>() || hooks_size < FIRST_HOOKS_SIZE {
            let known = size_of::<mqtt_hooks>();
            return wrong(format!("mqtt_hooks has {hooks_size} bytes in the program and {known} in the library"));
        }
        Ok(mqtt_result::Ok)
    })
}

/// mqtt_hooks when it was new.
const FIRST_HOOKS_SIZE: usize = 12 * size_of::<usize>();

/// The version of the library, such as "0.1.0". Lives as long as the program.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_library_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(text) => text,
        Err(_) => panic!("a version holds no NUL"),
    };
    VERSION.as_ptr()
}

/// Ends the thread that serves the clients of this process, waiting at most `timeout` milliseconds. Free every client
/// first. It is called by itself, with a second, when the program ends or the library is unloaded; a client that is made
/// afterwards starts another thread. MQTT_RESULT_TIMEOUT where the thread has not ended.
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_shutdown(timeout: u32) -> mqtt_result {
    guard(|| {
        if mqtt_client::runtime::shutdown(Duration::from_millis(timeout.into())) {
            return Ok(mqtt_result::Ok);
        }
        Err(Failure::new(mqtt_result::Timeout, format!("the background thread did not end within {timeout} ms")))
    })
}

/// Runs when the program ends or the library is unloaded, so that the thread does not run in code that is gone.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".fini_array")]
static AT_THE_END: extern "C" fn() = {
    extern "C" fn at_the_end() {
        let _ = std::panic::catch_unwind(|| mqtt_client::runtime::shutdown(Duration::from_secs(1)));
    }
    at_the_end
};

/// Panics inside. Only in a library that was built for the test of that.
#[cfg(feature = "testing")]
#[unsafe(no_mangle)]
pub extern "C" fn mqtt_testing_panic() -> mqtt_result {
    guard(|| panic!("provoked by a test"))
}
