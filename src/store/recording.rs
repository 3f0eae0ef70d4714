//! A store of the full trait that keeps everything in memory and can be made to lose, delay and fail.
