//! One request and what became of it.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;

use super::expectation::Expectation;
use crate::failure::Result;
use crate::wire::Wire;

/// Servers close connections that rest, those of Node after five seconds: one that rested for as long as this isn't used again.
const REST_MAX: Duration = Duration::from_secs(2);

/// A request as it is sent, and what it has to be answered.
pub struct Shot {
    /// Head and body.
    pub message: Bytes,
    /// What a right answer is.
    pub expectation: Expectation,
}

/// How connections are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Connections {
    /// One request after the other on the same.
    Kept,
    /// Each request on a new one.
    New,
}

/// Who is asked, and what.
#[derive(Clone)]
pub struct Target {
    /// The router.
    pub address: SocketAddr,
    /// What it is asked, in turn.
    pub shots: Rc<[Shot]>,
    /// How it is asked.
    pub connections: Connections,
}

/// What became of a request.
#[derive(Debug)]
pub enum Verdict {
    /// It was answered rightly.
    Right,
    /// The router refused it, with this status.
    Refused(u16),
    /// It was answered something else.
    Wrong(String),
    /// The connection broke.
    Broken(String),
}

/// Sends one request and reads its answer; `wire` is the connection to use, if there is one, and to use next.
pub async fn shoot(target: &Target, shot: &Shot, wire: &mut Option<Wire>, nth: u64) -> Verdict {
    match exchange(target, shot, wire, nth).await {
        Ok(verdict) => verdict,
        Err(failure) => {
            *wire = None;
            Verdict::Broken(failure.to_string())
        }
    }
}

async fn exchange(target: &Target, shot: &Shot, slot: &mut Option<Wire>, nth: u64) -> Result<Verdict> {
    let mut wire = match slot.take() {
        Some(wire) if wire.rested() < REST_MAX => wire,
        _ => Wire::connect(target.address).await?,
    };
    wire.send(&shot.message).await?;
    let (head, body) = wire.response().await?;
    let verdict = shot.expectation.judge(head, body, nth);
    match target.connections {
        Connections::New => wire.reset(),
        Connections::Kept if head.last => {}
        Connections::Kept => *slot = Some(wire),
    }
    Ok(verdict)
}
