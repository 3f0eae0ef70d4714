//! How long to wait before the next attempt to connect. No clock, no I/O.

use std::time::Duration;

use crate::options::Reconnect;

/// Delays that double from the least to the greatest, each with a share left to chance.
#[derive(Debug)]
pub(crate) struct Backoff {
    options: Reconnect,
    failures: u32,
    random: fastrand::Rng,
}

impl Backoff {
    pub(crate) fn new(options: Reconnect, seed: u64) -> Backoff {
        Backoff { options, failures: 0, random: fastrand::Rng::with_seed(seed) }
    }

    /// A connection was lost or an attempt failed: the time until the next attempt, or `None` to give up.
    pub(crate) fn next_delay(&mut self) -> Option<Duration> {
        let Reconnect { enabled, min_delay, max_delay, jitter, max_attempts } = self.options;
        if !enabled || (max_attempts > 0 && self.failures >= max_attempts) {
            return None;
        }
        let doubled = 1u32.checked_shl(self.failures).and_then(|factor| min_delay.checked_mul(factor));
        self.failures += 1;
        let delay = doubled.unwrap_or(max_delay).min(max_delay);
        // The share is taken off, so that the greatest delay is a bound. Not a number counts as none.
        let share = if jitter > 0.0 { jitter.min(1.0) * self.random.f64() } else { 0.0 };
        Some(delay.mul_f64(1.0 - share))
    }

    /// A connection stood: the next loss starts over.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn backoff(jitter: f64, max_attempts: u32) -> Backoff {
        let options = Reconnect {
            enabled: true,
            min_delay: Duration::from_millis(200),
            max_delay: Duration::from_secs(30),
            jitter,
            max_attempts,
        };
        Backoff::new(options, 7)
    }

    #[test]
    fn delays_double_up_to_the_bound_and_start_over() {
        let mut backoff = backoff(0.0, 0);
        let delays: Vec<u128> = (0..10).filter_map(|_| backoff.next_delay()).map(|d| d.as_millis()).collect();
        assert_eq!(delays, [200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
        backoff.failures = 1000;
        assert_eq!(backoff.next_delay(), Some(Duration::from_secs(30)), "no overflow");
        backoff.reset();
        assert_eq!(backoff.next_delay(), Some(Duration::from_millis(200)));
    }

    #[test]
    fn chance_takes_off_at_most_its_share() {
        let (mut one, mut other) = (backoff(0.5, 0), backoff(0.5, 0));
        other.random = fastrand::Rng::with_seed(8);
        let mut different = 0;
        for expected in [200, 400, 800, 1600, 3200] {
            let (a, b) = (one.next_delay().unwrap(), other.next_delay().unwrap());
            for delay in [a, b] {
                assert!(delay.as_millis() <= expected && delay.as_millis() >= expected / 2 - 1, "{delay:?} {expected}");
            }
            different += u32::from(a != b);
        }
        assert!(different > 3, "two clients do not come back together");
        assert_eq!(backoff(f64::NAN, 0).next_delay(), Some(Duration::from_millis(200)));
    }

    #[test]
    fn attempts_are_bounded_when_asked() {
        let mut backoff = backoff(0.0, 2);
        assert!(backoff.next_delay().is_some() && backoff.next_delay().is_some());
        assert_eq!(backoff.next_delay(), None);
        let mut off = Backoff::new(Reconnect { enabled: false, ..backoff.options }, 1);
        assert_eq!(off.next_delay(), None);
    }
}
