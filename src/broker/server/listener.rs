//! Accepts sockets and hands them to whoever serves them, the shards in turn. On a thread of its own, because accepting is what tokio is
//! good at and what a shard should not be disturbed by.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Duration;

use mqtt_net::{ListenAddress, ListenOptions, Listener, PeerAddress, ServerTls, Transport};
use tokio::sync::oneshot;

use super::mail::{Accepted, Mail};
use super::peer;
use crate::broker::{LocalAddress, StartError};
use crate::config::{Bind, ListenerConfig};
use crate::core::Core;
use crate::hooks::Peer;
use crate::log::{Address, Record};

/// How long to wait when the system has no more descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// The listeners and their thread.
pub(crate) struct Listeners {
    listeners: Vec<Arc<Listener>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Listeners {
    /// Opens the sockets; nothing is accepted yet.
    pub(crate) fn open(configs: &[ListenerConfig]) -> Result<Listeners, StartError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(StartError::Shard)?;
        if let Some(address) = named_twice(configs) {
            return Err(StartError::Config(format!(
                "two listeners are to have {address}: give one of them another address or port"
            )));
        }
        let guard = runtime.enter();
        let mut listeners = Vec::with_capacity(configs.len());
        for config in configs {
            let listener = Listener::bind(&options(config))
                .map_err(|error| StartError::Listen { address: error.address, source: error.source })?;
            listeners.push(Arc::new(listener));
        }
        drop(guard);
        Ok(Listeners { listeners, stop: None, thread: None, runtime: Some(runtime) })
    }

    /// Where they are.
    pub(crate) fn addresses(&self) -> Vec<LocalAddress> {
        let address = |listener: &Arc<Listener>| match listener.local_address() {
            PeerAddress::Tcp(address) => LocalAddress::Tcp(*address),
            PeerAddress::Unix(path) => LocalAddress::Unix(path.clone().unwrap_or_default()),
        };
        self.listeners.iter().map(address).collect()
    }

    /// Begins to accept.
    pub(crate) fn start(&mut self, reception: &Arc<impl Reception>) -> io::Result<()> {
        let Some(runtime) = self.runtime.take() else { return Ok(()) };
        let (stop, stopped) = oneshot::channel();
        let (listeners, reception) = (self.listeners.clone(), Arc::clone(reception));
        let serve = move || {
            let tasks = tokio::task::LocalSet::new();
            for (index, listener) in listeners.into_iter().enumerate() {
                tasks.spawn_local(accept(Arc::clone(&reception), listener, index));
            }
            // Either it is stopped, or the broker is gone.
            drop(tasks.block_on(&runtime, stopped));
        };
        self.thread = Some(std::thread::Builder::new().name("mqtt-listen".to_owned()).spawn(serve)?);
        self.stop = Some(stop);
        Ok(())
    }

    /// Uses another certificate for connections that come from here on.
    pub(crate) fn set_tls(&self, index: usize, tls: Arc<ServerTls>) -> bool {
        self.listeners.get(index).map(|listener| listener.set_tls(Some(tls))).is_some()
    }

    /// Closes the sockets.
    pub(crate) fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic there has ended it, too.
            drop(thread.join());
        }
        self.listeners.clear();
        self.runtime = None;
    }
}

/// An address that two listeners cannot both have.
fn named_twice(configs: &[ListenerConfig]) -> Option<String> {
    configs.iter().enumerate().find_map(|(at, config)| {
        let is_there = configs[..at].iter().any(|other| match (&config.bind, &other.bind) {
            (Bind::Tcp(this), Bind::Tcp(other)) => {
                let overlap = this.is_ipv4() == other.is_ipv4()
                    && (this.ip() == other.ip() || this.ip().is_unspecified() || other.ip().is_unspecified());
                this.port() != 0 && this.port() == other.port() && overlap
            }
            (this, other) => this == other,
        });
        is_there.then(|| match &config.bind {
            Bind::Tcp(address) => address.to_string(),
            Bind::Unix(path) => path.display().to_string(),
        })
    })
}

fn options(config: &ListenerConfig) -> ListenOptions {
    let address = match &config.bind {
        Bind::Tcp(address) => ListenAddress::Tcp { host: address.ip().to_string(), port: address.port() },
        Bind::Unix(path) => ListenAddress::Unix(path.clone()),
    };
    ListenOptions {
        kind: config.kind.clone(),
        tls: config.tls.clone(),
        mode: config.mode,
        ..ListenOptions::new(address)
    }
}

async fn accept(reception: Arc<impl Reception>, listener: Arc<Listener>, index: usize) {
    let port = listener.local_addr().map_or(0, |address| address.port());
    let mut number = index;
    loop {
        match listener.accept().await {
            Ok((transport, address)) => {
                number = number.wrapping_add(1);
                reception.accepted(transport, peer::of(&address, index), port, number);
            }
            Err(error) => {
                reception.not_accepted(&error);
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Who takes the sockets.
pub(crate) trait Reception: Send + Sync + 'static {
    /// A socket that came in on this port; `number` grows by one with each of a listener.
    fn accepted(&self, transport: Transport, peer: Peer, port: u16, number: usize);

    /// The system gave none. The listener tries again after a pause.
    fn not_accepted(&self, error: &io::Error);
}

impl Reception for Core {
    fn accepted(&self, transport: Transport, peer: Peer, port: u16, number: usize) {
        let most = self.config.limits.maximum_connections;
        let most_here = self.config.listeners.get(peer.listener).map_or(0, |config| config.maximum_connections);
        let here = &self.listener_connections[peer.listener];
        let full = |most: usize, count: usize| most != 0 && count >= most;
        if full(most, self.connections.load(Ordering::Relaxed)) || full(most_here, here.load(Ordering::Relaxed)) {
            return self.log.write(&Record::NotAccepted { reason: "maximum number of connections exceeded" });
        }
        self.log.write(&Record::Accepted { address: Address(peer.address), port });
        self.connections.fetch_add(1, Ordering::Relaxed);
        here.fetch_add(1, Ordering::Relaxed);
        self.mailboxes[number % self.mailboxes.len()].post(Mail::Accepted(Accepted { transport, peer }));
    }

    fn not_accepted(&self, error: &io::Error) {
        self.log.write(&Record::NotAccepted { reason: &error.to_string() });
    }
}
