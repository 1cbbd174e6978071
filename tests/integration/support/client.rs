//! A plain GraphQL client for tests.

use serde_json::{Value, json};

/// An answer with all that a test may look at.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type` header.
    pub content_type: String,
    /// All headers.
    pub headers: reqwest::header::HeaderMap,
    /// The body as sent.
    pub text: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// A header's text; empty without one.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }

    /// The `extensions.code` of the first error.
    pub fn code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Posts an operation without variables.
pub async fn query(url: &str, token: Option<&str>, query: &str) -> Answer {
    post(url, token, &json!({ "query": query })).await
}

/// Posts a GraphQL request.
pub async fn post(url: &str, token: Option<&str>, body: &Value) -> Answer {
    let mut request =
        reqwest::Client::new().post(url).header("content-type", "application/json").body(body.to_string());
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    send(request).await
}

/// Sends any request.
pub async fn send(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let content_type =
        response.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let headers = response.headers().clone();
    Answer { status, content_type, headers, text: response.text().await.expect("a body in UTF-8") }
}
