//! From an endpoint to a ready transport, without blocking.
//!
//! A [`Dial`] looks the host up, tries its addresses staggered (RFC 8305), and drives the handshakes of the layers. Its owner
//! polls it; [`Dial::connect_blocking`] is for owners that have nothing else to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::vec;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::endpoint::{Endpoint, Scheme};
use crate::layer::{Layer, Stage};
use crate::resolve::{self, Resolving};
use crate::socket::{BindError, Socket};
use crate::tls::{ClientTls, TlsError, TlsLayer};
use crate::transport::{Progress, Transport};
use crate::websocket::{WebSocketClientOptions, WebSocketLayer};

/// How to dial.
#[derive(Clone, Debug)]
pub struct DialOptions {
    /// The time for everything: look-up, connect and handshakes. Default 30 s.
    pub timeout: Duration,
    /// How long one address may keep the next one waiting. Default 250 ms (RFC 8305).
    pub stagger: Duration,
    /// The address to connect from, for hosts with several; port 0 is any. Only servers of the same address family can then
    /// be reached, and Unix sockets take no notice. Default none: the system chooses.
    pub bind: Option<SocketAddr>,
    /// Headers and limits for `ws` and `wss` endpoints; the path comes from the endpoint.
    pub websocket: WebSocketClientOptions,
}

impl Default for DialOptions {
    fn default() -> DialOptions {
        DialOptions {
            timeout: Duration::from_secs(30),
            stagger: Duration::from_millis(250),
            bind: None,
            websocket: WebSocketClientOptions::default(),
        }
    }
}

/// What to wait for on a descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Readability.
    Read,
    /// Writability.
    Write,
}

/// A descriptor to wait on. It holds the descriptor open, so it may outlive a lock around the [`Dial`].
#[derive(Clone, Debug)]
pub struct Watch {
    /// The descriptor.
    pub fd: Arc<OwnedFd>,
    /// What to wait for.
    pub interest: Interest,
}

impl Watch {
    /// The flags of poll(2).
    pub fn poll_flags(&self) -> PollFlags {
        match self.interest {
            Interest::Read => PollFlags::IN,
            Interest::Write => PollFlags::OUT,
        }
    }
}

impl AsFd for Watch {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// Where a dial stands.
#[derive(Debug)]
pub enum DialPoll {
    /// Not done. Poll again when one of `watch` is ready, and not later than `wake`.
    Pending {
        /// Descriptors to wait on. They change from poll to poll.
        watch: Vec<Watch>,
        /// When to poll even if no descriptor is ready.
        wake: Instant,
    },
    /// Connected and all handshakes done. The dial is over.
    Ready(Transport),
    /// Failed for good. The dial is over; start another to try again.
    Failed(DialError),
}

/// The step of a dial that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DialStage {
    /// Looking up the host name.
    Resolve,
    /// Connecting the socket.
    Connect,
    /// The TLS handshake.
    Tls,
    /// The WebSocket handshake.
    WebSocket,
    /// Any step, when the time was over.
    Timeout,
}

/// Why an endpoint could not be reached. The text names the endpoint, the cause, and what to do.
#[derive(Debug)]
pub struct DialError {
    /// The step that failed.
    pub stage: DialStage,
    /// The peer, as [`Endpoint::authority`] writes it.
    pub endpoint: String,
    /// The cause.
    pub source: io::Error,
    text: String,
}

impl fmt::Display for DialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for DialError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl DialError {
    fn new(stage: DialStage, endpoint: &Endpoint, source: io::Error) -> DialError {
        let peer = endpoint.authority();
        let text = describe(stage, endpoint, &peer, &source);
        DialError { stage, endpoint: peer, source, text }
    }

    /// The TLS error behind this one, if it is one: it tells a wrong certificate from a lost connection.
    pub fn tls(&self) -> Option<&TlsError> {
        self.source.get_ref()?.downcast_ref()
    }

    /// The system's number for the cause (errno), where the system has refused something.
    pub fn os_error(&self) -> Option<i32> {
        let bind = || self.source.get_ref()?.downcast_ref::<BindError>()?.error.raw_os_error();
        self.source.raw_os_error().or_else(bind)
    }
}

/// One attempt to reach an endpoint.
pub struct Dial {
    endpoint: Arc<Endpoint>,
    options: DialOptions,
    tls: Option<Arc<ClientTls>>,
    deadline: Instant,
    state: State,
}

enum State {
    /// The first poll does what `start` may not: it can fail.
    Begin,
    Resolving(Resolving),
    Connecting(Connecting),
    ConnectingUnix,
    Handshake(Box<Transport>),
    Over,
}

struct Connecting {
    addresses: vec::IntoIter<SocketAddr>,
    tries: Vec<Socket>,
    next_try: Instant,
    last_error: Option<io::Error>,
}

/// A Unix listener whose backlog is full gives no event: try again after this long.
const UNIX_RETRY: Duration = Duration::from_millis(20);

impl Dial {
    /// A dial to `endpoint`; its time runs from now. Nothing happens until the first [`poll`](Dial::poll).
    ///
    /// `tls` is used for `mqtts` and `wss`; without it the system's roots are trusted.
    pub fn start(endpoint: Arc<Endpoint>, tls: Option<Arc<ClientTls>>, options: DialOptions) -> Dial {
        let now = Instant::now();
        // A timeout beyond what the clock can count is as good as a year.
        let deadline = now.checked_add(options.timeout).unwrap_or(now + Duration::from_secs(365 * 86400));
        Dial { endpoint, options, tls, deadline, state: State::Begin }
    }

    /// The endpoint this dial is for.
    pub fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    /// When the dial gives up.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Goes as far as it can without blocking.
    ///
    /// # Panics
    /// When it has already returned [`DialPoll::Ready`] or [`DialPoll::Failed`].
    pub fn poll(&mut self, now: Instant) -> DialPoll {
        let result = self.step(now);
        if !matches!(result, Ok(DialPoll::Pending { .. })) {
            self.state = State::Over;
        }
        match result {
            Ok(DialPoll::Pending { .. }) if now >= self.deadline => {
                let error = self.timed_out();
                self.state = State::Over;
                DialPoll::Failed(error)
            }
            Ok(DialPoll::Pending { watch, wake }) => DialPoll::Pending { watch, wake: wake.min(self.deadline) },
            Ok(done) => done,
            Err(error) => DialPoll::Failed(error),
        }
    }

    /// Dials and waits, at most for the dial's timeout.
    ///
    /// # Errors
    /// What [`DialPoll::Failed`] would hold.
    pub fn connect_blocking(
        endpoint: Arc<Endpoint>,
        tls: Option<Arc<ClientTls>>,
        options: DialOptions,
    ) -> Result<Transport, DialError> {
        let mut dial = Dial::start(endpoint, tls, options);
        loop {
            match dial.poll(Instant::now()) {
                DialPoll::Ready(transport) => return Ok(transport),
                DialPoll::Failed(error) => return Err(error),
                DialPoll::Pending { watch, wake } => {
                    let mut fds: Vec<_> = watch.iter().map(|watch| PollFd::new(watch, watch.poll_flags())).collect();
                    match poll(&mut fds, Some(&timespec(wake.saturating_duration_since(Instant::now())))) {
                        Ok(_) | Err(rustix::io::Errno::INTR) => {}
                        Err(error) => return Err(dial.error(DialStage::Connect, error.into())),
                    }
                }
            }
        }
    }

    fn step(&mut self, now: Instant) -> Result<DialPoll, DialError> {
        loop {
            match &mut self.state {
                State::Begin if self.endpoint.scheme == Scheme::Unix => self.state = State::ConnectingUnix,
                State::Begin => {
                    self.state = match resolve::literal(&self.endpoint.host, self.endpoint.port) {
                        Some(address) => State::Connecting(Connecting::new(vec![address], now)),
                        None => State::Resolving(
                            Resolving::start(&self.endpoint.host, self.endpoint.port)
                                .map_err(|error| self.error(DialStage::Resolve, error))?,
                        ),
                    }
                }
                State::Resolving(resolving) => match resolving.take() {
                    None => {
                        let watch = vec![Watch { fd: resolving.handle(), interest: Interest::Read }];
                        return Ok(DialPoll::Pending { watch, wake: self.deadline });
                    }
                    Some(Ok(addresses)) => self.state = State::Connecting(Connecting::new(addresses, now)),
                    Some(Err(error)) => return Err(self.error(DialStage::Resolve, error)),
                },
                State::Connecting(connecting) => match connecting.step(now, &self.options) {
                    Ok(Some(socket)) => self.state = self.handshake(socket)?,
                    Ok(None) => return Ok(connecting.pending(self.deadline)),
                    Err(error) => return Err(self.error(DialStage::Connect, error)),
                },
                State::ConnectingUnix => match Socket::connect_unix(Path::new(&self.endpoint.path)) {
                    Ok(socket) => self.state = self.handshake(socket)?,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {
                        return Ok(DialPoll::Pending { watch: Vec::new(), wake: now + UNIX_RETRY });
                    }
                    Err(error) => return Err(self.error(DialStage::Connect, error)),
                },
                State::Handshake(transport) => {
                    let interest = match transport.progress() {
                        Ok(Progress::Ready) => return Ok(DialPoll::Ready(self.take_transport())),
                        Ok(Progress::NeedRead) => Interest::Read,
                        Ok(Progress::NeedWrite) => Interest::Write,
                        Err(error) => {
                            let stage = transport.stage();
                            return Err(self.error(stage.into(), error));
                        }
                    };
                    let watch = vec![Watch { fd: transport.handle(), interest }];
                    return Ok(DialPoll::Pending { watch, wake: self.deadline });
                }
                State::Over => panic!("Dial::poll after it was over: start another Dial"),
            }
        }
    }

    fn handshake(&self, socket: Socket) -> Result<State, DialError> {
        let tls = match (self.endpoint.scheme.is_tls(), &self.tls) {
            (false, _) => None,
            (true, Some(tls)) => Some(tls.clone()),
            (true, None) => Some(ClientTls::system().map_err(|error| self.error(DialStage::Tls, error.into()))?),
        };
        let tls = match tls {
            Some(tls) => {
                Some(TlsLayer::client(&tls, &self.endpoint).map_err(|error| self.error(DialStage::Tls, error.into()))?)
            }
            None => None,
        };
        let websocket = self
            .endpoint
            .scheme
            .is_websocket()
            .then(|| WebSocketLayer::client(&self.endpoint, &self.options.websocket));
        Ok(State::Handshake(Box::new(Transport::new(socket, Layer::stack(tls, websocket)))))
    }

    fn take_transport(&mut self) -> Transport {
        match std::mem::replace(&mut self.state, State::Over) {
            State::Handshake(transport) => *transport,
            _ => unreachable!("only a handshake ends in a transport"),
        }
    }

    /// Says which step took too long.
    fn timed_out(&self) -> DialError {
        let (host, peer, span) = (&self.endpoint.host, self.endpoint.authority(), self.options.timeout);
        let text = match &self.state {
            State::Resolving(_) => format!("the look-up of host {host} took longer than {span:?}: check the DNS"),
            State::Handshake(transport) if transport.stage() == Stage::Tls => format!(
                "{peer} took the connection but did not finish the TLS handshake within {span:?}: does this port speak TLS?"
            ),
            State::Handshake(_) => format!(
                "{peer} took the connection but did not answer the WebSocket request within {span:?}: does this port speak \
                 WebSocket?"
            ),
            _ => format!("{peer} did not answer within {span:?}: check host and port, and firewalls on the way"),
        };
        DialError { stage: DialStage::Timeout, endpoint: peer, source: ErrorKind::TimedOut.into(), text }
    }

    fn error(&self, stage: DialStage, source: io::Error) -> DialError {
        DialError::new(stage, &self.endpoint, source)
    }
}

impl fmt::Debug for Dial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match &self.state {
            State::Begin => "begin",
            State::Resolving(_) => "resolving",
            State::Connecting(_) | State::ConnectingUnix => "connecting",
            State::Handshake(_) => "handshake",
            State::Over => "over",
        };
        write!(f, "Dial({}, {state})", self.endpoint)
    }
}

impl Connecting {
    fn new(addresses: Vec<SocketAddr>, now: Instant) -> Connecting {
        Connecting { addresses: addresses.into_iter(), tries: Vec::new(), next_try: now, last_error: None }
    }

    /// The socket that has connected first; an error when no address is left.
    fn step(&mut self, now: Instant, options: &DialOptions) -> io::Result<Option<Socket>> {
        let mut at = 0;
        while at < self.tries.len() {
            match self.tries[at].connected() {
                Ok(true) => return Ok(Some(self.tries.swap_remove(at))),
                Ok(false) => at += 1,
                Err(error) => {
                    self.failed(error);
                    self.tries.remove(at);
                    self.next_try = now;
                }
            }
        }
        while self.tries.is_empty() || now >= self.next_try {
            let Some(address) = self.addresses.next() else { break };
            match Socket::connect_tcp(address, options.bind) {
                Ok(socket) => {
                    self.next_try = now + options.stagger;
                    // Loopback connects at once.
                    match socket.connected() {
                        Ok(true) => return Ok(Some(socket)),
                        Ok(false) => self.tries.push(socket),
                        Err(error) => self.failed(error),
                    }
                }
                Err(error) => self.failed(error),
            }
        }
        if self.tries.is_empty() {
            let none = || io::Error::new(ErrorKind::NotFound, "the name has no address");
            return Err(self.last_error.take().unwrap_or_else(none));
        }
        Ok(None)
    }

    /// Keeps the most telling error: a refusal tells more than an address family that this machine has no route for.
    fn failed(&mut self, error: io::Error) {
        let tells = |error: &io::Error| {
            !matches!(
                error.kind(),
                ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::AddrNotAvailable
            )
        };
        if self.last_error.as_ref().is_none_or(|last| tells(&error) || !tells(last)) {
            self.last_error = Some(error);
        }
    }

    fn pending(&self, deadline: Instant) -> DialPoll {
        let watch = |socket: &Socket| Watch { fd: socket.handle(), interest: Interest::Write };
        let wake = if self.addresses.len() > 0 { self.next_try } else { deadline };
        DialPoll::Pending { watch: self.tries.iter().map(watch).collect(), wake }
    }
}

impl From<Stage> for DialStage {
    fn from(stage: Stage) -> DialStage {
        match stage {
            Stage::Tls => DialStage::Tls,
            Stage::WebSocket => DialStage::WebSocket,
        }
    }
}

fn describe(stage: DialStage, endpoint: &Endpoint, peer: &str, source: &io::Error) -> String {
    match stage {
        DialStage::Resolve => {
            format!("cannot resolve host {}: {source}; check the name and the DNS", endpoint.host)
        }
        DialStage::Timeout => format!("{peer} did not answer in time"),
        DialStage::Connect if endpoint.scheme == Scheme::Unix => match source.kind() {
            ErrorKind::NotFound => format!("there is no socket {peer}: is the broker running, and is this its path?"),
            ErrorKind::ConnectionRefused => format!("nobody listens on the socket {peer}: is the broker running?"),
            ErrorKind::PermissionDenied => {
                format!("no permission to connect to the socket {peer}: write permission on it is needed")
            }
            _ => format!("cannot connect to the socket {peer}: {source}"),
        },
        DialStage::Connect => match source.kind() {
            ErrorKind::ConnectionRefused => format!("{peer} refused the connection: is a broker listening there?"),
            ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable => {
                format!("{peer} is not reachable from this machine: {source}; check address, routes and firewall")
            }
            ErrorKind::TimedOut => format!("{peer} does not answer: check host and port, and firewalls on the way"),
            ErrorKind::NotFound => format!("cannot connect to {peer}: the host has no address; check the name"),
            _ => format!("cannot connect to {peer}: {source}"),
        },
        DialStage::Tls if TlsError::is_in(source) => source.to_string(),
        DialStage::Tls => {
            format!("the TLS handshake with {peer} failed: {source}; does this port speak TLS (8883 rather than 1883)?")
        }
        DialStage::WebSocket => format!("the WebSocket handshake with {peer}{} failed: {source}", endpoint.path),
    }
}

fn timespec(duration: Duration) -> Timespec {
    // Rounded up to the next microsecond, so that a wake-up does not come just before its time.
    let duration = duration + Duration::from_micros(1);
    Timespec { tv_sec: duration.as_secs().try_into().unwrap_or(i64::MAX), tv_nsec: duration.subsec_nanos().into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    const STAGGER: Duration = Duration::from_millis(250);

    fn step(connecting: &mut Connecting, now: Instant) -> io::Result<Option<Socket>> {
        connecting.step(now, &DialOptions { stagger: STAGGER, ..DialOptions::default() })
    }

    /// An address that answers nothing: a listener whose backlog is full drops what comes (Linux), until it is dropped itself.
    fn silent() -> (SocketAddr, Vec<Socket>, std::os::fd::OwnedFd) {
        let fd = crate::socket::stream_socket(rustix::net::AddressFamily::INET).expect("a socket");
        rustix::net::bind(&fd, &SocketAddr::from(([127, 0, 0, 1], 0))).expect("bound");
        rustix::net::listen(&fd, 0).expect("listening");
        let name = rustix::net::getsockname(&fd).expect("an address");
        let address = SocketAddr::try_from(name).expect("an IP address");
        let mut fill = Vec::new();
        loop {
            let socket = Socket::connect_tcp(address, None).expect("begun");
            let full = !socket.connected().expect("no error");
            fill.push(socket);
            if full {
                return (address, fill, fd);
            }
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_silent_address_keeps_the_next_one_waiting_for_the_stagger_only() {
        let (silent, _fill, _listener) = silent();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a listener");
        let good = listener.local_addr().expect("an address");
        let now = Instant::now();
        let mut connecting = Connecting::new(vec![silent, good], now);
        assert!(step(&mut connecting, now).expect("no error").is_none());
        assert!(matches!(
            connecting.pending(now + 4 * STAGGER),
            DialPoll::Pending { watch, wake } if watch.len() == 1 && wake == now + STAGGER
        ));
        assert!(step(&mut connecting, now + STAGGER / 2).expect("no error").is_none(), "before its turn");
        let socket = step(&mut connecting, now + STAGGER).expect("no error").expect("connected");
        assert_eq!(socket.peer_address().expect("an address").to_string(), good.to_string());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn with_no_address_left_a_dial_waits_for_its_deadline() {
        let (silent, _fill, _listener) = silent();
        let now = Instant::now();
        let mut connecting = Connecting::new(vec![silent], now);
        assert!(step(&mut connecting, now).expect("no error").is_none());
        let deadline = now + 100 * STAGGER;
        assert!(matches!(connecting.pending(deadline), DialPoll::Pending { wake, .. } if wake == deadline));
    }

    #[test]
    fn of_several_errors_the_most_telling_is_kept() {
        let mut connecting = Connecting::new(Vec::new(), Instant::now());
        for kind in [ErrorKind::NetworkUnreachable, ErrorKind::ConnectionRefused, ErrorKind::HostUnreachable] {
            connecting.failed(kind.into());
        }
        let error = step(&mut connecting, Instant::now()).err().map(|error| error.kind());
        assert_eq!(error, Some(ErrorKind::ConnectionRefused));
        let none = step(&mut Connecting::new(Vec::new(), Instant::now()), Instant::now());
        assert_eq!(none.err().map(|error| error.kind()), Some(ErrorKind::NotFound));
    }

    #[test]
    fn what_connects_may_move_between_threads() {
        fn moves<T: Send>() {}
        moves::<Dial>();
        moves::<Transport>();
        moves::<crate::Listener>();
        moves::<DialError>();
    }
}
