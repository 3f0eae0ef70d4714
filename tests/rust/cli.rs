//! The program `mqtt` as its users run it: arguments, exit status, output, signals, log lines.

#[path = "cli/broker.rs"]
mod broker;
#[path = "cli/publish.rs"]
mod publish;
#[path = "cli/secure.rs"]
mod secure;
#[path = "cli/subscribe.rs"]
mod subscribe;
#[path = "cli/support.rs"]
mod support;
