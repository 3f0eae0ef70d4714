//! How a connection begins, carries what the script sends, and ends.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqtt_client::fork;
use mqtt_client::mosquitto::{Code, ERROR, Event, Input, Session, SharedWire, Wire, lock};
use mqtt_net::{Dial, DialOptions, DialPoll, DialStage, Endpoint, Scheme, Transport};
use rustix::event::{PollFd, PollFlags};

use super::super::settings::local_address;
use super::{Link, SLICE, State, handle_signals, sleep};
use crate::client::ini_seconds;
use crate::guard::Outcome;

/// A server that does not read holds the publisher up beyond this many bytes.
const BACKLOG: usize = 8 * 1024 * 1024;
/// What may be read ahead meanwhile.
const READ_AHEAD: usize = 16 * 1024 * 1024;
/// How long the end of a connection waits for the server's end.
const FAREWELL: Duration = Duration::from_millis(100);

/// Where a connection is to go.
pub(in super::super) struct Target<'a> {
    pub(in super::super) host: &'a str,
    pub(in super::super) port: u16,
    pub(in super::super) keep_alive: u16,
    pub(in super::super) interface: Option<&'a str>,
}

impl State {
    /// The connection, where there is one and it is this process's.
    pub(super) fn wire(&self) -> Option<SharedWire> {
        let generation = fork::generation();
        if self.link.borrow().as_ref()?.generation != generation {
            self.abandon();
            return None;
        }
        self.link.borrow().as_ref().map(|link| link.wire.clone())
    }

    /// In a child of fork(): the connection is the parent's. Its descriptor is closed here, without a word on it.
    fn abandon(&self) {
        let Some(link) = self.link.take() else { return };
        self.session.borrow_mut().lost();
        self.input.borrow_mut().clear();
        // Where the parent's thread was at it when it forked, the lock is held for ever, and the descriptor stays open.
        match Arc::try_unwrap(link.wire) {
            Ok(wire) => drop(wire),
            Err(wire) => std::mem::forget(wire),
        }
    }

    pub(in super::super) fn is_connected(&self) -> bool {
        self.wire().is_some()
    }

    /// The descriptor of the socket.
    pub(in super::super) fn descriptor(&self) -> Option<i32> {
        use std::os::fd::AsRawFd;
        self.wire().map(|wire| lock(&wire).transport().socket().as_raw_fd())
    }

    /// Connects and sends CONNECT. An error is to be thrown; [`Code::ERRNO`] is to be returned.
    pub(in super::super) fn connect(&self, target: &Target<'_>) -> Outcome<Result<(), Code>> {
        let connect = match self.settings.borrow().connect(target.keep_alive) {
            Ok(connect) => connect,
            Err(code) => return Ok(Err(code)),
        };
        // As in the original, an earlier connection just ends, whatever comes of this one.
        if self.is_connected()
            && let Some(link) = self.link.take()
        {
            lock(&link.wire).transport().close();
            self.session.borrow_mut().lost();
        }
        let transport = match self.dial(target)? {
            Ok(transport) => transport,
            Err(code) => return Ok(Err(code)),
        };
        self.input.borrow_mut().clear();
        let wire = Wire::start(transport, Duration::from_secs(target.keep_alive.into()));
        let max_in_flight = self.settings.borrow().max_in_flight;
        let sent = {
            let mut wire = lock(&wire);
            let sent = self.session.borrow_mut().connect(connect, max_in_flight, &mut wire.output);
            sent.and_then(|()| wire.flush().map_err(|_| Code::LOST))
        };
        if let Err(code) = sent {
            return Ok(Err(code));
        }
        self.link.replace(Some(Link { wire, generation: fork::generation(), has_subscribed: false }));
        self.has_sent.set(true);
        Ok(Ok(()))
    }

    fn dial(&self, target: &Target<'_>) -> Outcome<Result<Transport, Code>> {
        if target.host.is_empty() {
            return Ok(Err(Code::LOOKUP));
        }
        let bind = match target.interface.map(local_address).transpose() {
            Ok(address) => address.map(|address| SocketAddr::new(address, 0)),
            Err(code) => return Ok(Err(code)),
        };
        let tls = match self.settings.borrow().tls().transpose() {
            Ok(tls) => tls,
            Err(error) => {
                self.session.borrow_mut().log(ERROR, |_| format!("Error: {error}"));
                return Ok(Err(Code::TLS));
            }
        };
        let endpoint = Endpoint {
            scheme: if tls.is_some() { Scheme::Mqtts } else { Scheme::Mqtt },
            host: target.host.to_owned(),
            port: target.port,
            path: String::new(),
            user_name: None,
            password: None,
        };
        let timeout = ini_seconds(c"mqtt.connect_timeout", Duration::from_secs(10));
        let options = DialOptions { timeout, bind, ..DialOptions::default() };
        let mut dial = Dial::start(Arc::new(endpoint), tls, options);
        loop {
            let (watch, wake) = match dial.poll(Instant::now()) {
                DialPoll::Ready(transport) => return Ok(Ok(transport)),
                DialPoll::Pending { watch, wake } => (watch, wake),
                DialPoll::Failed(error) => {
                    self.session.borrow_mut().log(ERROR, |name| format!("Client {name}: {error}"));
                    return Ok(Err(match error.stage {
                        DialStage::Resolve => Code::LOOKUP,
                        DialStage::Tls => Code::TLS,
                        _ => Code::ERRNO,
                    }));
                }
            };
            let mut fds: Vec<_> = watch.iter().map(|watch| PollFd::new(watch, watch.poll_flags())).collect();
            sleep(&mut fds, wake.saturating_duration_since(Instant::now()));
            handle_signals()?;
        }
    }

    /// Lets the session write, and puts it on the socket.
    #[inline]
    pub(in super::super) fn send<R>(
        &self,
        write: impl FnOnce(&mut Session, &mut Vec<u8>) -> Result<R, Code>,
    ) -> Result<R, Code> {
        let wire = self.wire().ok_or(Code::NOT_CONNECTED)?;
        let mut wire = lock(&wire);
        let result = write(&mut self.session.borrow_mut(), &mut wire.output)?;
        if wire.flush().is_err() {
            drop(wire);
            // It was not written.
            let mut session = self.session.borrow_mut();
            if matches!(session.events.back(), Some(Event::Publish(_))) {
                session.events.pop_back();
            }
            drop(session);
            self.lose(Code::LOST);
            return Err(Code::LOST);
        }
        self.has_sent.set(true);
        Ok(result)
    }

    /// Messages may come from now on.
    pub(in super::super) fn has_subscribed(&self) {
        if let Some(link) = &mut *self.link.borrow_mut() {
            link.has_subscribed = true;
        }
    }

    /// Waits until the server has read enough. Reads meanwhile, as it may wait for us.
    pub(in super::super) fn hold_up(&self) -> Outcome {
        while let Some(wire) = self.wire() {
            if lock(&wire).backlog() <= BACKLOG {
                break;
            }
            self.wait(SLICE, self.input.borrow().bytes().len() < READ_AHEAD)?;
            if self.input.borrow().bytes().len() < READ_AHEAD && self.read().is_err() {
                break;
            }
        }
        Ok(())
    }

    /// The connection is over.
    pub(super) fn lose(&self, code: Code) {
        let Some(link) = self.link.take() else { return };
        lock(&link.wire).transport().close();
        self.input.borrow_mut().clear();
        let mut session = self.session.borrow_mut();
        session.lost();
        session.events.push_back(Event::Disconnect(code));
    }

    /// Sends DISCONNECT and closes.
    pub(in super::super) fn disconnect(&self) -> Result<(), Code> {
        let wire = self.wire().ok_or(Code::NOT_CONNECTED)?;
        let has_subscribed = self.link.take().is_some_and(|link| link.has_subscribed);
        self.input.borrow_mut().clear();
        let mut wire = lock(&wire);
        // Closing a socket with unread bytes resets the connection, and the server might never see the DISCONNECT.
        let is_awaited = has_subscribed || self.session.borrow().expects_answer();
        self.session.borrow_mut().disconnect(&mut wire.output);
        let end = Instant::now() + ini_seconds(c"mqtt.linger", Duration::from_secs(5));
        while let Ok(false) = wire.flush() {
            let rest = end.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                break;
            }
            let handle = wire.transport().handle();
            sleep(&mut [PollFd::new(&handle, PollFlags::OUT)], rest);
        }
        if is_awaited {
            wire.transport().close_write();
            let end = Instant::now() + FAREWELL;
            let mut rest = Input::default();
            while let Ok(read) = wire.read(&mut rest) {
                let time = end.saturating_duration_since(Instant::now());
                match read {
                    Some(0) => break,
                    _ if time.is_zero() => break,
                    Some(_) => rest.clear(),
                    None => {
                        let handle = wire.transport().handle();
                        sleep(&mut [PollFd::new(&handle, PollFlags::IN)], time);
                    }
                }
            }
        }
        wire.transport().close();
        Ok(())
    }

    /// The object goes. Callbacks are called where `tell` says so.
    pub(in super::super) fn close(self: &Rc<Self>, tell: bool) -> Outcome {
        if self.disconnect().is_err() || !tell {
            return Ok(());
        }
        self.dispatch()
    }
}
