//! The binary `mqtt`: a broker, a publisher and a subscriber.
#![forbid(unsafe_code)]

mod args;
mod broker;
mod clock;
mod format;
mod publish;
mod session;
mod subscribe;

use std::process::ExitCode;

use args::{Refusal, Task};

/// Any error that has no status of its own; also a wrong command line.
pub(crate) const FAILURE: u8 = 1;

fn main() -> ExitCode {
    match args::parse(std::env::args_os()) {
        Ok(Task::Broker(args)) => broker::run(&args),
        Ok(Task::Publish(args)) => publish::run(&args),
        Ok(Task::Subscribe(args)) => subscribe::run(&args),
        Err(Refusal::Clap(error)) => {
            let _ = error.print();
            if error.use_stderr() { ExitCode::from(FAILURE) } else { ExitCode::SUCCESS }
        }
        Err(Refusal::Said(text, subcommand)) => {
            let mut command = args::command();
            command.build();
            let usage = command.find_subcommand_mut(subcommand).map(|sub| sub.render_usage().to_string());
            eprintln!("error: {text}\n\n{}\n\nTry 'mqtt {subcommand} --help'.", usage.unwrap_or_default());
            ExitCode::from(FAILURE)
        }
    }
}
