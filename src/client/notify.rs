//! One coalesced wake-up: an eventfd, or a pipe where there is none.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// A descriptor that polls readable from [`Notify::set`] until [`Notify::clear`], however often it was set. Polled
/// through [`AsFd`].
#[derive(Debug)]
pub struct Notify {
    read: OwnedFd,
    #[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
    write: OwnedFd,
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
impl Notify {
    /// Not readable yet. Fails where the process has no descriptor left.
    pub fn new() -> io::Result<Notify> {
        use rustix::event::{EventfdFlags, eventfd};
        Ok(Notify { read: eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)? })
    }

    fn writer(&self) -> &OwnedFd {
        &self.read
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
impl Notify {
    /// Not readable yet. Fails where the process has no descriptor left.
    pub fn new() -> io::Result<Notify> {
        let (read, write) = rustix::pipe::pipe()?;
        for end in [&read, &write] {
            rustix::io::fcntl_setfd(end, rustix::io::FdFlags::CLOEXEC)?;
            rustix::io::ioctl_fionbio(end, true)?;
        }
        Ok(Notify { read, write })
    }

    fn writer(&self) -> &OwnedFd {
        &self.write
    }
}

impl Notify {
    /// Makes it readable. A full counter or pipe is readable already, so no error matters.
    pub fn set(&self) {
        let _ = rustix::io::write(self.writer(), &1u64.to_ne_bytes());
    }

    /// Makes it unreadable. Take what it announces after this, never before, or a wake-up is lost.
    pub fn clear(&self) {
        let mut scratch = [0; 64];
        while matches!(rustix::io::read(&self.read, &mut scratch), Ok(64)) {}
    }
}

impl AsFd for Notify {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.read.as_fd()
    }
}
