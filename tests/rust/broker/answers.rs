//! What hooks answer to CONNECT: what is done, and what the client is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use mqtt_broker::{
    AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, Broker, Config, ConnectAnswer, ConnectRequest, Hooks,
    Interests, Level, Levels, PublishAnswer, PublishRequest, Reply, StartError,
};
use mqtt_proto::packet::{Auth, ConnAck, Connect, Disconnect, Properties, Property, QoS, Will};
use mqtt_proto::{ReasonCode, Version};

use super::support::{Got, TestBroker, VERSIONS, config, goodbye, start};

/// Accepts everybody with the same properties, at once or from another thread.
struct Giver {
    properties: Properties,
    late: bool,
}

impl Hooks for Giver {
    fn interests(&self) -> Interests {
        Interests::none().connect()
    }

    fn on_connect(&self, _: ConnectRequest, reply: Reply<ConnectAnswer>) {
        let answer = ConnectAnswer::Accept { properties: self.properties.clone(), user_name: None };
        match self.late {
            true => drop(std::thread::spawn(move || reply.answer(answer))),
            false => reply.answer(answer),
        }
    }
}

type Lines = Arc<Mutex<Vec<String>>>;

fn giving(config: Config, late: bool, properties: impl IntoIterator<Item = Property>) -> (TestBroker, Lines) {
    let hooks = Arc::new(Giver { properties: properties.into_iter().collect(), late });
    let lines = Lines::default();
    let sink = Arc::clone(&lines);
    let broker = Broker::start_with_log(config, hooks, Levels::NONE.with(Level::Error), move |record| {
        sink.lock().expect("lock").push(record.to_string());
    });
    let broker = broker.expect("a broker");
    let mqtt_broker::LocalAddress::Tcp(address) = broker.local_addrs()[0].clone() else { panic!("no TCP") };
    (TestBroker { broker, address }, lines)
}

fn nameless(version: Version) -> Connect {
    Connect::new(version, String::new())
}

fn connack(broker: &TestBroker, connect: Connect) -> ConnAck {
    broker.connect(connect).1
}

/// A hook that answered `assignedClientIdentifier` had CONNACK lose all its properties: there were two of it, and a
/// CONNACK that cannot be written was written without any. The session had another identifier than the client was told.
/// On several shards the connection moves to the home of its new identifier, with what it had sent meanwhile.
#[test]
fn a_hook_chooses_the_identifier_of_a_client_that_names_none() {
    for (late, shards) in [(false, 1), (true, 1), (false, 4), (true, 4)] {
        for number in 0..8 {
            let id = format!("chosen-{number}");
            let (broker, lines) = giving(config(shards), late, [Property::AssignedClientIdentifier(id.clone().into())]);
            let (mut client, ack) = broker.connect(nameless(Version::V5));
            assert_eq!(ack.properties.assigned_client_identifier().map(|id| id.to_string()), Some(id.clone()));
            assert_eq!(ack.properties.receive_maximum(), Some(1024), "the rest is there, too");
            client.subscribe("a", QoS::AtMostOnce);
            let (mut other, _) = broker.connect(Connect::new(Version::V5, format!("own-{number}")));
            other.publish("a", "x", QoS::AtMostOnce);
            assert_eq!(client.text(), ("a".into(), "x".into()));
            let mut ids: Vec<_> = broker.broker.clients().iter().map(|c| c.identity.client_id.to_string()).collect();
            ids.sort();
            assert_eq!(ids, [id.clone(), format!("own-{number}")]);
            assert!(broker.broker.client(&id).is_some(), "at its home");
            let expected = format!(
                "Hook on_connect for client own-{number}: assigned_client_identifier is for clients that name none, so it was left out."
            );
            assert_eq!(*lines.lock().expect("lock"), [expected]);
            client.leave(goodbye());
        }
    }
}

/// What was sent behind CONNECT goes along to another shard.
#[test]
fn packets_behind_connect_follow_the_identifier() {
    for late in [false, true] {
        for number in 0..4 {
            let id = format!("chosen-{number}");
            let (broker, _) = giving(config(4), late, [Property::AssignedClientIdentifier(id.into())]);
            let mut client = super::support::Client::dial(broker.address, &nameless(Version::V5), Default::default());
            // Before CONNACK, which our client would wait for.
            client.raw(&[0x30, 5, 0, 1, b'a', 0, b'x']);
            assert_eq!(client.connack().reason, ReasonCode::Success);
            broker.wait_until("PUBLISH", |broker| broker.stats().messages_received == 1);
        }
    }
}

#[test]
fn an_identifier_that_is_none_refuses() {
    for id in ["", "a\0b"] {
        let (broker, lines) = giving(config(1), false, [Property::AssignedClientIdentifier(id.into())]);
        assert_eq!(broker.refused(nameless(Version::V5)).reason, ReasonCode::ImplementationSpecificError, "{id:?}");
        assert_eq!(lines.lock().expect("lock").len(), 1);
    }
    for prefix in ["a\0b".to_owned(), "x".repeat(65_535)] {
        let refused = Broker::start(Config { assigned_id_prefix: prefix, ..config(1) }, Arc::new(mqtt_broker::NoHooks));
        assert!(matches!(refused, Err(StartError::Config(_))));
    }
}

/// A session expiry interval that a hook gave was told and not used [MQTT 5, section 3.2.2.3.2].
#[test]
fn the_session_expiry_that_is_told_is_used() {
    let mut limited = config(1);
    limited.limits.maximum_session_expiry = 50;
    for (config, asked, given, expected) in [
        (config(1), None, 100, 100),
        (config(1), Some(100), 0, 0),
        (config(1), Some(7), 7, 7),
        (limited, Some(7), 100, 50),
    ] {
        let (broker, _) = giving(config, false, [Property::SessionExpiryInterval(given)]);
        let mut connect = Connect::new(Version::V5, "a");
        connect.properties = asked.map(Property::SessionExpiryInterval).into_iter().collect();
        let (client, ack) = broker.connect(connect);
        let told = ack.properties.session_expiry_interval();
        assert_eq!(told.or(asked), Some(expected));
        assert_eq!(broker.broker.client("a").map(|info| info.session_expiry), Some(expected));
        drop(client);
        broker.wait_until("the end", |broker| broker.stats().clients_connected == 0);
        assert_eq!(broker.broker.client("a").is_some(), expected > 0);
    }
    let (broker, _) = giving(config(1), false, [Property::SessionExpiryInterval(9)]);
    for (clean, expected) in [(true, 0), (false, 9)] {
        let mut connect = Connect::new(Version::V3_1_1, "old");
        connect.clean_start = clean;
        let _client = broker.connect(connect);
        assert_eq!(
            broker.broker.client("old").map(|info| info.session_expiry),
            Some(expected),
            "it can only be shortened"
        );
    }
}

/// The broker's own limits went over stricter ones of a hook, or were exceeded by what a hook told.
#[test]
fn the_stricter_limit_holds() {
    let mut limited = config(1);
    limited.limits.maximum_keep_alive = 20;
    limited.limits.maximum_qos = QoS::AtLeastOnce;
    limited.link.receive_maximum = 10;
    limited.link.maximum_packet_size = 1000;
    limited.link.topic_alias_maximum = 5;
    let given = |keep_alive, qos, receive, size, alias| {
        [
            Property::ServerKeepAlive(keep_alive),
            Property::MaximumQoS(qos),
            Property::ReceiveMaximum(receive),
            Property::MaximumPacketSize(size),
            Property::TopicAliasMaximum(alias),
        ]
    };
    let told = |ack: &ConnAck| {
        let told = &ack.properties;
        (
            told.server_keep_alive(),
            told.maximum_qos(),
            told.receive_maximum(),
            told.maximum_packet_size(),
            told.topic_alias_maximum(),
        )
    };
    let (broker, _) = giving(limited.clone(), false, given(7, 0, 3, 500, 2));
    let mut connect = Connect::new(Version::V5, "a");
    connect.keep_alive = 60;
    let (mut client, ack) = broker.connect(connect.clone());
    assert_eq!(told(&ack), (Some(7), Some(0), Some(3), Some(500), Some(2)));
    assert_eq!(broker.broker.client("a").map(|info| info.keep_alive), Some(7));
    // Our client obeys what it was told, so this goes past it.
    client.raw(&[0x32, 7, 0, 1, b'a', 0, 1, 0, b'x']);
    assert!(matches!(client.next(), Got::Disconnect(disconnect) if disconnect.reason == ReasonCode::QoSNotSupported));

    let (broker, _) = giving(limited, false, given(60, 1, 60_000, 100_000, 9));
    assert_eq!(told(&connack(&broker, connect)), (Some(20), Some(1), Some(10), Some(1000), Some(5)));
}

#[test]
fn a_will_beyond_what_a_hook_allows_refuses() {
    for (property, expected) in [
        (Property::MaximumQoS(0), ReasonCode::QoSNotSupported),
        (Property::RetainAvailable(0), ReasonCode::RetainNotSupported),
    ] {
        let (broker, _) = giving(config(1), false, [property]);
        let mut connect = Connect::new(Version::V5, "a");
        connect.will = Some(Will {
            topic: "w".into(),
            payload: "gone".into(),
            qos: QoS::AtLeastOnce,
            retain: true,
            properties: Properties::new(),
        });
        assert_eq!(broker.refused(connect).reason, expected);
    }
}

/// A client was told that there are no wildcards, and could use them all the same.
#[test]
fn what_cannot_be_enforced_is_not_told() {
    for property in [
        Property::WildcardSubscriptionAvailable(0),
        Property::SharedSubscriptionAvailable(0),
        Property::SubscriptionIdentifierAvailable(0),
    ] {
        let (broker, lines) = giving(config(1), false, [property]);
        for version in VERSIONS {
            assert!(broker.refused(Connect::new(version, "a")).reason.is_error());
        }
        assert_eq!(lines.lock().expect("lock").len(), VERSIONS.len());
    }
}

/// What a question is answered with, sooner or later, and what came of late ones.
#[derive(Default)]
struct Slow {
    kept: Mutex<Vec<Reply<PublishAnswer>>>,
}

impl Hooks for Slow {
    fn interests(&self) -> Interests {
        Interests::none().publish("#").authenticate()
    }

    fn on_publish(&self, _: PublishRequest, reply: Reply<PublishAnswer>) {
        self.kept.lock().expect("lock").push(reply);
    }

    fn on_authenticate(&self, request: AuthenticateRequest, reply: Reply<AuthenticateAnswer>) {
        let properties = Properties::from_iter([
            Property::ReasonString("because".into()),
            Property::UserProperty("a".into(), "b".into()),
            Property::AuthenticationData("not from here".into()),
        ]);
        let answer = match (request.step, &*request.method) {
            (AuthenticateStep::ReAuthenticate, "user") => AuthenticateAnswer::Refuse(ReasonCode::BadUserNameOrPassword),
            (AuthenticateStep::ReAuthenticate, "busy") => AuthenticateAnswer::Refuse(ReasonCode::ServerUnavailable),
            (AuthenticateStep::ReAuthenticate, "quota") => AuthenticateAnswer::Refuse(ReasonCode::QuotaExceeded),
            (AuthenticateStep::Begin, "steps") => AuthenticateAnswer::Continue(None),
            _ => AuthenticateAnswer::Accept { data: None, user_name: None },
        };
        reply.answer(AuthenticateAnswer::With(Box::new(answer), properties));
    }
}

impl Slow {
    fn wait(&self) -> Reply<PublishAnswer> {
        loop {
            if let Some(reply) = self.kept.lock().expect("lock").pop() {
                return reply;
            }
            std::thread::yield_now();
        }
    }
}

/// Whoever ended the connection of a publisher that a hook was being asked about lost its message; at QoS 0 for good.
#[test]
fn a_message_outlives_the_end_of_its_publisher() {
    for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let hooks = Arc::new(Slow::default());
        let broker = start(config(1), Arc::clone(&hooks) as Arc<dyn Hooks>);
        let mut subscriber = broker.client(Version::V5, "subscriber");
        subscriber.subscribe("#", QoS::AtMostOnce);
        let mut publisher = broker.client(Version::V5, "publisher");
        publisher.publish("a", "x", qos);
        let reply = hooks.wait();
        assert!(broker.broker.disconnect("publisher", ReasonCode::AdministrativeAction));
        reply.answer(PublishAnswer::Proceed);
        assert_eq!(subscriber.text(), ("a".into(), "x".into()));
        if qos == QoS::AtLeastOnce {
            assert_eq!(publisher.completed(), ReasonCode::Success);
        }
        assert_eq!(publisher.next(), Got::Disconnect(Disconnect::new(ReasonCode::AdministrativeAction)));
        assert_eq!(publisher.next(), Got::Closed);
        assert!(!broker.broker.disconnect("publisher", ReasonCode::AdministrativeAction));
    }
}

/// A hook that was kept waiting past the deadline was asked all the same, and its answer went nowhere.
#[test]
fn a_reply_knows_that_it_is_late() {
    let hooks = Arc::new(Slow::default());
    let mut config = config(1);
    config.hook_deadline = Duration::from_millis(300);
    let broker = start(config, Arc::clone(&hooks) as Arc<dyn Hooks>);
    let mut publisher = broker.client(Version::V5, "publisher");
    publisher.publish("a", "x", QoS::AtLeastOnce);
    let reply = hooks.wait();
    assert!(!reply.is_late());
    assert_eq!(publisher.completed(), ReasonCode::ImplementationSpecificError);
    assert!(reply.is_late());
    reply.abandon();
    publisher.publish("a", "x", QoS::AtLeastOnce);
    hooks.wait().answer(PublishAnswer::Proceed);
    assert_eq!(publisher.completed(), ReasonCode::NoMatchingSubscribers);
}

/// A refused re-authentication was told as a protocol error where DISCONNECT lacks the code, and what a hook had to say
/// about any step was lost.
#[test]
fn authentication_tells_what_it_can() {
    let broker = start(config(1), Arc::new(Slow::default()));
    let said = [Property::ReasonString("because".into()), Property::UserProperty("a".into(), "b".into())];
    let said = |properties: &Properties| said.iter().all(|one| properties.iter().any(|property| property == one));
    for (method, expected) in [
        ("user", Some(ReasonCode::NotAuthorized)),
        ("busy", Some(ReasonCode::ServerBusy)),
        ("quota", Some(ReasonCode::QuotaExceeded)),
        ("fine", None),
    ] {
        let mut connect = Connect::new(Version::V5, "a");
        connect.properties.push(Property::AuthenticationMethod(method.into()));
        let (mut client, ack) = broker.connect(connect);
        assert!(said(&ack.properties), "{:?}", ack.properties);
        assert_eq!(ack.properties.authentication_data(), None);
        let again = Auth { reason: ReasonCode::ReAuthenticate, properties: Properties::new() };
        client.link.send_auth(&again).expect("AUTH");
        client.flush();
        match (client.next(), expected) {
            (Got::Disconnect(disconnect), Some(expected)) => {
                assert_eq!(disconnect.reason, expected);
                assert!(said(&disconnect.properties));
            }
            (Got::Auth(auth), None) => {
                assert_eq!(auth.reason, ReasonCode::Success);
                assert!(said(&auth.properties));
            }
            (other, _) => panic!("{other:?}"),
        }
    }
    let mut connect = Connect::new(Version::V5, "a");
    connect.properties.push(Property::AuthenticationMethod("steps".into()));
    let mut client = super::support::Client::dial(broker.address, &connect, Default::default());
    assert!(matches!(client.next(), Got::Auth(auth) if said(&auth.properties)));
}
