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

/// The subject as OpenSSL writes it in RFC 2253 form, which is what Mosquitto takes for a user name: the last name first,
/// `CN=device-1,O=x`. `None` when it is empty or cannot be read.
pub(crate) fn subject(certificate: &[u8]) -> Option<String> {
    let mut sets = fields(certificate)?.subject;
    let mut names: Vec<String> = Vec::new();
    while !sets.is_empty() {
        let mut set = take(&mut sets, SET)?;
        let mut name = String::new();
        while !set.is_empty() {
            let mut attribute = take(&mut set, SEQUENCE)?;
            let written = attribute_text(take(&mut attribute, OBJECT_IDENTIFIER)?, attribute)?;
            name = if name.is_empty() { written } else { format!("{written}+{name}") };
        }
        names.push(name);
    }
    names.reverse();
    (!names.is_empty()).then(|| names.join(","))
}

/// `CN=device-1`. A type or a string that nobody knows is written as bytes.
fn attribute_text(identifier: &[u8], value: &[u8]) -> Option<String> {
    let bytes = || value.iter().fold("#".to_owned(), |text, byte| text + &format!("{byte:02X}"));
    match ATTRIBUTES.iter().find(|(known, _)| *known == identifier) {
        Some((_, name)) => Some(format!("{name}={}", text(value).map_or_else(bytes, |text| escaped(&text)))),
        None => Some(format!("{}={}", dotted(identifier)?, bytes())),
    }
}

/// Escapes of RFC 2253, section 2.4, and of everything that is not printable ASCII.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b',' | b'+' | b'"' | b'\\' | b'<' | b'>' | b';' => out.extend(['\\', char::from(byte)]),
            b'#' if at == 0 => out.push_str("\\#"),
            b' ' if at == 0 || at + 1 == text.len() => out.push_str("\\ "),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:02X}")),
        }
    }
    out
}

/// An object identifier in numbers.
fn dotted(identifier: &[u8]) -> Option<String> {
    let mut numbers: Vec<String> = Vec::new();
    let mut number: u64 = 0;
    for byte in identifier {
        number = number.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 != 0 {
            continue;
        }
        if numbers.is_empty() {
            let root = (number / 40).min(2);
            numbers.push(root.to_string());
            number -= root * 40;
        }
        numbers.push(number.to_string());
        number = 0;
    }
    (!numbers.is_empty()).then(|| numbers.join("."))
}

/// Attribute types with the names that OpenSSL gives them.
const ATTRIBUTES: &[(&[u8], &str)] = &[
    (&[0x55, 4, 3], "CN"),
    (&[0x55, 4, 4], "SN"),
    (&[0x55, 4, 5], "serialNumber"),
    (&[0x55, 4, 6], "C"),
    (&[0x55, 4, 7], "L"),
    (&[0x55, 4, 8], "ST"),
    (&[0x55, 4, 9], "street"),
    (&[0x55, 4, 10], "O"),
    (&[0x55, 4, 11], "OU"),
    (&[0x55, 4, 12], "title"),
    (&[0x55, 4, 13], "description"),
    (&[0x55, 4, 15], "businessCategory"),
    (&[0x55, 4, 17], "postalCode"),
    (&[0x55, 4, 20], "telephoneNumber"),
    (&[0x55, 4, 41], "name"),
    (&[0x55, 4, 42], "GN"),
    (&[0x55, 4, 43], "initials"),
    (&[0x55, 4, 44], "generationQualifier"),
    (&[0x55, 4, 45], "x500UniqueIdentifier"),
    (&[0x55, 4, 46], "dnQualifier"),
    (&[0x55, 4, 65], "pseudonym"),
    (&[0x55, 4, 72], "role"),
    (&[0x55, 4, 97], "organizationIdentifier"),
    // 0.9.2342.19200300.100.1
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1], "UID"),
    (&[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25], "DC"),
    // 1.2.840.113549.1.9
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1], "emailAddress"),
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2], "unstructuredName"),
    // 1.3.6.1.4.1.311.60.2.1
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 1], "jurisdictionL"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 2], "jurisdictionST"),
    (&[0x2b, 6, 1, 4, 1, 0x82, 0x37, 0x3c, 2, 1, 3], "jurisdictionC"),
];

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
const NUMERIC_STRING: u8 = 0x12;
const PRINTABLE_STRING: u8 = 0x13;
const TELETEX_STRING: u8 = 0x14;
const IA5_STRING: u8 = 0x16;
const UTC_TIME: u8 = 0x17;
const VISIBLE_STRING: u8 = 0x1a;
const UNIVERSAL_STRING: u8 = 0x1c;
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
        UTF8_STRING | PRINTABLE_STRING | IA5_STRING | NUMERIC_STRING | VISIBLE_STRING => {
            String::from_utf8(content.to_vec()).ok()
        }
        // Nominally T.61; in practice Latin-1.
        TELETEX_STRING => Some(content.iter().map(|byte| char::from(*byte)).collect()),
        BMP_STRING if content.len() % 2 == 0 => {
            let units = content.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        UNIVERSAL_STRING if content.len() % 4 == 0 => {
            let units = content.chunks_exact(4).map(|four| u32::from_be_bytes([four[0], four[1], four[2], four[3]]));
            units.map(char::from_u32).collect()
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

    /// The subject was never read, so a listener that takes it for the user name refused everybody, and hooks saw null.
    /// What is expected here is what `openssl x509 -subject -nameopt RFC2253` writes.
    #[test]
    fn the_subject_is_written_as_openssl_does() {
        let set = |attributes: &[(&[u8], u8, &[u8])]| {
            let each = attributes.iter().map(|(identifier, tag, value)| {
                element(SEQUENCE, &[element(OBJECT_IDENTIFIER, identifier), element(*tag, value)].concat())
            });
            element(SET, &each.collect::<Vec<_>>().concat())
        };
        let (cn, o, ou, uid): (&[u8], &[u8], &[u8], &[u8]) =
            (&[0x55, 4, 3], &[0x55, 4, 10], &[0x55, 4, 11], ATTRIBUTES[23].0);
        let cases: [(Vec<Vec<u8>>, Option<&str>); 7] = [
            (vec![set(&[(o, UTF8_STRING, b"x")]), set(&[(cn, PRINTABLE_STRING, b"client")])], Some("CN=client,O=x")),
            (vec![set(&[(cn, UTF8_STRING, b"a"), (uid, IA5_STRING, b"7")])], Some("UID=7+CN=a")),
            (
                vec![set(&[(o, UTF8_STRING, b" a,b+c\"d\\e<f>g;h=#\x01 ")])],
                Some("O=\\ a\\,b\\+c\\\"d\\\\e\\<f\\>g\\;h=#\\01\\ "),
            ),
            (vec![set(&[(ou, TELETEX_STRING, b"#M\xfcller")])], Some("OU=\\#M\\C3\\BCller")),
            (vec![set(&[(&[0x2a, 3, 0x84, 0x12], UTF8_STRING, b"hi")])], Some("1.2.3.530=#0C026869")),
            (vec![set(&[(cn, 0x02, b"\x07")])], Some("CN=#020107")),
            (vec![], None),
        ];
        for (sets, expected) in cases {
            let certificate = certificate(&name(UTF8_STRING, b"CA"), &element(SEQUENCE, &sets.concat()), TIMES);
            assert_eq!(subject(&certificate).as_deref(), expected);
        }
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
            assert_eq!(subject(&certificate[..length]), None);
            assert_eq!(validity(&certificate[..length]), None);
        }
    }
}
