//! From the first span until the last one has left.

use std::{env, time::Duration};

use opentelemetry::{global::BoxedTracer, trace::TracerProvider as _};
use opentelemetry_otlp::{ExporterBuildError, Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider},
};

use crate::{TracesConfig, sampler::Part};

/// Spans of one batch: a quarter of the queue, as the protocol's defaults have it.
const BATCHES_OF_QUEUE: usize = 4;
/// How long a span waits for others to be sent with, in milliseconds, unless a batch is full.
const BATCHES_APART: Duration = Duration::from_secs(1);
/// How long a process that ends waits for its last spans: shorter than anything that waits for its end.
const LAST_BATCH: Duration = Duration::from_millis(500);
/// What says where to, if the configuration doesn't.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];
const SERVICE_NAME: &str = "OTEL_SERVICE_NAME";
const DISABLED: &str = "OTEL_SDK_DISABLED";

/// Why traces can't be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OtlpError {
    /// The address, or what the environment says beside it, isn't understood.
    #[error("the exporter of traces can't be made")]
    Exporter(#[from] ExporterBuildError),
    /// The address has no host.
    #[error("{0} is no address of a collector")]
    Endpoint(String),
    /// Somebody exports already.
    #[error("traces of this process are exported already")]
    Twice,
}

/// Traces that are being exported.
#[must_use = "the last spans leave at its end"]
pub struct Exporting {
    provider: SdkTracerProvider,
}

/// Exports this process' traces, as `service`, from now on; `None` if neither the configuration nor the environment says where to,
/// and then nothing is made either. The environment may say more: `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`.
///
/// # Errors
/// [`OtlpError`].
pub fn start(config: &TracesConfig, service: &str) -> Result<Option<Exporting>, OtlpError> {
    let is_set = |name: &str| env::var(name).is_ok_and(|value| !value.is_empty());
    let is_disabled = env::var(DISABLED).is_ok_and(|value| value.eq_ignore_ascii_case("true"));
    if is_disabled || (config.endpoint.is_none() && !ENDPOINTS.into_iter().any(is_set)) {
        return Ok(None);
    }
    let provider = provider(config, service)?;
    if !kit::trace::install(BoxedTracer::new(Box::new(provider.tracer("supergraph")))) {
        return Err(OtlpError::Twice);
    }
    Ok(Some(Exporting { provider }))
}

fn provider(config: &TracesConfig, service: &str) -> Result<SdkTracerProvider, OtlpError> {
    let timeout = Duration::from_millis(config.timeout_ms);
    let mut exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).with_timeout(timeout);
    if let Some(endpoint) = &config.endpoint {
        let mut url = endpoint.clone();
        url.path_segments_mut()
            .map_err(|()| OtlpError::Endpoint(endpoint.to_string()))?
            .pop_if_empty()
            .extend(["v1", "traces"]);
        exporter = exporter.with_endpoint(url.as_str());
    }
    let queue = config.queue_max.max(1);
    let batches = BatchConfigBuilder::default()
        .with_max_queue_size(queue)
        .with_max_export_batch_size(queue.div_ceil(BATCHES_OF_QUEUE))
        .with_scheduled_delay(BATCHES_APART)
        .build();
    let processor = BatchSpanProcessor::builder(exporter.build()?).with_batch_config(batches).build();
    let resource = match env::var(SERVICE_NAME) {
        Ok(name) if !name.is_empty() => Resource::builder().build(),
        _ => Resource::builder().with_service_name(service.to_owned()).build(),
    };
    let sampler = Part::new(config.sample_ratio);
    Ok(SdkTracerProvider::builder()
        .with_span_processor(processor)
        .with_sampler(sampler)
        .with_resource(resource)
        .build())
}

impl Exporting {
    /// Sends what there still is, for half a second at most, and ends.
    pub async fn end(self) {
        // It waits for its thread.
        let ending = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(LAST_BATCH));
        if let Ok(Err(error)) = ending.await {
            tracing::warn!(%error, "the last spans weren't exported");
        }
    }
}
