//! Asks a running subgraph for its schema: `{ _service { sdl } }` over HTTP.

use std::time::Duration;

use serde::Deserialize;

use crate::failure::{Failure, chain};

/// A subgraph that starts cold answers within this.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Larger than any schema that a person could review.
const BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

#[derive(Deserialize)]
struct Answer {
    data: Option<Data>,
    #[serde(default)]
    errors: Vec<Problem>,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "_service")]
    service: Option<Service>,
}

#[derive(Deserialize)]
struct Service {
    sdl: Option<String>,
}

#[derive(Deserialize)]
struct Problem {
    message: String,
}

/// The subgraph's SDL.
pub async fn sdl(name: &str, url: &str, headers: &[(&str, String)]) -> Result<String, Failure> {
    ask(url, headers).await.map_err(|reason| {
        Failure::environment(format!(
            "cannot read the schema of subgraph {name} from {url}: {reason}; check that it runs and lets its schema be read"
        ))
    })
}

async fn ask(url: &str, headers: &[(&str, String)]) -> Result<String, String> {
    // The headers may be secret: they go to the configured place and no further.
    let client = reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none());
    let client = client.build().map_err(|error| chain(&error))?;
    let mut request = client
        .post(url)
        .header("content-type", "application/json")
        .header("accept", "application/graphql-response+json, application/json")
        .body(r#"{"query":"query { _service { sdl } }"}"#);
    for (header, value) in headers {
        request = request.header(*header, value);
    }
    let mut response = request.send().await.map_err(|error| chain(&error.without_url()))?;
    let status = response.status();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| chain(&error.without_url()))? {
        if body.len() + chunk.len() > BODY_BYTES_MAX {
            return Err(format!("the answer is larger than {BODY_BYTES_MAX} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    let answer: Answer =
        serde_json::from_slice(&body).map_err(|_| format!("status {status}, and the body is no GraphQL response"))?;
    match answer.data.and_then(|data| data.service).and_then(|service| service.sdl) {
        Some(sdl) => Ok(sdl),
        None => {
            Err(answer.errors.into_iter().next().map_or_else(|| "it gives no sdl".to_owned(), |error| error.message))
        }
    }
}
