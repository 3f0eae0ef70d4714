//! Listening sockets on tokio.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::net::{self, AddressFamily, SocketAddrUnix, SocketFlags, sockopt};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use crate::layer::Layer;
use crate::socket::{self, PeerAddress, Socket};
use crate::tls::{ServerTls, TlsLayer};
use crate::transport::Transport;
use crate::websocket::{WebSocketLayer, WebSocketServerOptions};

/// Where to listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListenAddress {
    /// A host name or IP address (`0.0.0.0`, `::`) and a port; port 0 lets the system choose.
    Tcp {
        /// Host name or IP address without brackets; of several addresses the first one that can be bound is used. Empty means
        /// every address of this machine, IPv6 and IPv4.
        host: String,
        /// Port.
        port: u16,
    },
    /// A Unix socket at this path. A dead socket in its place is removed; a live one is an error.
    Unix(PathBuf),
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ListenAddress::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            ListenAddress::Tcp { host, port } => write!(f, "{host}:{port}"),
            ListenAddress::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// What the accepted connections speak, above TLS if there is any.
#[derive(Clone, Debug, Default)]
pub enum ListenKind {
    /// Plain bytes.
    #[default]
    Plain,
    /// WebSocket.
    WebSocket(WebSocketServerOptions),
}

/// Whether other sockets may listen on the same TCP port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PortSharing {
    /// No.
    #[default]
    Exclusive,
    /// Yes (SO_REUSEPORT): the kernel spreads connections over all of them.
    Shared,
}

/// How to listen.
#[derive(Clone, Debug)]
pub struct ListenOptions {
    /// Where.
    pub address: ListenAddress,
    /// What is spoken.
    pub kind: ListenKind,
    /// TLS, below what is spoken.
    pub tls: Option<Arc<ServerTls>>,
    /// Connections the kernel holds until they are accepted; it has its own bound too. Default 4096.
    pub backlog: u32,
    /// Whether the TCP port is shared.
    pub sharing: PortSharing,
    /// Permissions of a Unix socket (such as `0o660`); `None` leaves them to the umask.
    pub mode: Option<u32>,
}

impl ListenOptions {
    /// Plain bytes on `address`.
    pub fn new(address: ListenAddress) -> ListenOptions {
        ListenOptions {
            address,
            kind: ListenKind::Plain,
            tls: None,
            backlog: 4096,
            sharing: PortSharing::Exclusive,
            mode: None,
        }
    }

    /// Plain bytes on a TCP host and port.
    pub fn tcp(host: impl Into<String>, port: u16) -> ListenOptions {
        ListenOptions::new(ListenAddress::Tcp { host: host.into(), port })
    }

    /// Plain bytes on a Unix socket.
    pub fn unix(path: impl Into<PathBuf>) -> ListenOptions {
        ListenOptions::new(ListenAddress::Unix(path.into()))
    }
}

/// Why an address could not be listened on. The text names the address, the cause, and what to do.
#[derive(Debug)]
pub struct ListenError {
    /// The address.
    pub address: String,
    /// The cause.
    pub source: io::Error,
}

impl fmt::Display for ListenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ListenError { address, source } = self;
        match source.kind() {
            ErrorKind::AddrInUse => {
                write!(f, "cannot listen on {address}: it is in use; stop the other listener or choose another")
            }
            ErrorKind::PermissionDenied => write!(
                f,
                "cannot listen on {address}: permission denied; ports below 1024 need CAP_NET_BIND_SERVICE, and a Unix socket \
                 needs write permission in its directory"
            ),
            ErrorKind::AddrNotAvailable => {
                write!(f, "cannot listen on {address}: this machine has no such address; 0.0.0.0 or :: listens on all")
            }
            _ => write!(f, "cannot listen on {address}: {source}"),
        }
    }
}

impl std::error::Error for ListenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// A listening socket that turns connections into [`Transport`]s.
///
/// Dropping it closes the socket and removes a Unix socket's file.
pub struct Listener {
    fd: AsyncFd<OwnedFd>,
    address: PeerAddress,
    kind: ListenKind,
    tls: Mutex<Option<Arc<ServerTls>>>,
    file: Option<SocketFile>,
}

impl Listener {
    /// Binds and listens. Must run inside a tokio runtime with I/O enabled. A host name is looked up blocking.
    pub fn bind(options: &ListenOptions) -> Result<Listener, ListenError> {
        let fail = |source| ListenError { address: options.address.to_string(), source };
        let (fd, file) = match &options.address {
            ListenAddress::Tcp { host, port } => (bind_tcp(host, *port, options).map_err(fail)?, None),
            ListenAddress::Unix(path) => {
                let (fd, file) = bind_unix(path, options).map_err(fail)?;
                (fd, Some(file))
            }
        };
        let address = socket::peer_address(Some(net::getsockname(&fd).map_err(|error| fail(error.into()))?));
        let fd = watched(fd).map_err(fail)?;
        Ok(Listener { fd, address, kind: options.kind.clone(), tls: Mutex::new(options.tls.clone()), file })
    }

    /// The address listened on, with the port the system chose.
    pub fn local_address(&self) -> &PeerAddress {
        &self.address
    }

    /// The TCP address listened on; `None` for Unix sockets.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        match &self.address {
            PeerAddress::Tcp(address) => Some(*address),
            PeerAddress::Unix(_) => None,
        }
    }

    /// Uses another certificate (or configuration) for connections accepted from here on.
    pub fn set_tls(&self, tls: Option<Arc<ServerTls>>) {
        *self.tls.lock().unwrap_or_else(PoisonError::into_inner) = tls;
    }

    /// Waits for the next connection. Its handshakes are not begun: drive them with [`Transport::progress`], under a deadline,
    /// because a peer may never finish them. Cancel safe.
    ///
    /// # Errors
    /// A connection that was gone before it was accepted is skipped. What is left (mostly EMFILE or ENFILE: too many
    /// open descriptors) does not go away by trying at once: pause (100 ms, say) and accept again.
    pub async fn accept(&self) -> io::Result<(Transport, PeerAddress)> {
        let (socket, peer) = loop {
            let (fd, peer) = self.fd.async_io(Interest::READABLE, accept_one).await?;
            // Options can be refused on a connection that has died meanwhile: it is skipped too.
            if let Ok(socket) = Socket::accepted(fd, &peer) {
                break (socket, peer);
            }
        };
        let tls = self.tls.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let tls = match tls {
            Some(tls) => Some(TlsLayer::server(&tls).map_err(io::Error::from)?),
            None => None,
        };
        let websocket = match &self.kind {
            ListenKind::Plain => None,
            ListenKind::WebSocket(options) => Some(WebSocketLayer::server(options)),
        };
        Ok((Transport::new(socket, Layer::stack(tls, websocket)), peer))
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("address", &self.address).field("kind", &self.kind).finish()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            file.remove();
        }
    }
}

/// tokio's own listeners would register every accepted socket with their reactor, only for us to take it out again.
#[expect(
    deprecated,
    reason = "its successor is unsafe for the sake of types other than OwnedFd, whose descriptor stays the same and open"
)]
fn watched(fd: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(fd, Interest::READABLE)
}

/// A Unix socket's file, told from another one that may have taken its place meanwhile.
struct SocketFile {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl SocketFile {
    fn new(path: &Path) -> SocketFile {
        SocketFile { path: path.to_owned(), identity: identity(path) }
    }

    fn remove(&self) {
        if self.identity.is_some() && identity(&self.path) == self.identity {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

fn accept_one(fd: &OwnedFd) -> io::Result<(OwnedFd, PeerAddress)> {
    loop {
        match accept_nonblocking(fd) {
            Ok((fd, peer)) => return Ok((fd, socket::peer_address(peer))),
            // The connection died in the backlog, or a network error of it is reported here (accept(2)).
            Err(
                rustix::io::Errno::CONNABORTED
                | rustix::io::Errno::INTR
                | rustix::io::Errno::PROTO
                | rustix::io::Errno::NETDOWN
                | rustix::io::Errno::NETUNREACH
                | rustix::io::Errno::HOSTUNREACH,
            ) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(not(target_vendor = "apple"))]
fn accept_nonblocking(fd: &OwnedFd) -> rustix::io::Result<(OwnedFd, Option<net::SocketAddrAny>)> {
    net::acceptfrom_with(fd, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK)
}

#[cfg(target_vendor = "apple")]
fn accept_nonblocking(fd: &OwnedFd) -> rustix::io::Result<(OwnedFd, Option<net::SocketAddrAny>)> {
    let (accepted, peer) = net::acceptfrom(fd)?;
    rustix::io::fcntl_setfd(&accepted, rustix::io::FdFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&accepted, true)?;
    Ok((accepted, peer))
}

fn bind_tcp(host: &str, port: u16, options: &ListenOptions) -> io::Result<OwnedFd> {
    if host.is_empty() {
        // Both families where the machine has IPv6, else IPv4 alone.
        let every: SocketAddr = (std::net::Ipv6Addr::UNSPECIFIED, port).into();
        return match bind_address(every, options) {
            Err(error) if error.kind() == ErrorKind::Unsupported || error.raw_os_error() == Some(NO_FAMILY) => {
                bind_address((std::net::Ipv4Addr::UNSPECIFIED, port).into(), options)
            }
            result => result,
        };
    }
    let mut last = io::Error::new(ErrorKind::NotFound, "the host has no address");
    for address in (host, port).to_socket_addrs()? {
        match bind_address(address, options) {
            Ok(fd) => return Ok(fd),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// EAFNOSUPPORT: a kernel without IPv6.
const NO_FAMILY: i32 = rustix::io::Errno::AFNOSUPPORT.raw_os_error();

fn bind_address(address: SocketAddr, options: &ListenOptions) -> io::Result<OwnedFd> {
    let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let fd = socket::stream_socket(family)?;
    // Connections of an earlier run that linger do not keep the port.
    sockopt::set_socket_reuseaddr(&fd, true)?;
    if options.sharing == PortSharing::Shared {
        sockopt::set_socket_reuseport(&fd, true)?;
    }
    if let SocketAddr::V6(v6) = address {
        sockopt::set_ipv6_v6only(&fd, !v6.ip().is_unspecified() || options.address_is_explicit_v6())?;
    }
    net::bind(&fd, &address)?;
    net::listen(&fd, options.backlog.try_into().unwrap_or(i32::MAX))?;
    Ok(fd)
}

impl ListenOptions {
    /// `::` means IPv6 alone, so that `0.0.0.0` with the same port can stand beside it; no host means both.
    fn address_is_explicit_v6(&self) -> bool {
        matches!(&self.address, ListenAddress::Tcp { host, .. } if !host.is_empty())
    }
}

fn bind_unix(path: &Path, options: &ListenOptions) -> io::Result<(OwnedFd, SocketFile)> {
    let address = SocketAddrUnix::new(path)?;
    let fd = socket::stream_socket(AddressFamily::UNIX)?;
    match net::bind(&fd, &address) {
        Err(rustix::io::Errno::ADDRINUSE) if is_dead_socket(path)? => {
            std::fs::remove_file(path)?;
            net::bind(&fd, &address)?;
        }
        result => result?,
    }
    let file = SocketFile::new(path);
    if let Some(mode) = options.mode {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))?;
    }
    net::listen(fd.as_fd(), options.backlog.try_into().unwrap_or(i32::MAX))?;
    Ok((fd, file))
}

/// Whether a socket lies at `path` that nobody listens on any more.
fn is_dead_socket(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::FileTypeExt;
    if !std::fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(io::Error::new(ErrorKind::AlreadyExists, "a file that is not a socket is in its place"));
    }
    Ok(matches!(Socket::connect_unix(path), Err(error) if error.kind() == ErrorKind::ConnectionRefused))
}
