//! What Rust can test of the boundary better than C: the numbers, NULL everywhere, a panic inside. The C programs in
//! `tests/c` test the rest.

use std::ffi::{CStr, CString};
use std::ptr::{null, null_mut};

use mqtt_proto::ReasonCode;
use mqtt_proto::packet::{PacketType, PropertyId};

use crate::ffi::{guard, mqtt_slice};
use crate::fields::mqtt_field;
use crate::result::{Failure, mqtt_last_error_message, mqtt_last_reason_code, mqtt_result, mqtt_result_name};
use crate::{client, codes, decoder, event, message, options, options_more, packet, property, topic};

fn last_error() -> String {
    // SAFETY: the function gives a string of this thread that ends with NUL.
    unsafe { CStr::from_ptr(mqtt_last_error_message()) }.to_str().expect("UTF-8").to_owned()
}

#[test]
fn numbers_are_those_of_the_specification() {
    let text = include_str!("codes.rs");
    let numbers = |name: &str| -> Vec<u8> {
        let body =
            text.split(&format!("pub enum {name} {{")).nth(1).and_then(|rest| rest.split('}').next()).expect("an enum");
        let values = body.lines().filter_map(|line| line.trim().strip_suffix(',')?.split_once(" = "));
        values
            .map(|(_, value)| match value.strip_prefix("0x") {
                Some(hex) => u8::from_str_radix(hex, 16).expect("a number"),
                None => value.parse().expect("a number"),
            })
            .collect()
    };
    assert_eq!(numbers("mqtt_packet_type"), PacketType::ALL.map(|kind| kind as u8));
    assert_eq!(numbers("mqtt_reason"), ReasonCode::ALL.iter().map(|reason| reason.value()).collect::<Vec<_>>());
    assert_eq!(numbers("mqtt_property"), PropertyId::ALL.iter().map(|id| *id as u8).collect::<Vec<_>>());
    assert_eq!(codes::mqtt_reason::NotAuthorized as u8, ReasonCode::NotAuthorized.value());
}

#[test]
fn a_panic_is_a_result_with_its_text() {
    let result: mqtt_result = guard(|| panic!("the reason is {}", 7));
    assert_eq!(result, mqtt_result::Panic);
    assert!(last_error().contains("a bug in the library: the reason is 7"), "{}", last_error());
    let pointer: *mut u8 = guard(|| panic!("again"));
    assert!(pointer.is_null());
    let number: u64 = guard(|| Err(Failure::invalid("x\0y")));
    assert_eq!((number, last_error().as_str()), (0, "xy"));
}

#[test]
fn the_last_error_belongs_to_its_thread() {
    let _: mqtt_result = guard(|| Err(Failure::invalid("mine")));
    std::thread::spawn(|| assert_eq!((last_error().as_str(), mqtt_last_reason_code()), ("", 0)))
        .join()
        .expect("no panic");
    assert_eq!((last_error().as_str(), mqtt_last_reason_code()), ("mine", 0x80));
}

#[test]
fn results_have_names() {
    let text = include_str!("result.rs");
    let body = text.split("pub enum mqtt_result {").nth(1).and_then(|rest| rest.split('}').next()).expect("the enum");
    let mut seen = 0;
    for line in body.lines().filter_map(|line| line.trim().strip_suffix(',')) {
        let Some((name, number)) = line.split_once(" = ") else { continue };
        // SAFETY: the function gives a string that ends with NUL.
        let found = unsafe { CStr::from_ptr(mqtt_result_name(number.parse().expect("a number"))) };
        let found = found.to_str().expect("UTF-8").strip_prefix("MQTT_RESULT_").expect("a name").replace('_', "");
        assert_eq!(found, name.to_uppercase());
        seen += 1;
    }
    assert!(seen > 10);
}

/// Every function takes NULL for every pointer, and none crashes.
#[test]
fn null_is_answered() {
    const NULL: mqtt_result = mqtt_result::NullParameter;
    let (mut n, mut b, mut z, mut slice) = (0u32, 0u8, 0usize, mqtt_slice::of(b""));
    // SAFETY: NULL is allowed everywhere by the functions' contract, and the other pointers are to locals.
    unsafe {
        property::mqtt_properties_free(null_mut());
        assert_eq!(property::mqtt_properties_add_number(null_mut(), 1, 1), NULL);
        assert_eq!(property::mqtt_properties_add_bytes(null_mut(), 3, null(), 0), NULL);
        assert_eq!(property::mqtt_properties_add_user(null_mut(), c"a".as_ptr(), c"b".as_ptr()), NULL);
        assert_eq!((property::mqtt_properties_count(null()), property::mqtt_properties_id(null(), 0)), (0, 0));
        assert_eq!(property::mqtt_properties_find(null(), 1, 0, &mut z), NULL);
        assert_eq!(property::mqtt_properties_number(null(), 0, &mut n), NULL);
        assert_eq!(property::mqtt_properties_bytes(null(), 0, &mut slice), NULL);
        assert_eq!(property::mqtt_properties_user_name(null(), 0, &mut slice), NULL);

        packet::mqtt_packet_free(null_mut());
        assert_eq!((packet::mqtt_packet_kind(null()), packet::mqtt_packet_filter_count(null())), (0, 0));
        assert_eq!(packet::mqtt_packet_number(null(), 1, &mut n), NULL);
        assert_eq!(packet::mqtt_packet_set_number(null_mut(), 1, 1), NULL);
        assert_eq!(packet::mqtt_packet_bytes(null(), 100, &mut slice), NULL);
        assert_eq!(packet::mqtt_packet_set_bytes(null_mut(), 100, null(), 0), NULL);
        assert!(packet::mqtt_packet_properties(null_mut()).is_null());
        assert!(packet::mqtt_packet_will_properties(null_mut()).is_null());
        assert_eq!(packet::mqtt_packet_filter(null(), 0, &mut slice, &mut b), NULL);
        assert_eq!(packet::mqtt_packet_add_filter(null_mut(), c"a".as_ptr(), 0), NULL);
        assert_eq!(
            (packet::mqtt_packet_reason_count(null()), packet::mqtt_packet_reason(null(), 0, &mut b)),
            (0, NULL)
        );
        assert_eq!(packet::mqtt_packet_add_reason(null_mut(), 0), NULL);
        assert_eq!(packet::mqtt_packet_encode(null(), 5, 0, null_mut(), 0, &mut z), NULL);

        decoder::mqtt_decoder_free(null_mut());
        assert_eq!(decoder::mqtt_decoder_push(null_mut(), null(), 0), NULL);
        assert_eq!(decoder::mqtt_decoder_next(null_mut(), &mut null_mut()), NULL);
        assert_eq!((decoder::mqtt_decoder_version(null()), decoder::mqtt_decoder_buffered(null())), (0, 0));

        assert_eq!(topic::mqtt_topic_check_name(null()), NULL);
        assert_eq!(topic::mqtt_topic_check_filter(null()), NULL);
        assert_eq!(topic::mqtt_topic_matches(null(), c"a".as_ptr(), &mut false), NULL);
        assert_eq!(topic::mqtt_topic_matches(c"a".as_ptr(), c"a".as_ptr(), null_mut()), NULL);

        options::mqtt_options_free(null_mut());
        assert_eq!(options::mqtt_options_new(null(), &mut null_mut()), NULL);
        assert_eq!(options::mqtt_options_new(c"mqtt://h".as_ptr(), null_mut()), NULL);
        assert!(options::mqtt_options_properties(null_mut()).is_null());
        assert_eq!(options::mqtt_options_set_client_id(null_mut(), c"a".as_ptr()), NULL);
        assert_eq!(options::mqtt_options_set_credentials(null_mut(), null(), null(), 0), NULL);
        assert_eq!(options::mqtt_options_set_will(null_mut(), null(), null(), 0, 0, false, null()), NULL);

        message::mqtt_message_free(null_mut());
        assert_eq!(message::mqtt_message_topic(null(), &mut slice), NULL);
        assert_eq!(message::mqtt_message_payload(null(), &mut slice), NULL);
        assert!(message::mqtt_message_properties(null()).is_null());
        assert_eq!(message::mqtt_message_handle(null(), 0, &mut n), NULL);

        event::mqtt_event_free(null_mut());
        assert_eq!((event::mqtt_event_kind_of(null()), event::mqtt_event_token(null())), (0, 0));
        assert_eq!(event::mqtt_event_text(null(), null_mut(), 0, null_mut()), NULL);
        assert_eq!(event::mqtt_event_retry_after(null()), u64::MAX);
        assert!(event::mqtt_event_message(null()).is_null() && event::mqtt_event_properties(null()).is_null());

        client::mqtt_client_free(null_mut());
        assert_eq!(client::mqtt_client_new(null(), &mut null_mut()), NULL);
        assert_eq!(client::mqtt_client_connect(null(), 0), NULL);
        assert_eq!(
            client::mqtt_client_publish(null(), c"a".as_ptr(), null(), 0, 0, false, null(), 0, null_mut()),
            NULL
        );
        assert_eq!(client::mqtt_client_subscribe(null(), c"a".as_ptr(), 0, 0, null(), 0, null_mut()), NULL);
        assert_eq!(client::mqtt_client_receive(null(), 0, &mut null_mut()), NULL);
        assert_eq!(client::mqtt_client_dispatch(null(), 1, None, null_mut(), null_mut()), NULL);
        assert_eq!(client::mqtt_client_fd(null()), -1);
        assert_eq!(client::mqtt_client_close(null(), 0, null_mut()), NULL);
    }
    assert!(last_error().ends_with("is NULL"), "{}", last_error());
}

#[test]
fn fields_round_trip_through_every_packet_that_has_them() {
    for kind in PacketType::ALL {
        let made = packet::mqtt_packet_new(kind as u8);
        for field in mqtt_field::ALL.map(|field| field as u32) {
            // SAFETY: a packet that was made above and is freed below.
            unsafe {
                let (mut number, mut view) = (0, mqtt_slice::of(b""));
                let text = b"text";
                if packet::mqtt_packet_set_number(made, field, 3) == mqtt_result::Ok
                    || packet::mqtt_packet_set_number(made, field, 1) == mqtt_result::Ok
                {
                    assert_eq!(packet::mqtt_packet_number(made, field, &mut number), mqtt_result::Ok, "{kind} {field}");
                    assert!(number == 3 || number == 1);
                } else if packet::mqtt_packet_set_bytes(made, field, text.as_ptr(), text.len()) == mqtt_result::Ok {
                    assert_eq!(packet::mqtt_packet_bytes(made, field, &mut view), mqtt_result::Ok, "{kind} {field}");
                    assert_eq!(std::slice::from_raw_parts(view.data, view.length), text);
                } else if field != mqtt_field::Reason as u32 {
                    assert_eq!(
                        packet::mqtt_packet_number(made, field, &mut number),
                        mqtt_result::Nothing,
                        "{kind} {field}"
                    );
                    assert_eq!(
                        packet::mqtt_packet_bytes(made, field, &mut view),
                        mqtt_result::Nothing,
                        "{kind} {field}"
                    );
                }
            }
        }
        // SAFETY: made above, freed once.
        unsafe { packet::mqtt_packet_free(made) };
    }
}

#[test]
fn arguments_that_cannot_be_are_refused_with_a_sentence() {
    let invalid = CString::new([b'a', 0xff]).expect("no NUL");
    // SAFETY: the pointers are to strings of this function.
    unsafe {
        assert_eq!(topic::mqtt_topic_check_name(invalid.as_ptr()), mqtt_result::InvalidArgument);
        assert_eq!(last_error(), "name is not UTF-8");
        assert_eq!(topic::mqtt_topic_check_name(c"a/#".as_ptr()), mqtt_result::InvalidArgument);
        assert!(last_error().contains("wildcard") && mqtt_last_reason_code() == 0x90, "{}", last_error());
        assert_eq!(options::mqtt_options_new(c"gopher://h".as_ptr(), &mut null_mut()), mqtt_result::InvalidArgument);
        assert!(last_error().contains("gopher"), "{}", last_error());
    }
    assert!(decoder::mqtt_decoder_new(7, 0, 0).is_null() && last_error().contains("version 7"));
    assert!(packet::mqtt_packet_new(0).is_null());
}

/// What each of these options does is shown by tests of the client and of the transports; here it is shown that the
/// function of C sets that option and no other, and refuses what cannot be.
#[test]
fn rarer_options_reach_the_client() {
    let mut made = null_mut();
    // SAFETY: options that are made here and freed below; strings of this function.
    unsafe {
        assert_eq!(options::mqtt_options_new(c"mqtt://h".as_ptr(), &mut made), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_websocket_path(made, c"/other".as_ptr()), mqtt_result::Ok);
        assert_eq!(
            options_more::mqtt_options_add_websocket_header(made, c"X-A".as_ptr(), c"b".as_ptr()),
            mqtt_result::Ok
        );
        assert_eq!(options_more::mqtt_options_add_tls_alpn(made, c"mqtt".as_ptr()), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_tls_pin(made, c"AB:CD".as_ptr()), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_tls_passphrase(made, c"secret".as_ptr()), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_tls_min_version(made, c"1.3".as_ptr()), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_tls_allow_self_signed(made, true), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_resubscribe(made, false), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_redirects(made, 2), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_reconnect_jitter(made, 25), mqtt_result::Ok);
        assert_eq!(options_more::mqtt_options_set_receive_queue(made, 4096), mqtt_result::Ok);
        let set = &*made;
        assert_eq!(set.websocket_path.as_deref(), Some("/other"));
        assert_eq!(set.websocket_headers, [("X-A".to_owned(), "b".to_owned())]);
        assert_eq!(set.tls.alpn, ["mqtt"]);
        assert_eq!((set.tls.pinned_sha256.as_deref(), set.tls.min_version.as_deref()), (Some("AB:CD"), Some("1.3")));
        assert_eq!(set.tls.key_passphrase.as_deref(), Some("secret"));
        assert_eq!((set.tls.allow_self_signed, set.resubscribe, set.redirects), (true, false, 2));
        assert_eq!((set.reconnect.jitter, set.receive_queue), (0.25, 4096));

        let refused = mqtt_result::InvalidArgument;
        assert_eq!(options_more::mqtt_options_set_reconnect_jitter(made, 101), refused);
        assert_eq!(options_more::mqtt_options_add_tls_alpn(made, c"".as_ptr()), refused);
        assert_eq!(
            options_more::mqtt_options_add_websocket_header(made, c"X-A".as_ptr(), c"b\r\nC: d".as_ptr()),
            refused
        );
        assert_eq!((*made).reconnect.jitter, 0.25);
        options::mqtt_options_free(made);
    }
}
