//! What stands between: a proxy that does harm to the first connections.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What is done to a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harm {
    /// Reset once the request has come, which goes nowhere.
    ResetBeforeRequest,
    /// Reset once the answer has come, which goes nowhere.
    LoseAnswer,
    /// Answered by the proxy itself.
    BadGateway,
}

/// A proxy in front of a server.
pub(super) struct Proxy {
    pub address: SocketAddr,
    harmed: Arc<AtomicU32>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Does harm to the first `number` connections, and none to the others.
    pub(super) async fn start(server: SocketAddr, harm: Harm, number: u32) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let harmed = Arc::new(AtomicU32::new(0));
        let counting = Arc::clone(&harmed);
        let task = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                let is_harmed = counting.load(Ordering::SeqCst) < number;
                if is_harmed {
                    counting.fetch_add(1, Ordering::SeqCst);
                }
                connections.spawn(async move {
                    // A connection that ends in any way is none of the test's business.
                    drop(if is_harmed { harm.done_to(near, server).await } else { pass(near, server).await });
                });
            }
        });
        Self { address, harmed, task }
    }

    pub(super) fn harmed(&self) -> u32 {
        self.harmed.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Harm {
    async fn done_to(self, mut near: TcpStream, server: SocketAddr) -> std::io::Result<()> {
        let mut request = vec![0; 64 * 1024];
        let length = near.read(&mut request).await?;
        match self {
            Self::ResetBeforeRequest => {}
            Self::LoseAnswer => {
                let mut far = TcpStream::connect(server).await?;
                far.write_all(&request[..length]).await?;
                assert_ne!(far.read(&mut request).await?, 0, "there is no answer to lose");
            }
            Self::BadGateway => {
                near.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 5\r\nconnection: close\r\n\r\nsorry")
                    .await?;
                return near.shutdown().await;
            }
        }
        // Closed with something unsent: reset, not ended.
        near.set_zero_linger()?;
        Ok(())
    }
}

async fn pass(mut near: TcpStream, server: SocketAddr) -> std::io::Result<()> {
    let mut far = TcpStream::connect(server).await?;
    copy_bidirectional(&mut near, &mut far).await?;
    Ok(())
}
