//! Every metric that a service may tell: its name, kind, unit, labels and meaning.
//!
//! The names are those of Prometheus' text form, in which a unit and `_total` stand at the end.

use prometheus_client::{metrics::MetricType, registry::Unit};

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It never falls while a process lives.
    Counter,
    /// It is what it is now.
    Gauge,
    /// How long things took, counted by length.
    Histogram,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// Its name, without unit and `_total`.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Whether it is in seconds.
    pub is_seconds: bool,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it tells.
    pub help: &'static str,
}

const SERVICE: &[&str] = &["service"];
const OF_GROUP: &[&str] = &["service", "messaging_consumer_group_name", "messaging_destination_name"];
const OF_POOL: &[&str] = &["service", "db_client_connection_pool_name"];
const OF_GENERATION: &[&str] = &["service", "projection", "generation"];
const OF_CACHE: &[&str] = &["service", "cache"];
const OF_WORKER: &[&str] = &["service", "worker"];

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Counter, is_seconds: false, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    Metric { name, kind: Kind::Gauge, is_seconds: false, labels, help }
}

const fn seconds(metric: Metric) -> Metric {
    Metric { is_seconds: true, ..metric }
}

const fn histogram(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Metric {
    seconds(Metric { kind: Kind::Histogram, ..gauge(name, labels, help) })
}

pub(super) const OUTBOX_MESSAGES: Metric = gauge(
    "outbox_messages",
    SERVICE,
    "Messages that were decided and that the bus hasn't yet: those in the outbox, counted up to a million, and in the catalogue's \
     documents in MongoDB, up to ten thousand of these",
);
pub(super) const OUTBOX_OLDEST_AGE: Metric =
    seconds(gauge("outbox_oldest_age", SERVICE, "How long the oldest of them waits; 0 without any"));
pub(super) const OUTBOX_FAILURES: Metric =
    counter("outbox_publish_failures", SERVICE, "Batches of the outbox that the bus or the database didn't take");
pub(super) const SENT: Metric = counter(
    "messaging_client_sent_messages",
    &["service", "messaging_destination_name"],
    "Messages that the bus has taken, by topic: those of commands and replies are <domain>/commands and <domain>/replies",
);
pub(super) const LAG: Metric = gauge(
    "messaging_consumer_lag",
    OF_GROUP,
    "Messages of a topic that a group hasn't acknowledged, as far as the bus can tell",
);
pub(super) const CONSUMED: Metric = counter(
    "messaging_client_consumed_messages",
    OF_GROUP,
    "Messages that a group is done with: handled, passed over since they had been or are of no use to it, or given up",
);
pub(super) const ATTEMPTS: Metric = counter(
    "messaging_process_attempts",
    &["service", "messaging_consumer_group_name", "messaging_destination_name", "outcome"],
    "Attempts at messages: handled; repeated (had been handled before); passed (of a type that the group has no use for); \
     retried (will be tried again); dead_lettered; \
     lost (the database, or a store that the message is for, couldn't be had, which isn't the message's fault)",
);
pub(super) const PROCESS_DURATION: Metric =
    histogram("messaging_process_duration", OF_GROUP, "How long an attempt at a message takes");
pub(super) const PROCESS_DELAY: Metric =
    histogram("messaging_process_delay", OF_GROUP, "From an event's time to its having been handled");
pub(super) const DEAD_LETTERS: Metric = gauge(
    "dead_letters",
    &["service", "messaging_consumer_group_name"],
    "Messages that a group gave up, and that nobody has replayed or thrown away",
);
pub(super) const COMMANDS: Metric = counter(
    "commands_received",
    &["service", "command", "outcome"],
    "Commands by type: read (handed to the domain), unknown or newer (refused by code), unreadable (given up). \
     Types that this build doesn't know are one: unknown",
);
pub(super) const SAGAS: Metric =
    gauge("sagas", &["service", "saga", "state"], "Sagas under way by state: active, stuck, retrying");
pub(super) const SAGAS_OVERDUE: Metric =
    gauge("sagas_overdue", &["service", "saga"], "Sagas that should have been woken by their deadline");
pub(super) const SAGA_OLDEST_AGE: Metric = seconds(gauge(
    "saga_oldest_step_age",
    &["service", "saga", "state"],
    "How long ago the one that has stood still for longest took its last step",
));
pub(super) const PROJECTION_POSITION: Metric =
    gauge("projection_position", OF_GENERATION, "The last event in a read model");
pub(super) const PROJECTION_BEHIND: Metric =
    gauge("projection_events_behind", OF_GENERATION, "Events that there are and that aren't in a read model");
pub(super) const PROJECTION_FAILED: Metric =
    gauge("projection_failed", OF_GENERATION, "Whether a read model stands still because of an event: 1, else 0");
pub(super) const JOBS: Metric = gauge("jobs", &["service", "job", "state"], "Jobs by state: waiting, running, failed");
pub(super) const JOB_OLDEST_AGE: Metric = seconds(gauge(
    "job_oldest_due_age",
    &["service", "job"],
    "For how long the oldest waiting job could have been taken; 0 if all that are due are taken",
));
pub(super) const JOB_PROGRESS_DONE: Metric =
    gauge("job_progress_done", &["service", "job"], "How much is done of the jobs that run, in their own units");
pub(super) const JOB_PROGRESS_TOTAL: Metric =
    gauge("job_progress_total", &["service", "job"], "Of how much, as far as that is known");
pub(super) const JOB_DURATION: Metric = histogram(
    "job_attempt_duration",
    &["service", "job", "outcome"],
    "How long an attempt at a job takes: done, retried, failed, lost (its lease, or nobody wants it any more), halted",
);
pub(super) const WORKER_RUNNING: Metric = gauge(
    "worker_running",
    OF_WORKER,
    "Whether a task in the background runs: 1; 0 while it waits to be started again",
);
pub(super) const WORKER_RESTARTS: Metric =
    counter("worker_restarts", OF_WORKER, "How often a task in the background was started again");
pub(super) const CONNECTIONS: Metric = gauge(
    "db_client_connection_count",
    &["service", "db_client_connection_pool_name", "db_client_connection_state"],
    "Connections of a pool by state: idle, used",
);
pub(super) const CONNECTIONS_MAX: Metric =
    gauge("db_client_connection_max", OF_POOL, "The most connections that a pool may have");
pub(super) const CONNECTIONS_PENDING: Metric =
    gauge("db_client_connection_pending_requests", OF_POOL, "Who waits for a connection of a pool");
pub(super) const CONNECTION_TIMEOUTS: Metric =
    counter("db_client_connection_timeouts", OF_POOL, "How often nobody gave one back in time");
pub(super) const CONNECTION_WAIT: Metric =
    histogram("db_client_connection_wait_time", OF_POOL, "How long getting a connection takes");
pub(super) const STATEMENTS: Metric = counter("db_client_statements", OF_POOL, "SQL statements executed");
pub(super) const READS: Metric = counter(
    "db_client_reads",
    &["service", "db_client_connection_pool_name", "server"],
    "Reads that may go to replicas: replica, primary, failed_over (away from a replica on which they failed)",
);
pub(super) const REPLICAS_READ_FROM: Metric =
    gauge("db_client_replicas_read_from", OF_POOL, "Replicas that answer and are within the limit on lag");
pub(super) const CACHE_LOOKUPS: Metric = counter(
    "cache_lookups",
    &["service", "cache", "result"],
    "Keys looked up: hit (in the process), shared_hit (in the tier that processes share), joined (somebody was loading it), \
     loaded (asked of the database)",
);
pub(super) const CACHE_LOADS: Metric = counter("cache_loads", OF_CACHE, "Loads from the database, each of many keys");
pub(super) const CACHE_LOAD_FAILURES: Metric =
    counter("cache_load_failures", OF_CACHE, "Loads that failed or took too long");
pub(super) const CACHE_EVICTIONS: Metric =
    counter("cache_evictions", OF_CACHE, "Keys thrown out of the process for want of room");
pub(super) const CACHE_CHANGES: Metric = counter("cache_changes", OF_CACHE, "Changes that a cache was told of");
pub(super) const CACHE_SHARED_CALLS: Metric = counter(
    "cache_shared_calls",
    &["service", "outcome"],
    "Calls of the tier that processes share, by all services of a process (`all`): answered, failed, skipped (it is left alone after failures)",
);
pub(super) const SUBGRAPH_DURATION: Metric = histogram(
    "subgraph_request_duration",
    &["service", "outcome"],
    "How long a subgraph takes for a request: ok, errors (some fields failed), refused (nothing was executed)",
);
pub(super) const SCRAPE_FAILURES: Metric = counter(
    "scrape_failures",
    &["service"],
    "Looks into a service's tables or documents, or its groups' lag, that failed or took more than a second; what they tell is then left out",
);

/// All of them, in the order in which they are told.
pub const ALL: [Metric; 40] = [
    OUTBOX_MESSAGES,
    OUTBOX_OLDEST_AGE,
    OUTBOX_FAILURES,
    SENT,
    LAG,
    CONSUMED,
    ATTEMPTS,
    PROCESS_DURATION,
    PROCESS_DELAY,
    DEAD_LETTERS,
    COMMANDS,
    SAGAS,
    SAGAS_OVERDUE,
    SAGA_OLDEST_AGE,
    PROJECTION_POSITION,
    PROJECTION_BEHIND,
    PROJECTION_FAILED,
    JOBS,
    JOB_OLDEST_AGE,
    JOB_PROGRESS_DONE,
    JOB_PROGRESS_TOTAL,
    JOB_DURATION,
    WORKER_RUNNING,
    WORKER_RESTARTS,
    CONNECTIONS,
    CONNECTIONS_MAX,
    CONNECTIONS_PENDING,
    CONNECTION_TIMEOUTS,
    CONNECTION_WAIT,
    STATEMENTS,
    READS,
    REPLICAS_READ_FROM,
    CACHE_LOOKUPS,
    CACHE_LOADS,
    CACHE_LOAD_FAILURES,
    CACHE_EVICTIONS,
    CACHE_CHANGES,
    CACHE_SHARED_CALLS,
    SUBGRAPH_DURATION,
    SCRAPE_FAILURES,
];

impl Metric {
    /// Its name as it is told.
    #[must_use]
    pub fn full_name(&self) -> String {
        let unit = if self.is_seconds { "_seconds" } else { "" };
        let total = if self.kind == Kind::Counter { "_total" } else { "" };
        format!("{}{unit}{total}", self.name)
    }

    pub(super) fn unit(&self) -> Option<Unit> {
        self.is_seconds.then_some(Unit::Seconds)
    }
}

impl Kind {
    /// Its name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }

    pub(super) const fn metric_type(self) -> MetricType {
        match self {
            Self::Counter => MetricType::Counter,
            Self::Gauge => MetricType::Gauge,
            Self::Histogram => MetricType::Histogram,
        }
    }
}

/// All of them as a table in Markdown, as the documentation has it.
#[must_use]
pub fn table() -> String {
    let mut table = String::from("| name | kind | labels | meaning |\n|---|---|---|---|\n");
    for metric in &ALL {
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let (name, kind, labels) = (metric.full_name(), metric.kind.as_str(), labels.join(", "));
        table += &format!("| `{name}` | {kind} | {labels} | {}. |\n", metric.help);
    }
    table
}
