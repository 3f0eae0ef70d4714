//! What a `Mqtt\Server` object holds: its options, its hooks, and the broker while it runs.
//!
//! Every cell is borrowed only between calls into PHP code, never across one: a hook may call any method of the same
//! server. What is taken out of a cell is dropped after the borrow has ended, because dropping a closure may run a
//! destructor.

use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use mqtt_broker::{Anonymous, Broker, Interests, Level, Levels, StartError};
use mqtt_client::fork;
use mqtt_proto::Text;

use super::options::Setup;
use super::queue::{Event, Questions, Queue};
use super::report::{self, Reporter};
use crate::callback::Callback;
use crate::exception::{self, throw};
use crate::guard::{Outcome, Thrown};
use crate::log::{error_log_level, severity};
use crate::zend::{self, Zval};

/// A question or notice that PHP code takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hook {
    Connect,
    Authenticate,
    Subscribe,
    Unsubscribe,
    Publish,
    Deliver,
    Disconnect,
    SessionCreated,
    SessionEnded,
    Ping,
}

impl Hook {
    pub(super) const ALL: [Hook; 10] = [
        Hook::Connect,
        Hook::Authenticate,
        Hook::Subscribe,
        Hook::Unsubscribe,
        Hook::Publish,
        Hook::Deliver,
        Hook::Disconnect,
        Hook::SessionCreated,
        Hook::SessionEnded,
        Hook::Ping,
    ];

    /// The name of the method that registers it, and of the method of a handler.
    pub(super) fn name(self) -> &'static std::ffi::CStr {
        match self {
            Hook::Connect => c"onConnect",
            Hook::Authenticate => c"onAuthenticate",
            Hook::Subscribe => c"onSubscribe",
            Hook::Unsubscribe => c"onUnsubscribe",
            Hook::Publish => c"onPublish",
            Hook::Deliver => c"onDeliver",
            Hook::Disconnect => c"onDisconnect",
            Hook::SessionCreated => c"onSessionCreated",
            Hook::SessionEnded => c"onSessionEnded",
            Hook::Ping => c"onPing",
        }
    }

    /// The same as text.
    pub(super) fn text(self) -> &'static str {
        self.name().to_str().unwrap_or_default()
    }
}

const LEVELS: [Level; 7] = [
    Level::Error,
    Level::Warning,
    Level::Notice,
    Level::Information,
    Level::Subscribe,
    Level::Unsubscribe,
    Level::Debug,
];

/// A broker that runs.
pub(super) struct Running {
    pub(super) broker: ManuallyDrop<Broker>,
    generation: u32,
}

impl Drop for Running {
    /// Ends the broker, within a second. In a forked child its threads are not there and nothing may be touched.
    fn drop(&mut self) {
        if self.generation == fork::generation() {
            // SAFETY: dropped once, here.
            unsafe { ManuallyDrop::drop(&mut self.broker) };
            RUNNING.store(0, Ordering::Release);
        }
    }
}

/// The generation of forks in which a server runs, plus one; 0 where none does.
static RUNNING: AtomicU64 = AtomicU64::new(0);

/// Whether a server runs in this process, for phpinfo().
pub(crate) fn is_running_here() -> bool {
    RUNNING.load(Ordering::Acquire) == u64::from(fork::generation()) + 1
}

/// The state of one object.
pub(super) struct Server {
    pub(super) setup: Setup,
    callbacks: [RefCell<Option<Callback>>; Hook::ALL.len()],
    pub(super) logger: RefCell<Option<Callback>>,
    /// Least severe level that goes to PHP's error log (setting mqtt.log).
    pub(super) error_log: Option<usize>,
    /// Filters of onPublish().
    topics: RefCell<Vec<Text>>,
    /// Filters of onDeliver().
    deliver_topics: RefCell<Vec<Text>>,
    running: RefCell<Option<Rc<Running>>>,
    queue: RefCell<Option<Arc<Queue>>>,
    pub(super) stream: RefCell<Option<Zval>>,
    /// run() is on the stack.
    pub(super) in_run: Cell<bool>,
    /// stop() was called since run() began.
    pub(super) stop: Cell<bool>,
    /// publish() was called since somebody last waited for it.
    pub(super) published: Cell<bool>,
    /// Questions that were not put because their deadline had passed, and have not been reported.
    pub(super) late: Cell<u64>,
    generation: u32,
}

impl Server {
    pub(super) fn new(setup: Setup, logger: Option<Callback>) -> Server {
        Server {
            setup,
            callbacks: Default::default(),
            logger: RefCell::new(logger),
            error_log: error_log_level(),
            topics: RefCell::default(),
            deliver_topics: RefCell::default(),
            running: RefCell::default(),
            queue: RefCell::default(),
            stream: RefCell::default(),
            in_run: Cell::new(false),
            stop: Cell::new(false),
            published: Cell::new(false),
            late: Cell::new(0),
            generation: fork::generation(),
        }
    }

    /// An exception in a child of the process that made the object.
    pub(super) fn check_fork(&self) -> Outcome {
        if self.generation == fork::generation() {
            return Ok(());
        }
        let text = "The server was made before a fork and belongs to the parent process. Make a new one in the child; two \
                    processes cannot listen on the same port.";
        Err(throw(exception::fork_exception(), text, 0, []))
    }

    /// The callable of a hook.
    pub(super) fn callback(&self, hook: Hook) -> Option<Callback> {
        self.callbacks[hook as usize].borrow().clone()
    }

    /// Registers a callable, or takes it back. The broker asks for its hooks once, when it starts.
    pub(super) fn register(&self, hook: Hook, callback: Option<Callback>) -> Outcome {
        if callback.is_some() && self.running.borrow().is_some() {
            return Err(exception::error(&format!(
                "{} must be registered before the server is started: before run(), start(), dispatch() or stream()",
                hook.text()
            )));
        }
        let old = self.callbacks[hook as usize].replace(callback);
        drop(old);
        Ok(())
    }

    /// Where its lines go.
    pub(super) fn reporter(&self) -> Reporter {
        Reporter {
            class: "Mqtt\\Server",
            logger: self.logger.borrow().clone(),
            error_log: self.error_log,
            levels: self.setup.levels,
        }
    }

    /// The filters of onPublish().
    pub(super) fn set_topics(&self, topics: Vec<Text>) {
        *self.topics.borrow_mut() = topics;
    }

    /// The filters of onDeliver().
    pub(super) fn set_deliver_topics(&self, topics: Vec<Text>) {
        *self.deliver_topics.borrow_mut() = topics;
    }

    /// The broker, where it runs.
    pub(super) fn running(&self) -> Option<Rc<Running>> {
        self.running.borrow().clone()
    }

    /// The broker, for calls that make no sense without it.
    pub(super) fn require(&self) -> Outcome<Rc<Running>> {
        self.check_fork()?;
        self.running().ok_or_else(|| {
            let text = "The server does not run: call start() or run() first";
            throw(exception::closed_exception(), text, 0, [])
        })
    }

    /// The same, for what comes after all that was published.
    pub(super) fn settled(&self) -> Outcome<Rc<Running>> {
        let running = self.require()?;
        if self.published.take() {
            running.broker.sync();
        }
        Ok(running)
    }

    /// Whether null from onConnect() lets a client in: without allowAnonymous the hook is the rule; with false a client
    /// needs a user name.
    pub(super) fn null_accepts(&self, has_user: bool) -> bool {
        self.setup.anonymous_is_default || has_user || self.setup.config.anonymous == Anonymous::Allowed
    }

    /// The queue, where the server has ever been started.
    pub(super) fn queue(&self) -> Option<Arc<Queue>> {
        self.queue.borrow().clone()
    }

    /// Starts the broker where it does not run. Gives the queue.
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
        let claim = u64::from(fork::generation()) + 1;
        let taken = RUNNING.swap(claim, Ordering::AcqRel);
        if taken == claim {
            return Err(exception::error(
                "Another Mqtt\\Server runs in this process: stop it first, or give one server several listeners",
            ));
        }
        match self.start_broker(&queue) {
            Ok(running) => {
                *self.running.borrow_mut() = Some(Rc::new(running));
                Ok(queue)
            }
            Err(error) => {
                RUNNING.store(0, Ordering::Release);
                Err(throw_start(&error))
            }
        }
    }

    fn start_broker(&self, queue: &Arc<Queue>) -> Result<Running, StartError> {
        let mut config = self.setup.config.clone();
        let hook_decides = self.callback(Hook::Connect).is_some();
        // What the hook lets in has been decided; the rest is the rule where it cannot be asked in time.
        if hook_decides && self.setup.anonymous_is_default {
            config.anonymous = Anonymous::Refused;
        }
        let topics = match self.callback(Hook::Publish) {
            Some(_) => self.topics.borrow().clone(),
            None => Vec::new(),
        };
        let message_size_limit = self.setup.message_size_limit;
        let hooks =
            Arc::new(Questions { queue: Arc::clone(queue), interests: self.interests(), topics, message_size_limit });
        let levels = self.levels();
        if levels.contains(Level::Warning) {
            self.setup.notes.iter().for_each(|note| queue.push(Event::Line(Level::Warning, note.clone())));
        }
        let lines = Arc::clone(queue);
        let broker = with_signals_blocked(|| {
            Broker::start_with_log(config, hooks, levels, move |record| {
                lines.push(Event::Line(record.level(), report::text(record)));
            })
        })?;
        Ok(Running { broker: ManuallyDrop::new(broker), generation: self.generation })
    }

    /// What somebody reads: the logger, PHP's error log, and without a logger what is wrong as warnings.
    fn levels(&self) -> Levels {
        let has_logger = self.logger.borrow().is_some();
        let is_wanted = |level: &Level| {
            self.setup.levels.contains(*level) && (has_logger || matches!(level, Level::Error | Level::Warning))
                || self.error_log.is_some_and(|least| severity(report::name(*level)) >= least)
        };
        LEVELS.into_iter().filter(is_wanted).fold(Levels::NONE, Levels::with)
    }

    fn interests(&self) -> Interests {
        Hook::ALL.into_iter().filter(|hook| self.callback(*hook).is_some()).fold(
            Interests::none(),
            |interests, hook| match hook {
                Hook::Connect => interests.connect(),
                Hook::Authenticate => interests.authenticate(),
                Hook::Subscribe => interests.subscribe(),
                Hook::Unsubscribe => interests.unsubscribe(),
                // By its topics.
                Hook::Publish => interests,
                Hook::Deliver => self.deliver_topics.borrow().iter().cloned().fold(interests, Interests::deliver),
                Hook::Disconnect => interests.disconnect(),
                Hook::SessionCreated | Hook::SessionEnded => interests.sessions(),
                Hook::Ping => interests.ping(),
            },
        )
    }

    /// Stops the broker. What it still had to tell stays in the queue; the descriptor is readable once more.
    pub(super) fn stop(&self, timeout: Duration) -> bool {
        self.stop.set(true);
        let Some(running) = self.running.borrow_mut().take() else { return true };
        let written = running.broker.stop(timeout);
        // An event loop that watches the server is to see that it has stopped.
        if let Some(queue) = self.queue() {
            queue.wake();
        }
        written
    }

    /// Shows every callable to the garbage collector.
    pub(super) fn visit(&self, buffer: *mut c_void) {
        for cell in self.callbacks.iter().chain([&self.logger]) {
            if let Ok(callback) = cell.try_borrow() {
                callback.iter().for_each(|callback| callback.visit(buffer));
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // In a child the broker's threads may have held the queue's lock at the fork: its memory stays as it is.
        if self.generation != fork::generation() {
            std::mem::forget(self.queue.take());
        }
    }
}

/// Signals are the script's: the broker's threads inherit a mask that takes none.
pub(crate) fn with_signals_blocked<R>(body: impl FnOnce() -> R) -> R {
    // SAFETY: plain signal masks of the calling thread, put back below.
    let before = unsafe {
        let (mut all, mut before) = (std::mem::zeroed(), std::mem::zeroed());
        libc::sigfillset(&mut all);
        libc::pthread_sigmask(libc::SIG_SETMASK, &all, &mut before);
        before
    };
    let result = body();
    // SAFETY: as above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &before, std::ptr::null_mut()) };
    result
}

/// What a start that failed throws.
pub(crate) fn throw_start(error: &StartError) -> Thrown {
    let advice = match error {
        StartError::Listen { source, .. } => match source.kind() {
            std::io::ErrorKind::AddrInUse => {
                ". Somebody else listens there. Under a framework that forks workers, run the server in one of them: \
                 it uses all cores by itself"
            }
            std::io::ErrorKind::PermissionDenied => ". Ports below 1024 need CAP_NET_BIND_SERVICE: choose a higher one",
            std::io::ErrorKind::AddrNotAvailable => ". It is not an address of this machine; 0.0.0.0 listens on all",
            _ => "",
        },
        StartError::Config(text) => return exception::value_error(text),
        _ => "",
    };
    let text = error.to_string();
    // The first letter is an English word in every text of this error.
    let text = text.replacen("cannot", "Cannot", 1);
    throw(exception::transport_exception(), &format!("{text}{advice}"), 0, [])
}

/// The state of an object whose constructor has run.
pub(super) fn of<'a>(object: *mut zend::zend_object) -> Outcome<&'a Server> {
    zend::native::<Server>(object).ok_or_else(|| exception::error("Mqtt\\Server was made without its constructor"))
}
