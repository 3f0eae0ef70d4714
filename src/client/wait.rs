//! How long a call may block, and who may interrupt it.

use std::ops::ControlFlow;
use std::time::Duration;

/// How long a call may block, and who may interrupt it.
///
/// The hook runs on the calling thread at least every 100 ms and whenever a signal interrupted the call, with no lock
/// held: PHP runs its signal handlers there. `Break` makes the call return [`crate::Error::Interrupted`].
#[derive(Default)]
pub struct Wait<'a> {
    pub(crate) timeout: Option<Duration>,
    pub(crate) hook: Option<&'a mut dyn FnMut() -> ControlFlow<()>>,
}

impl<'a> Wait<'a> {
    /// As long as it takes.
    pub fn forever() -> Wait<'a> {
        Wait::default()
    }

    /// At most this long; zero only looks.
    pub fn at_most(timeout: Duration) -> Wait<'a> {
        Wait { timeout: Some(timeout), hook: None }
    }

    /// With this hook.
    pub fn with_hook(mut self, hook: &'a mut dyn FnMut() -> ControlFlow<()>) -> Wait<'a> {
        self.hook = Some(hook);
        self
    }
}

impl From<Option<Duration>> for Wait<'_> {
    fn from(timeout: Option<Duration>) -> Self {
        Wait { timeout, hook: None }
    }
}

impl From<Duration> for Wait<'_> {
    fn from(timeout: Duration) -> Self {
        Wait::at_most(timeout)
    }
}
