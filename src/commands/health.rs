//! `supergraph health URL`: whether a server answers, for whoever watches it in an image that has no other client.

use std::time::Duration;

use url::Url;

use crate::failure::{Failure, chain};

/// A server that takes longer is in trouble.
const ANSWER_MAX: Duration = Duration::from_secs(3);

/// Arguments of `supergraph health`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to ask, such as http://127.0.0.1:4000/health/ready
    url: Url,
}

/// Succeeds if the answer does.
pub async fn run(arguments: Arguments) -> Result<(), Failure> {
    let client = reqwest::Client::builder().timeout(ANSWER_MAX).no_proxy().build();
    let client = client.map_err(|error| Failure::environment(chain(&error)))?;
    let answer = client.get(arguments.url).send().await.map_err(|error| Failure::environment(chain(&error)))?;
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(Failure::Refused(format!("the answer is {status}"))),
    }
}
