//! The few fields of an X.509 certificate that rustls does not tell (RFC 5280, section 4.1).
//!
//! Trust never rests on these parsers alone: signatures and names are checked by rustls.

/// The period a certificate is valid in, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) not_before: i64,
    pub(crate) not_after: i64,
}

/// The common name of the subject: the last one, which is the most specific. `None` when there is none or it is not text.
pub(crate) fn common_name(certificate: &[u8]) -> Option<String> {
    const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    let mut names = fields(certificate)?.subject;
    let mut found = None;
    while !names.is_empty() {
        let mut set = take(&mut names, SET)?;
        while !set.is_empty() {
            let mut attribute = take(&mut set, SEQUENCE)?;
            if take(&mut attribute, OBJECT_IDENTIFIER)? == COMMON_NAME {
                found = text(attribute);
            }
        }
    }
    found
}

/// Whether issuer and subject are the same name.
pub(crate) fn is_self_issued(certificate: &[u8]) -> bool {
    fields(certificate).is_some_and(|fields| fields.issuer == fields.subject)
}

/// The period the certificate is valid in.
pub(crate) fn validity(certificate: &[u8]) -> Option<Validity> {
    let mut validity = fields(certificate)?.validity;
    Some(Validity { not_before: time(&mut validity)?, not_after: time(&mut validity)? })
}

const OBJECT_IDENTIFIER: u8 = 0x06;
const UTF8_STRING: u8 = 0x0c;
const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const BMP_STRING: u8 = 0x1e;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const VERSION: u8 = 0xa0;

struct Fields<'a> {
    issuer: &'a [u8],
    validity: &'a [u8],
    subject: &'a [u8],
}

fn fields(mut certificate: &[u8]) -> Option<Fields<'_>> {
    let mut outer = take(&mut certificate, SEQUENCE)?;
    let mut body = take(&mut outer, SEQUENCE)?;
    if body.first() == Some(&VERSION) {
        any(&mut body)?;
    }
    any(&mut body)?; // serial number
    any(&mut body)?; // signature algorithm
    Some(Fields {
        issuer: take(&mut body, SEQUENCE)?,
        validity: take(&mut body, SEQUENCE)?,
        subject: take(&mut body, SEQUENCE)?,
    })
}

/// The content of the next element, which must have this tag.
fn take<'a>(input: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    if *input.first()? != tag {
        return None;
    }
    any(input).map(|(_, content)| content)
}

/// Tag and content of the next element.
fn any<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&tag, rest) = input.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let length = match first {
        0..=0x7f => usize::from(first),
        0x81..=0x84 => {
            let (digits, after) = rest.split_at_checked(usize::from(first & 0x7f))?;
            rest = after;
            digits.iter().try_fold(0usize, |sum, digit| Some(sum.checked_mul(256)? + usize::from(*digit)))?
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    *input = after;
    Some((tag, content))
}

fn text(mut value: &[u8]) -> Option<String> {
    let (tag, content) = any(&mut value)?;
    match tag {
        UTF8_STRING | PRINTABLE_STRING | IA5_STRING => String::from_utf8(content.to_vec()).ok(),
        // Nominally T.61; in practice Latin-1.
        TELETEX_STRING => Some(content.iter().map(|byte| char::from(*byte)).collect()),
        BMP_STRING if content.len() % 2 == 0 => {
            let units = content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        _ => None,
    }
}

/// YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ.
fn time(input: &mut &[u8]) -> Option<i64> {
    let (tag, content) = any(input)?;
    let digits = content.strip_suffix(b"Z")?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |part: &[u8]| part.iter().fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let (year, rest) = match (tag, digits.len()) {
        (UTC_TIME, 12) => {
            let year = number(&digits[..2]);
            (if year < 50 { 2000 + year } else { 1900 + year }, &digits[2..])
        }
        (GENERALIZED_TIME, 14) => (number(&digits[..4]), &digits[4..]),
        _ => return None,
    };
    let part = |at: usize| number(&rest[2 * at..2 * at + 2]);
    Some(days(year, part(0), part(1)) * 86400 + part(2) * 3600 + part(3) * 60 + part(4))
}

/// Days from 1970-01-01 in the Gregorian calendar. Years are counted from March, so that leap days come last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    // 719468 days lie between 0000-03-01 and 1970-01-01.
    year * 365 + leap_days + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let mut result = vec![tag];
        match content.len() {
            length @ 0..0x80 => result.push(length as u8),
            length => result.extend([0x82, (length >> 8) as u8, length as u8]),
        }
        result.extend_from_slice(content);
        result
    }

    fn name(tag: u8, value: &[u8]) -> Vec<u8> {
        let attribute = [element(OBJECT_IDENTIFIER, &[0x55, 4, 3]), element(tag, value)].concat();
        element(SEQUENCE, &element(SET, &element(SEQUENCE, &attribute)))
    }

    fn certificate(issuer: &[u8], subject: &[u8], times: [&[u8]; 2]) -> Vec<u8> {
        let validity = element(SEQUENCE, &[element(UTC_TIME, times[0]), element(GENERALIZED_TIME, times[1])].concat());
        let body = [
            element(VERSION, &element(2, &[2])),
            element(2, &[1]),
            element(SEQUENCE, &[]),
            issuer.to_vec(),
            validity,
            subject.to_vec(),
        ];
        element(SEQUENCE, &element(SEQUENCE, &body.concat()))
    }

    const TIMES: [&[u8]; 2] = [b"700101000001Z", b"20380119031407Z"];

    #[test]
    fn the_common_name_is_read_in_every_string_type() {
        let issuer = name(UTF8_STRING, b"CA");
        for (tag, value, expected) in [
            (UTF8_STRING, "M\u{fc}ller".as_bytes(), "M\u{fc}ller"),
            (PRINTABLE_STRING, b"device-1", "device-1"),
            (TELETEX_STRING, b"M\xfcller", "M\u{fc}ller"),
            (BMP_STRING, b"\x00M\x00\xfc", "M\u{fc}"),
        ] {
            let certificate = certificate(&issuer, &name(tag, value), TIMES);
            assert_eq!(common_name(&certificate).as_deref(), Some(expected));
            assert!(!is_self_issued(&certificate));
        }
        assert!(is_self_issued(&certificate(&issuer, &issuer, TIMES)));
        assert_eq!(common_name(&certificate(&issuer, &element(SEQUENCE, &[]), TIMES)), None);
    }

    #[test]
    fn dates_are_seconds_since_1970() {
        let issuer = name(UTF8_STRING, b"CA");
        let found = validity(&certificate(&issuer, &issuer, TIMES));
        assert_eq!(found, Some(Validity { not_before: 1, not_after: i64::from(i32::MAX) }));
        assert_eq!(days(2024, 3, 1) - days(2024, 2, 28), 2);
        assert_eq!(days(2100, 3, 1) - days(2100, 2, 28), 1);
        assert_eq!(days(2000, 1, 1), 10957);
    }

    #[test]
    fn no_prefix_of_a_certificate_panics() {
        let issuer = name(UTF8_STRING, b"CA");
        let certificate = certificate(&issuer, &issuer, TIMES);
        for length in 0..certificate.len() {
            assert_eq!(common_name(&certificate[..length]), None);
            assert_eq!(validity(&certificate[..length]), None);
        }
    }
}
