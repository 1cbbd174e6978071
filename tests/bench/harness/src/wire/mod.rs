//! HTTP/1.1 as plainly as it goes: one connection, one buffer, heads by `httparse`.
//!
//! Both sides use it, the replayed subgraphs and the load, so that neither costs more than the router that is measured. It
//! knows no pipelining, no upgrade and no trailers beyond skipping them, and trusts nobody: what is malformed is a failure.

mod body;
mod head;

pub use head::ResponseHead;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::{Failure, Result, Tried};
use body::Framing;

/// What is set aside before each read: a request of a router fits in, and a large answer takes few reads.
const READ_BYTES: usize = 64 * 1024;

/// A connection and what came on it.
pub struct Wire {
    stream: TcpStream,
    /// What came and has not been dropped yet: the message that is being read, or was read last.
    buffer: Vec<u8>,
    /// Bytes of the last message, dropped when the next one is read.
    taken: usize,
    /// A chunked body, put together.
    joined: Vec<u8>,
    /// When it was made, or the last answer was complete.
    rests_since: Instant,
}

/// The body of a message, by where it stands.
enum Place {
    Buffer(std::ops::Range<usize>),
    Joined,
}

impl Wire {
    /// Over a connection that somebody made.
    pub fn new(stream: TcpStream) -> Self {
        // Small messages must not wait for each other; where that can't be set, they only wait.
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: Vec::new(), taken: 0, joined: Vec::new(), rests_since: Instant::now() }
    }

    /// Over a new connection.
    pub async fn connect(address: SocketAddr) -> Result<Self> {
        Ok(Self::new(TcpStream::connect(address).await.tried(format!("connecting to {address}"))?))
    }

    /// Sends whole messages as they are.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await.tried("sending")
    }

    /// The next request's path and body: none if the connection ended between two of them.
    pub async fn request(&mut self) -> Result<Option<(&str, &[u8])>> {
        let Some(head) = self.head(head::request).await? else { return Ok(None) };
        let place = self.body(head.end, head.framing).await?;
        let path = self.buffer.get(head.path).and_then(|path| std::str::from_utf8(path).ok()).unwrap_or_default();
        Ok(Some((path, self.at(&place))))
    }

    /// The answer to what was sent.
    pub async fn response(&mut self) -> Result<(ResponseHead, &[u8])> {
        let head = self.head(head::response).await?;
        let (head, end, framing) = head.ok_or_else(|| Failure::Http("the connection ended before an answer".into()))?;
        let place = self.body(end, framing).await?;
        self.rests_since = Instant::now();
        Ok((head, self.at(&place)))
    }

    /// How long it is since the last answer was complete.
    pub fn rested(&self) -> Duration {
        self.rests_since.elapsed()
    }

    /// Ends the connection at once and leaves nothing of it, so that a million of them don't use up the ports.
    pub fn reset(self) {
        let _ = self.stream.set_zero_linger();
    }

    /// Reads until a head is there; none if the connection ends before it begins.
    async fn head<H>(&mut self, parse: fn(&[u8]) -> Result<Option<H>>) -> Result<Option<H>> {
        let taken = std::mem::take(&mut self.taken).min(self.buffer.len());
        self.buffer.drain(..taken);
        loop {
            if !self.buffer.is_empty()
                && let Some(head) = parse(&self.buffer)?
            {
                return Ok(Some(head));
            }
            if self.fill(READ_BYTES).await? == 0 {
                return match self.buffer.is_empty() {
                    true => Ok(None),
                    false => Err(Failure::Http("the connection ended within a head".into())),
                };
            }
        }
    }

    /// Reads what came; how many bytes that were.
    async fn fill(&mut self, room: usize) -> Result<usize> {
        self.buffer.reserve(room);
        self.stream.read_buf(&mut self.buffer).await.tried("reading")
    }

    /// Reads a body to its end.
    async fn body(&mut self, start: usize, framing: Framing) -> Result<Place> {
        match framing {
            Framing::Length(length) => {
                self.read_until(start + length).await?;
                self.taken = start + length;
                Ok(Place::Buffer(start..start + length))
            }
            Framing::Chunked => {
                self.joined.clear();
                let mut chunks = body::Chunks::at(start);
                while !chunks.join(&self.buffer, &mut self.joined)? {
                    self.read_until(self.buffer.len() + 1).await?;
                }
                self.taken = chunks.position();
                Ok(Place::Joined)
            }
        }
    }

    async fn read_until(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            if self.fill((length - self.buffer.len()).max(READ_BYTES)).await? == 0 {
                return Err(Failure::Http("the connection ended within a body".into()));
            }
        }
        Ok(())
    }

    fn at(&self, place: &Place) -> &[u8] {
        match place {
            Place::Buffer(range) => self.buffer.get(range.clone()).unwrap_or_default(),
            Place::Joined => &self.joined,
        }
    }
}
