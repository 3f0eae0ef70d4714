//! Local time in words, for log lines and formats: what strftime does, without a C library.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time as strftime writes it in this machine's zone. Unknown letters stay as they are.
pub(crate) fn strftime(format: &str, at: SystemTime) -> String {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    Moment::new(since, zone()).write(format)
}

/// Seconds and nanoseconds since 1970.
pub(crate) fn since_epoch(at: SystemTime) -> Duration {
    at.duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// The zone of this process, read once: `TZ`, else `/etc/localtime`, else UTC.
fn zone() -> &'static Zone {
    static ZONE: OnceLock<Zone> = OnceLock::new();
    ZONE.get_or_init(|| {
        let path = match std::env::var("TZ") {
            Ok(name) => {
                let name = name.strip_prefix(':').unwrap_or(&name);
                if name.is_empty() { return Zone::default() } else { Path::new("/usr/share/zoneinfo").join(name) }
            }
            Err(_) => PathBuf::from("/etc/localtime"),
        };
        std::fs::read(path).ok().and_then(|bytes| Zone::parse(&bytes)).unwrap_or_default()
    })
}

/// Offsets from UTC over time.
#[derive(Debug, Default, PartialEq)]
struct Zone {
    /// From which second on which of `kinds` is in force, in order.
    changes: Vec<(i64, usize)>,
    kinds: Vec<(i32, String)>,
}

impl Zone {
    /// Reads a file of the zone database (RFC 8536), the second half with its 64-bit times.
    fn parse(bytes: &[u8]) -> Option<Zone> {
        let counts = |at: usize| -> Option<[usize; 6]> {
            let header = bytes.get(at..at + 44)?;
            if &header[..4] != b"TZif" {
                return None;
            }
            let count = |i: usize| header[20 + i * 4..24 + i * 4].iter().fold(0, |n, byte| n << 8 | usize::from(*byte));
            Some([count(0), count(1), count(2), count(3), count(4), count(5)])
        };
        // isut, isstd, leap, time, type, char
        let [isut, isstd, leap, time, kind, chars] = counts(0)?;
        let at = 44 + time * 5 + kind * 6 + chars + leap * 8 + isstd + isut;
        let [_, _, _, time, kind, chars] = counts(at)?;
        let times = bytes.get(at + 44..at + 44 + time * 8)?;
        let rest = &bytes[at + 44 + time * 8..];
        let (indices, rest) = rest.split_at_checked(time)?;
        let (kinds, rest) = rest.split_at_checked(kind * 6)?;
        let names = rest.get(..chars)?;
        let kinds: Vec<(i32, String)> = kinds
            .chunks_exact(6)
            .map(|k| {
                let name = names.get(usize::from(k[5])..).unwrap_or_default().split(|byte| *byte == 0).next();
                let offset = i32::from_be_bytes([k[0], k[1], k[2], k[3]]);
                (offset, String::from_utf8_lossy(name.unwrap_or_default()).into_owned())
            })
            .collect();
        let seconds = times.chunks_exact(8).map(|t| t.iter().fold(0i64, |n, byte| n << 8 | i64::from(*byte)));
        let changes = seconds.zip(indices.iter().map(|index| usize::from(*index))).collect();
        Some(Zone { changes, kinds })
    }

    /// Offset in seconds and name at this second.
    fn at(&self, second: i64) -> (i64, &str) {
        let passed = self.changes.partition_point(|(from, _)| *from <= second);
        let kind = passed.checked_sub(1).map_or(0, |last| self.changes[last].1);
        self.kinds.get(kind).map_or((0, "UTC"), |(offset, name)| (i64::from(*offset), name))
    }
}

/// A second, split into what people read.
struct Moment<'a> {
    epoch: i64,
    nanos: u32,
    offset: i64,
    zone: &'a str,
    year: i64,
    month: usize,
    day: i64,
    day_of_year: i64,
    weekday: usize,
    second_of_day: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

impl Moment<'_> {
    fn new(since: Duration, zone: &Zone) -> Moment<'_> {
        let epoch = since.as_secs() as i64;
        let (offset, name) = zone.at(epoch);
        let local = epoch + offset;
        let days = local.div_euclid(86_400);
        // Years run from March to February here, so that the leap day is the last of its year.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_from_march + 2) / 153;
        let month = (month_from_march + 2) % 12;
        let year = year_of_era + era * 400 + i64::from(month < 2);
        let leap = i64::from(year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
        Moment {
            epoch,
            nanos: since.subsec_nanos(),
            offset,
            zone: name,
            year,
            month: month as usize,
            day: day_from_march - (153 * month_from_march + 2) / 5 + 1,
            day_of_year: if month < 2 { day_from_march - 306 } else { day_from_march + 59 + leap },
            weekday: (days + 4).rem_euclid(7) as usize,
            second_of_day: local.rem_euclid(86_400),
        }
    }

    fn write(&self, format: &str) -> String {
        let mut out = String::new();
        let mut letters = format.chars();
        while let Some(letter) = letters.next() {
            match (letter, if letter == '%' { letters.next() } else { None }) {
                ('%', Some(code)) => self.field(code, &mut out),
                (other, _) => out.push(other),
            }
        }
        out
    }

    fn field(&self, code: char, out: &mut String) {
        let (hour, minute, second) = (self.second_of_day / 3600, self.second_of_day / 60 % 60, self.second_of_day % 60);
        let twelve = (hour + 11) % 12 + 1;
        let monday = (self.weekday + 6) % 7;
        let text = match code {
            'Y' => self.year.to_string(),
            'C' => format!("{:02}", self.year / 100),
            'y' => format!("{:02}", self.year % 100),
            'm' => format!("{:02}", self.month + 1),
            'd' => format!("{:02}", self.day),
            'e' => format!("{:2}", self.day),
            'j' => format!("{:03}", self.day_of_year + 1),
            'H' => format!("{hour:02}"),
            'I' => format!("{twelve:02}"),
            'k' => format!("{hour:2}"),
            'l' => format!("{twelve:2}"),
            'M' => format!("{minute:02}"),
            'S' => format!("{second:02}"),
            'p' => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            'P' => if hour < 12 { "am" } else { "pm" }.to_owned(),
            'b' | 'h' => MONTHS[self.month][..3].to_owned(),
            'B' => MONTHS[self.month].to_owned(),
            'a' => WEEKDAYS[self.weekday][..3].to_owned(),
            'A' => WEEKDAYS[self.weekday].to_owned(),
            'u' => (monday + 1).to_string(),
            'w' => self.weekday.to_string(),
            'U' => format!("{:02}", (self.day_of_year + 7 - self.weekday as i64) / 7),
            'W' => format!("{:02}", (self.day_of_year + 7 - monday as i64) / 7),
            's' => self.epoch.to_string(),
            'N' => format!("{:09}", self.nanos),
            'z' => {
                let minutes = self.offset.abs() / 60;
                format!("{}{:02}{:02}", if self.offset < 0 { '-' } else { '+' }, minutes / 60, minutes % 60)
            }
            'Z' => self.zone.to_owned(),
            'F' => self.write("%Y-%m-%d"),
            'D' | 'x' => self.write("%m/%d/%y"),
            'T' | 'X' => self.write("%H:%M:%S"),
            'R' => self.write("%H:%M"),
            'r' => self.write("%I:%M:%S %p"),
            'c' => self.write("%a %b %e %H:%M:%S %Y"),
            'n' => "\n".to_owned(),
            't' => "\t".to_owned(),
            '%' => "%".to_owned(),
            other => format!("%{other}"),
        };
        out.push_str(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(format: &str, epoch: u64) -> String {
        Moment::new(Duration::new(epoch, 5), &Zone::default()).write(format)
    }

    #[test]
    fn known_moments_read_right() {
        assert_eq!(utc("%Y-%m-%dT%H:%M:%S%z", 0), "1970-01-01T00:00:00+0000");
        assert_eq!(utc("%F %T %j %a %U %W", 951_782_399), "2000-02-28 23:59:59 059 Mon 09 09");
        assert_eq!(utc("%F %j", 951_782_400), "2000-02-29 060");
        assert_eq!(utc("%F %j", 951_868_800), "2000-03-01 061");
        assert_eq!(utc("%F %j %A", 1_704_067_199), "2023-12-31 365 Sunday");
        assert_eq!(
            utc("%c|%I%p|%s|%N|%%|%q", 1_700_000_000),
            "Tue Nov 14 22:13:20 2023|10PM|1700000000|000000005|%|%q"
        );
        assert_eq!(utc("100%", 0), "100%");
    }

    #[test]
    fn zones_come_from_the_zone_database() {
        let mut file = b"TZif2".to_vec();
        file.resize(44, 0);
        let second = file.len();
        file.extend_from_slice(b"TZif2");
        file.resize(second + 20, 0);
        for count in [0u32, 0, 0, 1, 2, 9] {
            file.extend_from_slice(&count.to_be_bytes());
        }
        file.extend_from_slice(&1000i64.to_be_bytes());
        file.push(1);
        file.extend_from_slice(&3600i32.to_be_bytes());
        file.extend_from_slice(&[0, 0]);
        file.extend_from_slice(&(-19_800i32).to_be_bytes());
        file.extend_from_slice(&[1, 4]);
        file.extend_from_slice(b"CET\0WEST\0");
        let zone = Zone::parse(&file).expect("a zone");
        assert_eq!(Moment::new(Duration::from_secs(999), &zone).write("%H:%M:%S %z %Z"), "01:16:39 +0100 CET");
        assert_eq!(Moment::new(Duration::from_secs(1000), &zone).write("%F %H %z %Z"), "1969-12-31 18 -0530 WEST");
        assert_eq!(Zone::parse(b"TZif"), None);
        for cut in 44..file.len() {
            Zone::parse(&file[..cut]);
        }
    }
}
