//! Makes topics that aren't there, and looks at those that are, by Pulsar's REST interface. What is there is left as it is: that is its
//! operators'.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, StatusCode, redirect};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use url::Url;
use wire::topic::{PARTITIONS, Topic};

use crate::{PulsarConfig, PulsarError};

/// How long to wait before a request is tried again that the cluster wasn't ready for.
const RETRY_AFTER: Duration = Duration::from_millis(250);
/// Brokers send requests on to the one that has the topic.
const REDIRECTS_MAX: usize = 3;
/// Bytes of an answer that are read: lists of clusters, and reasons.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The same of what is told of a topic: half a kilobyte a consumer, of which each member of a group has one a partition, should the
/// cluster be too old to leave them out.
const STATS_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long a look may take. Who looks now and then does so again; what lasts longer would meet itself.
const STATS_TIMEOUT: Duration = Duration::from_secs(5);
/// What is told of a topic: backlogs as they are, which the broker reckons in memory; neither their bytes, for which it locks the ledger,
/// nor who publishes and consumes.
const STATS_QUERY: &str = "perPartition=false&getPreciseBacklog=true&subscriptionBacklogSize=false\
    &excludePublishers=true&excludeConsumers=true";
/// Characters of a reason that are told.
const REASON_LENGTH_MAX: usize = 300;

/// The REST interface.
pub struct Admin {
    client: Client,
    url: Url,
    token: Option<String>,
    config: PulsarConfig,
}

/// What it answered.
struct Answer {
    status: StatusCode,
    text: String,
}

impl Admin {
    pub fn new(config: &PulsarConfig, token: Option<String>) -> Result<Self, PulsarError> {
        let client = Client::builder()
            .timeout(config.operation_timeout())
            .redirect(redirect::Policy::limited(REDIRECTS_MAX))
            .no_proxy()
            .build()
            .map_err(|error| PulsarError::Unreachable(error.without_url()))?;
        Ok(Self { client, url: config.admin_url.clone(), token, config: config.clone() })
    }

    /// The full name of a topic.
    pub fn name(&self, topic: &Topic) -> String {
        format!("persistent://{}/{topic}", self.config.tenant)
    }

    /// Makes a topic unless it is there; when this returns it has our number of partitions.
    pub async fn ensure(&self, topic: &Topic) -> Result<(), PulsarError> {
        // Where all is there, nothing need be allowed but to use it.
        match self.partitions(topic).await? {
            Some(partitions) => return self.check_partitions(topic, partitions),
            None => self.make(topic).await?,
        }
        match self.partitions(topic).await? {
            Some(partitions) => self.check_partitions(topic, partitions),
            None => self.check_partitions(topic, 0),
        }
    }

    /// What the cluster tells of a topic, as JSON; `None` if there is none. Asked once.
    pub async fn stats(&self, topic: &Topic) -> Result<Option<String>, PulsarError> {
        let tenant = &self.config.tenant;
        let path = ["persistent", tenant, topic.domain(), topic.purpose().as_str(), "partitioned-stats"];
        let mut url = self.url(&path);
        url.set_query(Some(STATS_QUERY));
        let request = self.client.get(url).timeout(STATS_TIMEOUT);
        match self.send(request, STATS_BYTES_MAX).await {
            Ok(answer) if answer.status.is_success() => Ok(Some(answer.text)),
            Ok(answer) if answer.status == StatusCode::NOT_FOUND => Ok(None),
            Ok(answer) => Err(answer.refuses("a topic's statistics")),
            Err(error) => Err(PulsarError::Unreachable(error.without_url())),
        }
    }

    async fn make(&self, topic: &Topic) -> Result<(), PulsarError> {
        let tenant = &self.config.tenant;
        let clusters = self.ask("the clusters", Method::GET, &["clusters"], None, &[]).await?;
        let clusters: Value = serde_json::from_str(&clusters.text).unwrap_or(Value::Null);
        let owner = json!({ "adminRoles": [], "allowedClusters": clusters });
        let conflict = [StatusCode::CONFLICT];
        self.ask("the tenant", Method::PUT, &["tenants", tenant], Some(&owner), &conflict).await?;
        let policies = json!({ "retention_policies": {
            "retentionTimeInMinutes": self.config.retention_minutes,
            "retentionSizeInMB": self.config.retention_megabytes,
        } });
        let namespace = ["namespaces", tenant, topic.domain()];
        self.ask("the namespace", Method::PUT, &namespace, Some(&policies), &conflict).await?;
        let partitions = json!(PARTITIONS);
        self.ask("the topic", Method::PUT, &partitions_path(tenant, topic), Some(&partitions), &conflict).await?;
        Ok(())
    }

    /// How many partitions a topic has; `None` if there is none.
    async fn partitions(&self, topic: &Topic) -> Result<Option<u64>, PulsarError> {
        let path = partitions_path(&self.config.tenant, topic);
        let answer = self.ask("a topic's partitions", Method::GET, &path, None, &[StatusCode::NOT_FOUND]).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let metadata: Value = serde_json::from_str(&answer.text).unwrap_or(Value::Null);
        // A cluster that makes topics when they are named tells of 0 partitions before it has.
        Ok(metadata.get("partitions").and_then(Value::as_u64).filter(|partitions| *partitions > 0))
    }

    fn check_partitions(&self, topic: &Topic, partitions: u64) -> Result<(), PulsarError> {
        if partitions == u64::from(PARTITIONS) {
            return Ok(());
        }
        Err(PulsarError::OtherPartitions { topic: self.name(topic), partitions, expected: PARTITIONS })
    }

    /// Asks until there is an answer, within the operation time-out. Other answers than success are errors, unless accepted.
    async fn ask(
        &self,
        what: &'static str,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
        accepted: &[StatusCode],
    ) -> Result<Answer, PulsarError> {
        let until = Instant::now() + self.config.operation_timeout();
        loop {
            let error = match self.ask_once(method.clone(), path, body).await {
                Ok(answer) if answer.status.is_success() || accepted.contains(&answer.status) => return Ok(answer),
                // A cluster that is only starting has no clusters yet: 412.
                Ok(answer) if answer.status.is_server_error() || answer.status == StatusCode::PRECONDITION_FAILED => {
                    answer.refuses(what)
                }
                Ok(answer) => return Err(answer.refuses(what)),
                Err(error) => PulsarError::Unreachable(error.without_url()),
            };
            if Instant::now() + RETRY_AFTER > until {
                return Err(error);
            }
            sleep(RETRY_AFTER).await;
        }
    }

    async fn ask_once(&self, method: Method, path: &[&str], body: Option<&Value>) -> Result<Answer, reqwest::Error> {
        let mut request = self.client.request(method, self.url(path));
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        self.send(request, ANSWER_BYTES_MAX).await
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["admin", "v2"]).extend(path);
        }
        url
    }

    /// Reads about as many bytes of the answer at most.
    async fn send(&self, mut request: RequestBuilder, bytes_max: usize) -> Result<Answer, reqwest::Error> {
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let mut answer = request.send().await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > bytes_max {
                break;
            }
        }
        Ok(Answer { status: answer.status(), text: String::from_utf8_lossy(&bytes).into_owned() })
    }
}

impl Answer {
    fn refuses(&self, what: &'static str) -> PulsarError {
        let reason = self.text.chars().take(REASON_LENGTH_MAX).collect();
        PulsarError::Refused { what, status: self.status.as_u16(), reason }
    }
}

fn partitions_path<'a>(tenant: &'a str, topic: &'a Topic) -> [&'a str; 5] {
    ["persistent", tenant, topic.domain(), topic.purpose().as_str(), "partitions"]
}
