//! A router that is measured: running, and with what its answers have to be.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};
use crate::load::{Expectation, Shot, Target};
use crate::measure::Memory;
use crate::routers::{Conditions, Programs, Router, Running};
use crate::wire::{ResponseHead, Wire};
use crate::workloads::{Encoding, Workload};

/// A router that doesn't answer within this time after its start won't.
const START_MAX: Duration = Duration::from_secs(60);
/// An answer that takes longer than this, with nothing else to do, won't come.
const ANSWER_MAX: Duration = Duration::from_secs(60);
/// Between two attempts to reach a router that is starting.
const ATTEMPT: Duration = Duration::from_millis(1);

/// What needs no subgraph.
const NOTHING: &str = r#"{"query":"{__typename}"}"#;

/// A router that runs and has answered everything rightly once.
pub struct Contender {
    /// The process.
    pub running: Running,
    /// It, and what it is asked.
    pub target: Target,
    /// Milliseconds from its start to its first answer, to what needs no subgraph.
    pub start_ms: f64,
    /// Memory after its first answer, before it was asked anything of the workload.
    pub at_rest: Memory,
}

impl Contender {
    /// Starts a router and asks it everything once; none if it can't be had under these conditions.
    pub async fn start(
        router: Router,
        programs: &Programs,
        conditions: &Conditions<'_>,
        workload: &Workload,
    ) -> Result<Option<Self>> {
        let Some(mut running) = Running::start(router, programs, conditions)? else { return Ok(None) };
        wait(&mut running, NOTHING, Encoding::Plain).await?;
        let start_ms = running.started.elapsed().as_secs_f64() * 1e3;
        let at_rest = running.memory()?;
        let shots = learn(&running, workload).await.map_err(|failure| match failure {
            Failure::Answer(what) => Failure::Answer(what),
            other => Failure::Program(format!("{other}; it said: {}", running.said())),
        })?;
        let target = Target { address: running.address, shots: shots.into(), connections: workload.connections };
        Ok(Some(Self { running, target, start_ms, at_rest }))
    }

    /// Milliseconds from a router's start to its first right answer to the workload's first operation, and its memory then.
    pub async fn first_answer(
        router: Router,
        programs: &Programs,
        conditions: &Conditions<'_>,
        workload: &Workload,
    ) -> Result<Option<(f64, Memory)>> {
        let Some(operation) = workload.operations.first() else { return Ok(None) };
        let Some(mut running) = Running::start(router, programs, conditions)? else { return Ok(None) };
        let (head, body) = wait(&mut running, &operation.body, workload.encoding).await?;
        let milliseconds = running.started.elapsed().as_secs_f64() * 1e3;
        let answer = Expectation::learn(workload.equality, head, &body)?;
        if operation.data.as_ref().is_some_and(|data| data != answer.value()) {
            return Err(Failure::Answer(format!("not the data that {} has", workload.name)));
        }
        Ok(Some((milliseconds, running.memory()?)))
    }

    /// Which router it is.
    pub fn router(&self) -> Router {
        self.running.router
    }

    /// Fails unless both answer everything equally.
    pub fn same_as(&self, other: &Self) -> Result<()> {
        for (mine, others) in self.target.shots.iter().zip(other.target.shots.iter()) {
            if mine.expectation.value() != others.expectation.value() {
                let asked = String::from_utf8_lossy(&mine.message);
                return Err(Failure::Answer(format!(
                    "{} answers otherwise than {}: {asked}",
                    self.router().title(),
                    other.router().title()
                )));
            }
        }
        Ok(())
    }
}

/// Waits until a router answers a request, and says what.
async fn wait(running: &mut Running, body: &str, encoding: Encoding) -> Result<(ResponseHead, Vec<u8>)> {
    let ask = message(running, body, encoding);
    let until = Instant::now() + START_MAX;
    loop {
        running.check()?;
        if let Ok(mut wire) = Wire::connect(running.address).await
            && wire.send(&ask).await.is_ok()
            && let Ok(Ok((head, body))) = tokio::time::timeout(START_MAX, wire.response()).await
            && head.status == 200
        {
            return Ok((head, body.to_vec()));
        }
        if Instant::now() > until {
            return Err(Failure::Program(format!("it does not answer after its start: {}", running.said())));
        }
        tokio::time::sleep(ATTEMPT).await;
    }
}

/// Asks each operation once.
async fn learn(running: &Running, workload: &Workload) -> Result<Vec<Shot>> {
    let mut wire = Wire::connect(running.address).await?;
    let mut shots = Vec::with_capacity(workload.operations.len());
    for operation in &workload.operations {
        let message = message(running, &operation.body, workload.encoding);
        wire.send(&message).await?;
        let answered = tokio::time::timeout(ANSWER_MAX, wire.response()).await;
        let (head, body) = answered.map_err(|_| Failure::Answer("none in time".into()))??;
        let expectation = Expectation::learn(workload.equality, head, body)?;
        if operation.data.as_ref().is_some_and(|data| data != expectation.value()) && !workload.is_faulty() {
            return Err(Failure::Answer(format!("not the data that {} has", workload.name)));
        }
        shots.push(Shot { message: message.into(), expectation });
        if head.last {
            wire = Wire::connect(running.address).await?;
        }
    }
    Ok(shots)
}

/// A request as a client sends it.
fn message(running: &Running, body: &str, encoding: Encoding) -> Vec<u8> {
    let mut message = format!("POST {} HTTP/1.1\r\nhost: {}\r\n", running.router.path(), running.address);
    message += "content-type: application/json\r\naccept: application/json\r\nuser-agent: bench\r\n";
    if encoding == Encoding::Gzip {
        message += "accept-encoding: gzip\r\n";
    }
    // Writing to a string cannot fail.
    let _ = write!(message, "content-length: {}\r\n\r\n{body}", body.len());
    message.into_bytes()
}
