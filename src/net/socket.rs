//! One connected stream socket, TCP or Unix, always non-blocking.

use std::ffi::OsStr;
use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::net::{self, AddressFamily, SendAncillaryBuffer, SendFlags, SocketFlags, SocketType, sockopt};

/// A connected (or connecting) stream socket: non-blocking, closed on exec, without keepalive, TCP without delay.
///
/// Writing never raises SIGPIPE. Dropping the last handle closes the descriptor and sends nothing more; see
/// [`Socket::shutdown`] for an orderly end.
pub struct Socket {
    // Shared so that a thread can wait on the descriptor while another one owns the socket.
    fd: Arc<OwnedFd>,
    family: Family,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Family {
    Tcp,
    Unix,
}

/// The local address of a socket could not be had.
#[derive(Debug, thiserror::Error)]
#[error("the local address {address} cannot be used: {error}")]
pub(crate) struct BindError {
    address: SocketAddr,
    pub(crate) error: io::Error,
}

/// The address at the other end of a socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PeerAddress {
    /// An IP address and port.
    Tcp(SocketAddr),
    /// The path the peer's socket is bound to; clients usually have none.
    Unix(Option<PathBuf>),
}

impl fmt::Display for PeerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PeerAddress::Tcp(address) => write!(f, "{address}"),
            PeerAddress::Unix(Some(path)) => write!(f, "unix:{}", path.display()),
            PeerAddress::Unix(None) => f.write_str("unix"),
        }
    }
}

impl Socket {
    /// Takes over a TCP stream; sets it non-blocking and without delay.
    pub fn from_tcp(stream: TcpStream) -> io::Result<Socket> {
        stream.set_nonblocking(true)?;
        Socket::adopt(stream.into(), Family::Tcp)
    }

    /// Takes over a Unix stream; sets it non-blocking.
    pub fn from_unix(stream: UnixStream) -> io::Result<Socket> {
        stream.set_nonblocking(true)?;
        Socket::adopt(stream.into(), Family::Unix)
    }

    /// Two Unix sockets joined to each other: a connection without a listener.
    pub fn pair() -> io::Result<(Socket, Socket)> {
        let (a, b) = UnixStream::pair()?;
        Ok((Socket::from_unix(a)?, Socket::from_unix(b)?))
    }

    /// Takes over a descriptor that a non-blocking accept returned.
    pub(crate) fn accepted(fd: OwnedFd, peer: &PeerAddress) -> io::Result<Socket> {
        Socket::adopt(fd, if matches!(peer, PeerAddress::Tcp(_)) { Family::Tcp } else { Family::Unix })
    }

    /// Begins to connect to an IP address, from this address of ours if one is given. Ask [`Socket::connected`] when the
    /// socket becomes writable.
    pub(crate) fn connect_tcp(address: SocketAddr, from: Option<SocketAddr>) -> io::Result<Socket> {
        let family = if address.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
        let socket = Socket::adopt(stream_socket(family)?, Family::Tcp)?;
        if let Some(from) = from {
            if from.is_ipv4() != address.is_ipv4() {
                let text = format!("{address} cannot be reached from {}: they are of different families", from.ip());
                return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, text));
            }
            if from.port() != 0 {
                // A port that the last connection has just left is free again.
                sockopt::set_socket_reuseaddr(&socket.fd, true)?;
            }
            let bound = net::bind(&socket.fd, &from).map_err(io::Error::from);
            bound.map_err(|error| io::Error::new(error.kind(), BindError { address: from, error }))?;
        }
        match net::connect(&socket.fd, &address) {
            Ok(()) | Err(rustix::io::Errno::INPROGRESS) => Ok(socket),
            Err(error) => Err(error.into()),
        }
    }

    /// Connects to a Unix socket. `WouldBlock` means that the listener's backlog is full: try again later.
    pub(crate) fn connect_unix(path: &Path) -> io::Result<Socket> {
        let address = net::SocketAddrUnix::new(path)?;
        let socket = Socket::adopt(stream_socket(AddressFamily::UNIX)?, Family::Unix)?;
        net::connect(&socket.fd, &address)?;
        Ok(socket)
    }

    /// Whether a connect that was begun has come through; its error if it failed.
    pub(crate) fn connected(&self) -> io::Result<bool> {
        sockopt::socket_error(&self.fd)??;
        match net::getpeername(&self.fd) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::NOTCONN) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    fn adopt(fd: OwnedFd, family: Family) -> io::Result<Socket> {
        if family == Family::Tcp {
            // MQTT packets are small and latency counts; batching is done above, by writing once per turn.
            sockopt::set_tcp_nodelay(&fd, true)?;
        }
        #[cfg(target_vendor = "apple")]
        sockopt::set_socket_nosigpipe(&fd, true)?;
        Ok(Socket { fd: Arc::new(fd), family })
    }

    /// Reads what is there. `WouldBlock` when nothing is, 0 at the end of the stream.
    #[inline]
    pub fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        Ok(rustix::io::retry_on_intr(|| rustix::io::read(&self.fd, &mut *buf))?)
    }

    /// Writes as much as the kernel takes. `WouldBlock` when it takes nothing.
    #[inline]
    pub fn write(&self, buf: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::retry_on_intr(|| net::send(&self.fd, buf, SEND_FLAGS))?)
    }

    /// Writes several slices with one system call, as much as the kernel takes.
    #[inline]
    pub fn write_vectored(&self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        // The kernel refuses more than IOV_MAX slices at once; the caller comes back for the rest.
        let slices = &slices[..slices.len().min(1024)];
        Ok(rustix::io::retry_on_intr(|| {
            net::sendmsg(&self.fd, slices, &mut SendAncillaryBuffer::default(), SEND_FLAGS)
        })?)
    }

    /// Acknowledges received TCP segments at once instead of waiting for data to carry the acknowledgement.
    ///
    /// A hint for the moment after a request whose answer the other end waits for. The kernel forgets it by itself.
    /// Does nothing on Unix sockets and where the system has no such option.
    #[inline]
    pub fn hurry(&self) {
        #[cfg(any(target_os = "linux", target_os = "android"))]
        if self.family == Family::Tcp {
            // A hint: there is nothing to do about a refusal.
            let _ = sockopt::set_tcp_quickack(&self.fd, true);
        }
    }

    /// Says that nothing more will be written, and takes nothing more in. Errors are of no consequence and dropped.
    pub fn shutdown(&self) {
        let _ = net::shutdown(&self.fd, net::Shutdown::Both);
    }

    /// Says that nothing more will be written; reading goes on.
    pub fn shutdown_write(&self) {
        let _ = net::shutdown(&self.fd, net::Shutdown::Write);
    }

    /// The address at the other end.
    pub fn peer_address(&self) -> io::Result<PeerAddress> {
        Ok(peer_address(Some(net::getpeername(&self.fd)?).flatten()))
    }

    /// The address of this end.
    pub fn local_address(&self) -> io::Result<PeerAddress> {
        Ok(peer_address(Some(net::getsockname(&self.fd)?)))
    }

    /// A shared handle of the descriptor, to wait on while another thread owns the socket. It keeps the descriptor open:
    /// drop it when the connection has ended, and end the connection with [`Socket::shutdown`].
    pub fn handle(&self) -> Arc<OwnedFd> {
        self.fd.clone()
    }

    /// Whether this is a TCP socket.
    pub fn is_tcp(&self) -> bool {
        self.family == Family::Tcp
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

impl AsRawFd for Socket {
    fn as_raw_fd(&self) -> RawFd {
        self.fd.as_raw_fd()
    }
}

impl Read for &Socket {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        Socket::read(self, buf)
    }
}

impl Write for &Socket {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        Socket::write(self, buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Socket({:?}, {})", self.family, self.as_raw_fd())
    }
}

/// A library must not let a closed peer kill its host by SIGPIPE. (Apple's systems say so once per socket.)
#[cfg(not(target_vendor = "apple"))]
const SEND_FLAGS: SendFlags = SendFlags::NOSIGNAL;
#[cfg(target_vendor = "apple")]
const SEND_FLAGS: SendFlags = SendFlags::empty();

#[cfg(not(target_vendor = "apple"))]
pub(crate) fn stream_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    Ok(net::socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC | SocketFlags::NONBLOCK, None)?)
}

#[cfg(target_vendor = "apple")]
pub(crate) fn stream_socket(family: AddressFamily) -> io::Result<OwnedFd> {
    let fd = net::socket(family, SocketType::STREAM, None)?;
    rustix::io::fcntl_setfd(&fd, rustix::io::FdFlags::CLOEXEC)?;
    rustix::io::ioctl_fionbio(&fd, true)?;
    Ok(fd)
}

pub(crate) fn peer_address(address: Option<net::SocketAddrAny>) -> PeerAddress {
    let Some(address) = address else { return PeerAddress::Unix(None) };
    match SocketAddr::try_from(address.clone()) {
        // A listener for both families shows IPv4 peers as ::ffff:a.b.c.d: everybody wants to see a.b.c.d.
        Ok(SocketAddr::V6(address)) => match address.ip().to_ipv4_mapped() {
            Some(ip) => PeerAddress::Tcp((ip, address.port()).into()),
            None => PeerAddress::Tcp(address.into()),
        },
        Ok(address) => PeerAddress::Tcp(address),
        Err(_) => PeerAddress::Unix(
            net::SocketAddrUnix::try_from(address)
                .ok()
                .and_then(|unix| unix.path().map(|path| PathBuf::from(OsStr::from_bytes(path.to_bytes())))),
        ),
    }
}
