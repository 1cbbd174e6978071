//! Which traces are kept.

use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanKind, TraceContextExt as _, TraceId, TraceState},
};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

/// Keeps a part of the traces by their ids, so that all processes keep the same ones, and none that whoever calls doesn't keep.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    below: f64,
}

impl Part {
    /// `ratio` of 0 to 1; more counts as 1, and less as 0.
    pub(crate) fn new(ratio: f64) -> Self {
        Self { below: ratio * 2_f64.powi(32) }
    }

    /// The last seven bytes of all ids are random, as W3C Trace Context says; before them ours tell the time. Four of them will do.
    fn keeps(&self, trace: TraceId) -> bool {
        let [.., a, b, c, d] = trace.to_bytes();
        f64::from(u32::from_be_bytes([a, b, c, d])) < self.below
    }
}

impl ShouldSample for Part {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace: TraceId,
        _: &str,
        _: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let parent = parent.filter(|parent| parent.has_active_span());
        let is_wanted = parent.is_none_or(|parent| parent.span().span_context().is_sampled());
        let decision =
            if is_wanted && self.keeps(trace) { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        let trace_state = parent.map_or(TraceState::NONE, |parent| parent.span().span_context().trace_state().clone());
        SamplingResult { decision, attributes: Vec::new(), trace_state }
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::{SpanContext, SpanId, TraceFlags};
    use uuid::Uuid;

    use super::*;

    fn kept(ratio: f64, parent: Option<&Context>, trace: TraceId) -> bool {
        let result = Part::new(ratio).should_sample(parent, trace, "", &SpanKind::Server, &[], &[]);
        result.decision == SamplingDecision::RecordAndSample
    }

    /// Ids of routers are UUIDs by time, whose last half doesn't begin with random bits.
    #[test]
    fn keeps_its_part_of_ids_that_tell_the_time() {
        let ids: Vec<TraceId> = (0..10_000).map(|_| TraceId::from(Uuid::now_v7().as_u128())).collect();
        for ratio in [0.0, 0.1, 0.5, 1.0] {
            let kept = ids.iter().filter(|&&id| kept(ratio, None, id)).count() as f64;
            assert!((kept - ratio * 10_000.0).abs() < 300.0, "{kept} of {ratio}");
        }
    }

    #[test]
    fn keeps_nothing_that_the_caller_does_not() {
        let trace = TraceId::from(Uuid::now_v7().as_u128());
        let from = |flags| {
            let context = SpanContext::new(trace, SpanId::from(1), flags, true, TraceState::NONE);
            Context::new().with_remote_span_context(context)
        };
        assert!(kept(1.0, Some(&from(TraceFlags::SAMPLED)), trace));
        assert!(!kept(1.0, Some(&from(TraceFlags::default())), trace));
    }
}
