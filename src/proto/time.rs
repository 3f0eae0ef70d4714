//! Time as an argument.

use std::time::Duration;

/// A point on the owner's monotonic clock, in milliseconds since a start that the owner chose.
///
/// The crate never reads a clock: each call that needs to know the time is told. A test passes whatever it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(u64);

impl Time {
    /// The point this many milliseconds after the start of the clock.
    pub const fn from_millis(millis: u64) -> Time {
        Time(millis)
    }

    /// Milliseconds since the start of the clock.
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// How long it is from `earlier` to here; zero when `earlier` is later.
    pub const fn since(self, earlier: Time) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

impl std::ops::Add<Duration> for Time {
    type Output = Time;

    fn add(self, span: Duration) -> Time {
        Time(self.0.saturating_add(span.as_millis().try_into().unwrap_or(u64::MAX)))
    }
}
