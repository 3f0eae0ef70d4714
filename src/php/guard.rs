//! The boundary between PHP and Rust: how a method is entered, and how PHP code is called.
//!
//! Rules. A panic becomes an `Error`. A fatal error (the engine's longjmp) never crosses a frame of ours: calls into
//! PHP code run under [`guarded`], which turns it into [`Thrown`]; when the method has returned, and with it every
//! destructor, [`enter`] raises it again. No lock, no borrow of shared state and no `&mut self` lives across a call
//! into PHP code, because that code may call any method of the same object, or destroy it.

use std::cell::Cell;
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::convert::Call;
use crate::exception;
use crate::zend::{Zval, zend_execute_data};

/// An exception is pending in the engine, or a fatal error waits to be raised again. Return it as it is.
#[derive(Debug)]
#[must_use]
pub(crate) struct Thrown(());

impl Thrown {
    /// To be made only where the engine has an exception or [`guarded`] met a fatal error.
    pub(crate) fn pending() -> Thrown {
        Thrown(())
    }
}

/// What a method returns.
pub(crate) type Outcome<T = ()> = Result<T, Thrown>;

thread_local! {
    static FATAL: Cell<bool> = const { Cell::new(false) };
}

unsafe extern "C" {
    fn mqtt_guarded(function: unsafe extern "C" fn(*mut c_void), context: *mut c_void) -> bool;
    fn mqtt_bailout() -> !;
}

/// Enters a method.
#[inline]
pub(crate) fn enter(execute_data: *mut zend_execute_data, result: *mut Zval, method: fn(&Call, &mut Zval) -> Outcome) {
    let call = Call::new(execute_data);
    // SAFETY: the engine passes a result that holds null.
    let result = unsafe { &mut *result };
    catch(AssertUnwindSafe(|| method(&call, result)));
}

/// Runs something that the engine called back outside a method: free handlers, iterators.
pub(crate) fn catch(body: impl FnOnce() -> Outcome) {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(_) => raise_fatal(),
        Err(payload) => {
            let text = payload.downcast_ref::<&str>().copied().map(str::to_owned);
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
            let _ = exception::error(&format!("mqtt: internal error: {text}. Please report it."));
            raise_fatal();
        }
    }
}

fn raise_fatal() {
    if FATAL.replace(false) {
        // SAFETY: every Rust frame above holds nothing that needs dropping.
        unsafe { mqtt_bailout() }
    }
}

/// Whether a fatal error waits to be raised: nothing of PHP may run any more.
pub(crate) fn is_fatal() -> bool {
    FATAL.get()
}

/// A fatal error was caught below a frame of ours.
#[unsafe(no_mangle)]
extern "C" fn mqtt_rust_fatal() {
    FATAL.set(true);
}

/// Whether PHP's memory limit has refused something: what was made since may lack it, and the method is to end. The
/// engine raises the error when it does.
#[inline]
pub(crate) fn memory_spent() -> bool {
    unsafe extern "C" {
        fn mqtt_memory_spent() -> bool;
    }
    // SAFETY: reads the executor.
    FATAL.get() || unsafe { mqtt_memory_spent() }
}

/// To be asked before something is told to others that needs what was made: an acknowledgement. Raises the error.
#[inline]
pub(crate) fn check_memory() -> Outcome {
    unsafe extern "C" {
        fn mqtt_memory_error();
    }
    if !memory_spent() {
        return Ok(());
    }
    if !FATAL.get() {
        // SAFETY: an error is pending.
        guarded(|| unsafe { mqtt_memory_error() })?;
    }
    Err(Thrown(()))
}

/// Runs what may run PHP code. A fatal error inside is remembered and returned as [`Thrown`].
pub(crate) fn guarded<R>(body: impl FnOnce() -> R) -> Outcome<R> {
    struct Context<F, R> {
        body: Option<F>,
        result: Option<R>,
    }
    unsafe extern "C" fn run<F: FnOnce() -> R, R>(context: *mut c_void) {
        // SAFETY: the context below.
        let context = unsafe { &mut *context.cast::<Context<F, R>>() };
        if let Some(body) = context.body.take() {
            context.result = Some(body());
        }
    }
    fn runner<F: FnOnce() -> R, R>(_: &Context<F, R>) -> unsafe extern "C" fn(*mut c_void) {
        run::<F, R>
    }
    let mut context = Context { body: Some(body), result: None };
    let run = runner(&context);
    // SAFETY: run casts back to the same type. A longjmp skips only frames between here and the C function, which
    // own nothing: closures passed here borrow.
    if unsafe { mqtt_guarded(run, (&raw mut context).cast()) }
        && let Some(result) = context.result
    {
        return Ok(result);
    }
    FATAL.set(true);
    Err(Thrown(()))
}

/// Declares the functions that arginfo.h refers to: `zim_Class_method => path;`.
macro_rules! methods {
    ($($symbol:ident => $method:path;)*) => {$(
        #[unsafe(no_mangle)]
        #[allow(non_snake_case)]
        extern "C" fn $symbol(execute_data: *mut $crate::zend::zend_execute_data, result: *mut $crate::zend::Zval) {
            $crate::guard::enter(execute_data, result, $method);
        }
    )*};
}
pub(crate) use methods;
