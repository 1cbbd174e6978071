//! When a service can be used: an operation on it succeeds.

use std::time::{Duration, Instant};

use crate::failure::Failure;

/// Pulsar takes up to 20 s on busy processors, and a standby waits for its primary.
const READY_MAX: Duration = Duration::from_secs(90);
/// Between two tries.
const TRY_EACH: Duration = Duration::from_millis(100);
/// One try: who takes longer isn't ready.
const TRY_MAX: Duration = Duration::from_secs(5);

/// The operation.
pub enum Ready {
    /// A connection to the server of this URL.
    Postgres(String),
    /// A GET of this URL that succeeds.
    Http(String),
}

impl Ready {
    /// Tries until it succeeds.
    pub async fn wait(&self, name: &str) -> Result<(), Failure> {
        let deadline = Instant::now() + READY_MAX;
        loop {
            if tokio::time::timeout(TRY_MAX, self.succeeds()).await.unwrap_or(false) {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(Failure::environment(format!("{name} doesn't answer; see its log in the data folder")));
            }
            tokio::time::sleep(TRY_EACH).await;
        }
    }

    async fn succeeds(&self) -> bool {
        match self {
            Self::Postgres(url) => {
                tokio_postgres::connect(&format!("{url}/postgres"), tokio_postgres::NoTls).await.is_ok()
            }
            Self::Http(url) => reqwest::get(url).await.is_ok_and(|answer| answer.status().is_success()),
        }
    }
}
