//! What a request costs where the subgraphs run in the router's process, and where each is a process of its own: the shop, over
//! the same databases with the same data. All of its processes but the database's run on the router's core; while one form is asked the
//! other rests. `dev` is charged with what it does in the background as well, which is next to nothing: nobody writes.

mod printing;
mod shop;

use std::rc::Rc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::console::tell;
use crate::failure::{Failure, Result};
use crate::load::{Connections, Equality, Expectation, Shot, Target, closed};
use crate::measurement::{Settings, Spread};
use crate::wire::Wire;
use shop::{Form, SERVICES, Shop};

/// Clients at the same time: subgraphs have a database to ask, whose connections are few.
const CLIENTS: usize = 20;
/// One operation over three of the services: users, orders and products.
const QUERY: &str = include_str!("../../../../../clients/operations/users-with-orders.graphql");

/// Both forms.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormsResult {
    /// In one process (`supergraph dev`).
    pub in_process: FormResult,
    /// A router, and a process a service.
    pub split: FormResult,
    /// How many services there are in either form.
    pub services: usize,
}

/// What a request costs in one form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FormResult {
    /// User and system time of the router and the services, in microseconds.
    pub cpu_us: Spread,
    /// Right answers a second.
    pub requests_per_second: Spread,
    /// Milliseconds within which half of the answers came.
    pub p50_ms: Spread,
}

/// Measures both in turn.
pub async fn forms(settings: &Settings) -> Result<FormsResult> {
    let shop = Shop::open(settings)?;
    let split = shop.split(settings)?;
    let forms = [&shop.dev, &split];
    let mut targets = Vec::new();
    for form in forms {
        targets.push(target(form, &shop.administrator).await?);
    }
    let [first, second] = targets.as_slice() else { return Err(Failure::Program("not two forms".into())) };
    let values = |target: &Target| target.shots.first().map(|shot| shot.expectation.value().clone());
    if values(first) != values(second) {
        return Err(Failure::Answer("the two forms answer differently".into()));
    }
    let mut rounds: [Vec<(f64, f64, f64)>; 2] = Default::default();
    for number in 1..=settings.rounds {
        for ((form, target), rounds) in forms.into_iter().zip(&targets).zip(&mut rounds) {
            closed(target, CLIENTS, settings.warm_up).await;
            let round = round(form, target, settings.duration).await?;
            let (cpu, requests, p50) = round;
            tell(&format!(
                "  {number}/{} {:<12} {requests:>7.0} requests/s  {cpu:>7.0} µs CPU  p50 {p50:.2} ms",
                settings.rounds, form.name
            ));
            rounds.push(round);
        }
    }
    let [in_process, split] = rounds.map(|rounds| FormResult::of(&rounds));
    let none = || Failure::Program("no rounds".into());
    let (in_process, split) = (in_process.ok_or_else(none)?, split.ok_or_else(none)?);
    Ok(FormsResult { in_process, split, services: SERVICES.len() })
}

/// Processor time a request in microseconds, requests a second, and half of the requests' milliseconds.
async fn round(form: &Form, target: &Target, duration: Duration) -> Result<(f64, f64, f64)> {
    let before = form.cpu_time()?;
    let started = std::time::Instant::now();
    let mut tally = closed(target, CLIENTS, duration).await;
    let seconds = started.elapsed().as_secs_f64();
    let cpu = form.cpu_time()?.since(before).total();
    if let Some(trouble) = tally.trouble() {
        return Err(Failure::Answer(trouble));
    }
    let requests = tally.right().max(1) as f64;
    Ok((cpu.as_secs_f64() * 1e6 / requests, requests / seconds, tally.percentile_ms(50.0)))
}

/// The operation, as an administrator asks it.
async fn target(form: &Form, token: &str) -> Result<Target> {
    let body = json!({ "query": QUERY, "variables": { "users": 3, "orders": 2 } }).to_string();
    let message = format!(
        "POST /graphql HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\naccept: application/json\r\n\
         authorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
        form.address,
        body.len()
    );
    let mut wire = Wire::connect(form.address).await?;
    wire.send(message.as_bytes()).await?;
    let (head, answer) = wire.response().await?;
    let expectation = Expectation::learn(Equality::Whole, head, answer)?;
    let shots: Rc<[Shot]> = Rc::new([Shot { message: message.into(), expectation }]);
    Ok(Target { address: form.address, shots, connections: Connections::Kept })
}

impl FormResult {
    fn of(rounds: &[(f64, f64, f64)]) -> Option<Self> {
        Some(Self {
            cpu_us: Spread::of(rounds.iter().map(|round| round.0))?,
            requests_per_second: Spread::of(rounds.iter().map(|round| round.1))?,
            p50_ms: Spread::of(rounds.iter().map(|round| round.2))?,
        })
    }
}
