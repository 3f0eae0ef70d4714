//! Hooks: asked only where they want to be, answered at once, late, never.

use std::sync::Arc;
use std::time::Duration;

use mqtt_broker::{
    Anonymous, AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, ConnectAnswer, ConnectRequest,
    DisconnectCause, DisconnectNotice, Hooks, Interests, Overdue, PublishAnswer, PublishRequest, Reply, SessionNotice,
    SubscribeAnswer, SubscribeRequest, UnsubscribeAnswer, UnsubscribeRequest,
};
use mqtt_proto::packet::{Auth, Connect, Properties, Property, QoS, Subscription};
use mqtt_proto::{ReasonCode, Version};
use std::sync::Mutex;

use super::support::{Got, VERSIONS, broker, config, goodbye, payload, start};

/// When a hook answers.
#[derive(Clone, Copy, PartialEq)]
enum When {
    AtOnce,
    /// From another thread.
    Late,
    Never,
    /// It drops the reply.
    Drop,
}

struct Judge {
    when: When,
    told: Mutex<Vec<String>>,
    kept: Mutex<Vec<Box<dyn std::any::Any + Send>>>,
}

impl Judge {
    fn new(when: When) -> Arc<Judge> {
        Arc::new(Judge { when, told: Mutex::default(), kept: Mutex::default() })
    }

    fn give<T: Send + 'static>(&self, reply: Reply<T>, answer: T) {
        match self.when {
            When::AtOnce => reply.answer(answer),
            When::Late => drop(std::thread::spawn(move || reply.answer(answer))),
            When::Never => self.kept.lock().expect("lock").push(Box::new(reply)),
            When::Drop => drop(reply),
        }
    }

    fn tell(&self, text: String) {
        self.told.lock().expect("lock").push(text);
    }
}

impl Hooks for Judge {
    fn interests(&self) -> Interests {
        Interests::none().connect().authenticate().subscribe().unsubscribe().publish("asked/#").disconnect().sessions()
    }

    fn on_connect(&self, request: ConnectRequest, reply: Reply<ConnectAnswer>) {
        assert!(request.peer.address.is_some_and(|address| address.ip().is_loopback()));
        let answer = match request.connect.user_name.as_deref() {
            Some("joe") => ConnectAnswer::Accept {
                properties: Properties::from_iter([Property::ReasonString("welcome".into())]),
                user_name: Some("joseph".into()),
            },
            Some("mallory") => ConnectAnswer::refuse(ReasonCode::Banned),
            _ => ConnectAnswer::Proceed,
        };
        self.give(reply, answer);
    }

    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        let answer = match (request.step, request.data.as_deref()) {
            (AuthenticateStep::Begin | AuthenticateStep::ReAuthenticate, _) => {
                AuthenticateAnswer::Continue(Some("who?".into()))
            }
            (AuthenticateStep::Continue, Some(b"me")) => {
                AuthenticateAnswer::Accept { data: Some("welcome".into()), user_name: Some("me".into()) }
            }
            _ => AuthenticateAnswer::Refuse(ReasonCode::NotAuthorized),
        };
        self.give(reply, answer);
    }

    fn on_subscribe(&self, request: SubscribeRequest, reply: Reply<SubscribeAnswer>) {
        let code = |s: &Subscription| match &*s.filter {
            "secret" => ReasonCode::NotAuthorized,
            "low" => ReasonCode::Success,
            _ => ReasonCode::GrantedQoS2,
        };
        self.give(reply, SubscribeAnswer::Each(request.subscriptions.iter().map(code).collect()));
    }

    fn on_unsubscribe(&self, request: UnsubscribeRequest, reply: Reply<UnsubscribeAnswer>) {
        let codes = request.filters.iter().map(|f| match &**f {
            "sticky" => ReasonCode::NotAuthorized,
            _ => ReasonCode::Success,
        });
        self.give(reply, UnsubscribeAnswer::Each(codes.collect()));
    }

    fn on_publish(&self, request: PublishRequest, reply: Reply<PublishAnswer>) {
        let answer = match &*request.publish.topic {
            "asked/no" => PublishAnswer::Refuse(ReasonCode::QuotaExceeded),
            "asked/other" => {
                let mut publish = request.publish;
                publish.topic = "replaced".into();
                publish.payload = "by the hook".into();
                PublishAnswer::Replace(Box::new(publish))
            }
            _ => PublishAnswer::Proceed,
        };
        self.give(reply, answer);
    }

    fn on_disconnect(&self, notice: DisconnectNotice) {
        self.tell(format!("disconnect {} {:?}", notice.client.client_id, notice.cause));
    }

    fn on_session_created(&self, notice: SessionNotice) {
        self.tell(format!("created {}", notice.client_id));
    }

    fn on_session_ended(&self, notice: SessionNotice) {
        self.tell(format!("ended {}", notice.client_id));
    }
}

fn user(version: Version, name: &str) -> Connect {
    let mut connect = Connect::new(version, format!("client of {name}").replace(' ', "-"));
    connect.client_id = format!("c-{name}").into();
    connect.user_name = Some(name.to_owned().into());
    connect
}

#[test]
fn answers_hold_whether_they_come_at_once_or_late() {
    for (when, shards) in [(When::AtOnce, 1), (When::Late, 1), (When::Late, 2)] {
        let broker = start(config(shards), Judge::new(when));
        for version in VERSIONS {
            let refused = broker.refused(user(version, "mallory")).reason;
            let expected = if version.has_properties() { ReasonCode::Banned } else { ReasonCode::NotAuthorized };
            assert_eq!(refused, expected);
            let (mut client, ack) = broker.connect(user(version, "joe"));
            assert_eq!(ack.properties.reason_string().is_some(), version.has_properties());
            let info = broker.broker.client("c-joe").expect("a client");
            assert_eq!(info.identity.user_name.as_deref(), Some("joseph"));
            let asked = ["free", "low", "secret", "replaced"].map(|f| Subscription::new(f, QoS::AtLeastOnce));
            let asked = if version.has_subscribe_failure() { asked.to_vec() } else { asked[..2].to_vec() };
            let reasons = client.subscribe_all(&asked, &Properties::new());
            assert_eq!(reasons[..2], [ReasonCode::GrantedQoS1, ReasonCode::Success]);
            assert!(reasons.get(2).is_none_or(|reason| reason.is_error()));
            let mut publisher = broker.client(version, "p");
            for topic in ["free", "asked/no", "asked/other", "free"] {
                let reason = publisher.publish_acknowledged(topic, topic, QoS::AtLeastOnce, false);
                assert_eq!(reason.is_error(), version.has_properties() && topic == "asked/no");
            }
            assert_eq!(client.text(), ("free".into(), "free".into()));
            if asked.len() == 4 {
                assert_eq!(client.text(), ("replaced".into(), "by the hook".into()));
            }
            assert_eq!(client.text(), ("free".into(), "free".into()));
        }
    }
}

/// While a question is open the connection reads nothing further: order holds although answers come late.
#[test]
fn order_holds_over_late_answers() {
    let broker = start(config(2), Judge::new(When::Late));
    let mut subscriber = broker.client(Version::V5, "s");
    subscriber.subscribe("#", QoS::AtLeastOnce);
    let mut publisher = broker.client(Version::V5, "p");
    for number in 0..300 {
        let topic = if number % 3 == 0 { "asked/t" } else { "t" };
        publisher.publish(topic, &number.to_string(), QoS::AtLeastOnce);
    }
    for number in 0..300 {
        assert_eq!(payload(&subscriber.message()), number.to_string());
        assert!(!publisher.completed().is_error());
    }
}

#[test]
fn others_go_on_while_one_waits_and_the_deadline_refuses() {
    let mut config = config(1);
    config.hook_deadline = Duration::from_millis(300);
    let judge = Judge::new(When::Never);
    let broker = start(config, judge);
    // Nobody answers: CONNECT is refused when the time is over.
    let start = std::time::Instant::now();
    let ack = broker.refused(Connect::new(Version::V5, "c"));
    assert_eq!(ack.reason, ReasonCode::ServerUnavailable);
    assert!(start.elapsed() >= Duration::from_millis(300));
}

#[test]
fn the_deadline_may_let_through() {
    let mut config = config(1);
    config.hook_deadline = Duration::from_millis(20);
    config.hook_overdue = Overdue::Proceed;
    let broker = start(config, Judge::new(When::Never));
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("asked/t", QoS::AtLeastOnce);
    assert!(!client.publish_acknowledged("asked/t", "x", QoS::AtLeastOnce, false).is_error());
    assert_eq!(payload(&client.message()), "x");
}

#[test]
fn a_dropped_reply_refuses() {
    let broker = start(config(1), Judge::new(When::Drop));
    assert_eq!(broker.refused(Connect::new(Version::V5, "c")).reason, ReasonCode::ServerUnavailable);
}

/// A panic in a hook once ended the shard and everybody on it.
#[test]
fn a_hook_that_panics_refuses_and_others_go_on() {
    struct Panics;
    impl Hooks for Panics {
        fn interests(&self) -> Interests {
            Interests::none().publish("asked").disconnect()
        }
        fn on_publish(&self, _request: PublishRequest, _reply: Reply<PublishAnswer>) {
            panic!("on purpose");
        }
        fn on_disconnect(&self, _notice: DisconnectNotice) {
            panic!("on purpose");
        }
    }
    let broker = start(config(1), Arc::new(Panics));
    let mut client = broker.client(Version::V5, "c");
    let refused = client.publish_acknowledged("asked", "x", QoS::AtLeastOnce, false);
    assert_eq!(refused, ReasonCode::ImplementationSpecificError);
    broker.client(Version::V5, "d").leave(goodbye());
    client.subscribe("t", QoS::AtMostOnce);
    client.publish("t", "x", QoS::AtMostOnce);
    assert_eq!(payload(&client.message()), "x");
}

/// Shows: 5.0 MQTT-4.12.0-2, 5.0 MQTT-4.12.0-5, 5.0 MQTT-4.12.1-2
#[test]
fn extended_authentication_goes_in_steps() {
    for when in [When::AtOnce, When::Late] {
        let broker = start(config(2), Judge::new(when));
        let connect = |id: &str| {
            let mut connect = Connect::new(Version::V5, id.to_owned());
            connect.properties.push(Property::AuthenticationMethod("ask".into()));
            connect
        };
        let answer = |data: &str| Auth {
            reason: ReasonCode::ContinueAuthentication,
            properties: Properties::from_iter([Property::AuthenticationData(data.to_owned().into())]),
        };
        for (data, accepted) in [("me", true), ("you", false)] {
            let mut client = super::support::Client::dial(broker.address, &connect("c"), Default::default());
            assert!(matches!(client.next(), Got::Auth(auth) if auth.properties.authentication_data().is_some()));
            client.link.send_auth(&answer(data)).expect("AUTH");
            client.flush();
            let ack = client.connack();
            assert_eq!(!ack.reason.is_error(), accepted);
            if accepted {
                assert_eq!(ack.properties.authentication_data().map(|d| &d[..]), Some(&b"welcome"[..]));
                let mut again = answer("");
                again.reason = ReasonCode::ReAuthenticate;
                client.link.send_auth(&again).expect("AUTH");
                client.flush();
                assert!(matches!(client.next(), Got::Auth(_)));
                client.link.send_auth(&answer("me")).expect("AUTH");
                client.flush();
                assert!(matches!(client.next(), Got::Auth(auth) if auth.reason == ReasonCode::Success));
            }
        }
    }
}

/// Shows: 5.0 MQTT-4.12.0-1
#[test]
fn without_a_hook_extended_authentication_is_refused() {
    let broker = broker(1);
    let mut connect = Connect::new(Version::V5, "c");
    connect.properties.push(Property::AuthenticationMethod("ask".into()));
    assert_eq!(broker.refused(connect).reason, ReasonCode::BadAuthenticationMethod);
}

#[test]
fn anonymous_clients_are_refused_where_the_configuration_says_so() {
    let mut config = config(1);
    config.listeners[0].anonymous = Some(Anonymous::Refused);
    let broker = start(config, Judge::new(When::AtOnce));
    for version in VERSIONS {
        assert_eq!(broker.refused(Connect::new(version, "c")).reason, ReasonCode::NotAuthorized);
        broker.connect(user(version, "joe"));
    }
}

#[test]
fn beginnings_and_ends_are_told() {
    let judge = Judge::new(When::AtOnce);
    let broker = start(config(1), judge.clone());
    broker.client(Version::V5, "c").leave(goodbye());
    broker.client(Version::V5, "d").vanish();
    broker.wait_until("both are gone", |b| b.clients().is_empty());
    let told = judge.told.lock().expect("lock").clone();
    assert_eq!(
        told,
        [
            "created c".to_owned(),
            format!("disconnect c {:?}", DisconnectCause::Client(ReasonCode::Success)),
            "ended c".to_owned(),
            "created d".to_owned(),
            format!("disconnect d {:?}", DisconnectCause::Closed),
            "ended d".to_owned(),
        ]
    );
}

#[test]
fn an_unsubscribe_may_be_refused() {
    let broker = start(config(1), Judge::new(When::AtOnce));
    let mut client = broker.client(Version::V5, "c");
    client.subscribe("sticky", QoS::AtMostOnce);
    assert_eq!(client.unsubscribe("sticky"), [ReasonCode::NotAuthorized]);
    client.publish("sticky", "x", QoS::AtMostOnce);
    assert_eq!(payload(&client.message()), "x");
}
