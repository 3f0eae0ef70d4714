//! How deep handlers are inside handlers.
//!
//! A handler that dispatches is entered again for what waits behind its message, and each time the stack grows. So past a
//! depth nothing that would run PHP code is taken any more: it is put aside for the dispatch further out. The depth is
//! that of one stack: handlers that are suspended in other fibers or coroutines take no room on this one.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::c_void;

use mqtt_client::Event;

/// Handlers inside each other that are shown messages.
const MOST_FOR_MESSAGES: u32 = 32;
/// Callbacks inside each other that are told of anything else: a handler at the depth above still hears of its publishes.
const MOST_FOR_NOTICES: u32 = 48;

unsafe extern "C" {
    fn mqtt_stack() -> *mut c_void;
}

thread_local! {
    /// Every stack on which a callback runs, with the number of callbacks inside each other. Hardly ever more than one.
    static DEPTHS: RefCell<Vec<(*mut c_void, u32)>> = const { RefCell::new(Vec::new()) };
}

/// A callback runs.
pub(super) struct Nested(*mut c_void);

impl Nested {
    pub(super) fn enter() -> Nested {
        // SAFETY: a look at the engine.
        let stack = unsafe { mqtt_stack() };
        DEPTHS.with_borrow_mut(|depths| match depths.iter_mut().find(|(known, _)| *known == stack) {
            Some((_, depth)) => *depth += 1,
            None => depths.push((stack, 1)),
        });
        Nested(stack)
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        DEPTHS.with_borrow_mut(|depths| {
            let Some(at) = depths.iter().position(|(known, _)| *known == self.0) else { return };
            depths[at].1 -= 1;
            if depths[at].1 == 0 {
                depths.swap_remove(at);
            }
        });
    }
}

fn depth() -> u32 {
    DEPTHS.with_borrow(|depths| {
        if depths.is_empty() {
            return 0;
        }
        // SAFETY: a look at the engine.
        let stack = unsafe { mqtt_stack() };
        depths.iter().find(|(known, _)| *known == stack).map_or(0, |(_, depth)| *depth)
    })
}

/// Whether handlers may be shown messages here.
pub(super) fn may_show_messages() -> bool {
    depth() < MOST_FOR_MESSAGES
}

/// Whether callbacks may be told of anything here.
pub(super) fn may_tell() -> bool {
    depth() < MOST_FOR_NOTICES
}

/// The end of the request. A fiber that a fatal error left suspended never comes back to leave its callback.
pub(super) fn forget() {
    DEPTHS.take();
}

/// What was met too deep inside of handlers, in order.
#[derive(Default)]
pub(super) struct Aside {
    queue: RefCell<VecDeque<Event>>,
    /// Of the messages among it.
    bytes: std::cell::Cell<usize>,
}

impl Aside {
    pub(super) fn push(&self, event: Event) {
        self.bytes.set(self.bytes.get() + size(&event));
        self.queue.borrow_mut().push_back(event);
    }

    pub(super) fn pop(&self) -> Option<Event> {
        let event = self.queue.borrow_mut().pop_front()?;
        self.bytes.set(self.bytes.get() - size(&event));
        Some(event)
    }

    pub(super) fn len(&self) -> usize {
        self.queue.borrow().len()
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes.get()
    }
}

fn size(event: &Event) -> usize {
    if let Event::Message(received) = event { received.size() } else { 0 }
}
