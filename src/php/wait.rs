//! What happens to a script while a call of ours waits.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::guard;

/// The hook of a wait: signal handlers and time limits run here. Breaks when an exception came of it or `stop` is set.
pub(crate) fn interrupt(stop: Option<&Cell<bool>>) -> ControlFlow<()> {
    unsafe extern "C" {
        fn mqtt_interrupts() -> bool;
    }
    // SAFETY: called inside a method, with nothing borrowed.
    let go_on = guard::guarded(|| unsafe { mqtt_interrupts() });
    if matches!(go_on, Ok(true)) && !stop.is_some_and(Cell::get) {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// Waits until a descriptor is readable, or a signal comes, or the time is over. The caller looks at everything anyway.
pub(crate) fn wait_readable(fd: BorrowedFd<'_>, timeout: Duration) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let timeout = Timespec::try_from(timeout).ok();
    let _ = poll(&mut [PollFd::from_borrowed_fd(fd, PollFlags::IN)], timeout.as_ref());
}
