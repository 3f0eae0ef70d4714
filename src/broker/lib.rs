//! The MQTT broker: one shard per core, hooks, sessions, routing.
//!
//! [`Broker::start`] takes a [`Config`] and [`Hooks`], opens the listeners and returns; the broker then works on its
//! own threads until [`Broker::stop`]. Everything a caller may ask of a running broker is a method of [`Broker`] and
//! may be called from any thread except from inside a hook.
//!
//! [`packets`] has the same listeners without a broker behind them: a program that answers every packet itself.
#![forbid(unsafe_code)]

mod broker;
pub mod conf;
mod config;
mod core;
mod hooks;
mod log;
mod metrics;
pub mod packets;
mod registry;
mod retained;
mod routing;
mod server;
mod shared;
mod system;
mod wills;

pub use broker::{
    Broker, ClientInfo, ConnectionState, LocalAddress, PublishError, RetainedInfo, StartError, Stats, SubscriptionInfo,
};
pub use config::{Anonymous, Bind, BrokerLimits, Config, ListenerConfig, Overdue, PayloadFormat, UserName};
pub use hooks::{
    AuthenticateAnswer, AuthenticateRequest, AuthenticateStep, ConnectAnswer, ConnectRequest, DeliverAnswer,
    DeliverRequest, DisconnectCause, DisconnectNotice, Hooks, Identity, Interests, NoHooks, Peer, PublishAnswer,
    PublishRequest, Reply, SessionNotice, SubscribeAnswer, SubscribeRequest, UnsubscribeAnswer, UnsubscribeRequest,
};
pub use log::{Address, Level, Levels, Record};
