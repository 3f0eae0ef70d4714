//! What a `Mqtt\PacketServer` object holds. The rules for its cells are those of `Mqtt\Server`.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::ffi::c_void;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use mqtt_broker::packets::{PacketEvent, PacketServer as Native};
use mqtt_client::{Notify, fork};
use parking_lot::Mutex;

use super::options::Setup;
use crate::callback::{self, Callback};
use crate::exception::{self, throw};
use crate::guard::Outcome;
use crate::log::error_log_level;
use crate::server::report::Reporter;
use crate::server::{throw_start, with_signals_blocked};
use crate::zend::{self, Zval};

/// What PHP code takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    Connect,
    Packet,
    Disconnect,
}

impl Hook {
    /// The name of the method that registers it.
    pub(super) fn text(self) -> &'static str {
        match self {
            Hook::Connect => "onConnect",
            Hook::Packet => "onPacket",
            Hook::Disconnect => "onDisconnect",
        }
    }
}

/// Events in order, behind one descriptor that is readable exactly while there are some. The server bounds them.
pub(super) struct Queue {
    events: Mutex<VecDeque<PacketEvent>>,
    notify: Notify,
}

impl Queue {
    fn new() -> io::Result<Arc<Queue>> {
        Ok(Arc::new(Queue { events: Mutex::default(), notify: Notify::new()? }))
    }

    fn push(&self, event: PacketEvent) {
        let mut events = self.events.lock();
        if events.is_empty() {
            self.notify.set();
        }
        events.push_back(event);
    }

    /// Takes the oldest event.
    pub(super) fn take(&self) -> Option<PacketEvent> {
        let mut events = self.events.lock();
        let event = events.pop_front()?;
        if events.is_empty() {
            self.notify.clear();
        }
        Some(event)
    }

    /// The descriptor.
    pub(super) fn fd(&self) -> BorrowedFd<'_> {
        self.notify.as_fd()
    }

    /// Its number.
    pub(super) fn raw_fd(&self) -> i32 {
        self.fd().as_raw_fd()
    }
}

/// A server that runs.
pub(super) struct Running {
    pub(super) native: ManuallyDrop<Native>,
    generation: u32,
}

impl Drop for Running {
    /// Ends it, within a second. In a forked child its thread is not there and nothing may be touched.
    fn drop(&mut self) {
        if self.generation == fork::generation() {
            // SAFETY: dropped once, here.
            unsafe { ManuallyDrop::drop(&mut self.native) };
        }
    }
}

/// The state of one object.
pub(super) struct Server {
    pub(super) setup: Setup,
    callbacks: [RefCell<Option<Callback>>; 3],
    error_log: Option<usize>,
    running: RefCell<Option<Rc<Running>>>,
    queue: RefCell<Option<Arc<Queue>>>,
    /// The objects of connections whose end has not been told.
    connections: RefCell<HashMap<u64, Zval>>,
    pub(super) stream: RefCell<Option<Zval>>,
    /// run() is on the stack.
    pub(super) in_run: Cell<bool>,
    /// stop() was called since run() began.
    pub(super) stop: Cell<bool>,
    generation: u32,
}

impl Server {
    pub(super) fn new(setup: Setup) -> Server {
        Server {
            setup,
            callbacks: Default::default(),
            error_log: error_log_level(),
            running: RefCell::default(),
            queue: RefCell::default(),
            connections: RefCell::default(),
            stream: RefCell::default(),
            in_run: Cell::new(false),
            stop: Cell::new(false),
            generation: fork::generation(),
        }
    }

    /// An exception in a child of the process that made the object.
    pub(super) fn check_fork(&self) -> Outcome {
        check_fork(self.generation)
    }

    /// The callable of a hook.
    pub(super) fn callback(&self, hook: Hook) -> Option<Callback> {
        self.callbacks[hook as usize].borrow().clone()
    }

    /// Registers a callable, or takes it back.
    pub(super) fn register(&self, hook: Hook, callback: Option<Callback>) {
        let old = self.callbacks[hook as usize].replace(callback);
        drop(old);
    }

    /// Where its lines go.
    pub(super) fn reporter(&self) -> Reporter {
        Reporter {
            class: "Mqtt\\PacketServer",
            logger: self.setup.logger.clone(),
            error_log: self.error_log,
            levels: self.setup.levels,
        }
    }

    /// The server, where it runs.
    pub(super) fn running(&self) -> Option<Rc<Running>> {
        self.running.borrow().clone()
    }

    /// The queue, where the server has ever been started.
    pub(super) fn queue(&self) -> Option<Arc<Queue>> {
        self.queue.borrow().clone()
    }

    /// Starts it where it does not run. Gives the queue.
    pub(super) fn start(&self) -> Outcome<Arc<Queue>> {
        self.check_fork()?;
        if let (Some(queue), Some(_)) = (self.queue(), self.running()) {
            return Ok(queue);
        }
        let queue = match self.queue() {
            Some(queue) => queue,
            None => {
                let queue =
                    Queue::new().map_err(|error| exception::error(&format!("Cannot make a descriptor: {error}")))?;
                *self.queue.borrow_mut() = Some(Arc::clone(&queue));
                queue
            }
        };
        let (config, sink) = (self.setup.config.clone(), Arc::clone(&queue));
        let started = with_signals_blocked(|| Native::start(config, move |event| sink.push(event)));
        let native = started.map_err(|error| throw_start(&error))?;
        let running = Running { native: ManuallyDrop::new(native), generation: self.generation };
        *self.running.borrow_mut() = Some(Rc::new(running));
        Ok(queue)
    }

    /// Stops it. What it still had to tell stays in the queue.
    pub(super) fn stop(&self, timeout: Duration) -> bool {
        self.stop.set(true);
        let Some(running) = self.running.borrow_mut().take() else { return true };
        running.native.stop(timeout)
    }

    /// Keeps the object of a connection.
    pub(super) fn keep(&self, id: u64, object: &Zval) {
        self.connections.borrow_mut().insert(id, zend::copy(object));
    }

    /// The object of a connection.
    pub(super) fn object(&self, id: u64) -> Option<Zval> {
        self.connections.borrow().get(&id).map(zend::copy)
    }

    /// The same, for the last time.
    pub(super) fn forget(&self, id: u64) -> Option<Zval> {
        self.connections.borrow_mut().remove(&id)
    }

    /// All of them, in the order in which they came.
    pub(super) fn objects(&self) -> Vec<Zval> {
        let connections = self.connections.borrow();
        let mut ids: Vec<u64> = connections.keys().copied().collect();
        ids.sort_unstable();
        ids.iter().filter_map(|id| connections.get(id).map(zend::copy)).collect()
    }

    /// Shows every value to the garbage collector.
    pub(super) fn visit(&self, buffer: *mut c_void) {
        for cell in &self.callbacks {
            if let Ok(callback) = cell.try_borrow() {
                callback.iter().for_each(|callback| callback.visit(buffer));
            }
        }
        self.setup.logger.iter().for_each(|logger| logger.visit(buffer));
        if let Ok(connections) = self.connections.try_borrow() {
            connections.values().for_each(|object| callback::visit(object, buffer));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In a child the thread may have held a lock at the fork: this memory stays as it is.
        if self.generation != fork::generation() {
            std::mem::forget(self.queue.take());
        }
    }
}

/// An exception in a child of the process of this generation.
pub(super) fn check_fork(generation: u32) -> Outcome {
    if generation == fork::generation() {
        return Ok(());
    }
    let text = "The server was made before a fork and belongs to the parent process. Make a new one in the child; two \
                processes cannot listen on the same port.";
    Err(throw(exception::fork_exception(), text, 0, []))
}

/// The state of an object whose constructor has run.
pub(super) fn of<'a>(object: *mut zend::zend_object) -> Outcome<&'a Server> {
    zend::native::<Server>(object)
        .ok_or_else(|| exception::error("Mqtt\\PacketServer was made without its constructor"))
}
