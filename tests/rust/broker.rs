//! The broker over real sockets: what clients of all three versions see.

#[path = "broker/support.rs"]
mod support;

#[path = "broker/answers.rs"]
mod answers;
#[path = "broker/deliver.rs"]
mod deliver;
#[path = "broker/durable.rs"]
mod durable;
#[path = "broker/hooks.rs"]
mod hooks;
#[path = "broker/hostile.rs"]
mod hostile;
#[path = "broker/layers.rs"]
mod layers;
#[path = "broker/messages.rs"]
mod messages;
#[path = "broker/program.rs"]
mod program;
#[path = "broker/retained.rs"]
mod retained;
#[path = "broker/sessions.rs"]
mod sessions;
#[path = "broker/subscriptions.rs"]
mod subscriptions;
#[path = "broker/wills.rs"]
mod wills;
