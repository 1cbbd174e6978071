//! What was said to a saga, before the saga's own types are made of it: this is what is kept for one that is stuck.

use uuid::Uuid;
use wire::event::{Dispatch as _, Envelope};

use super::{Awaited, Input, Saga, SagaError, row::Current};
use crate::{event_store::Metadata, trace};

/// What was said to a saga.
#[derive(Clone, Debug)]
pub(super) enum Heard {
    /// By its own domain: the JSON of what, by whom and why.
    Local(String, Metadata),
    Event(Envelope),
    Reply(Envelope),
    Deadline,
}

impl Heard {
    /// For the saga; `None` if it is nothing to it: no event of its, or a reply that it doesn't await.
    pub(super) fn input<S: Saga>(&self, awaited: &[Awaited]) -> Result<Option<Input<S>>, SagaError> {
        match self {
            Self::Local(text, _) => Ok(Some(Input::Local(serde_json::from_str(text).map_err(SagaError::new)?))),
            Self::Event(envelope) => Ok(S::Events::read(envelope).map_err(SagaError::new)?.map(Input::Event)),
            Self::Reply(envelope) => {
                let Some(found) = Awaited::find(awaited, envelope) else { return Ok(None) };
                match S::Replies::read(envelope).map_err(SagaError::new)? {
                    Some(reply) => Ok(Some(Input::Reply { reply, from: found.from, command: found.command })),
                    None => Err(SagaError::new(format!("{} is no reply that it knows", envelope.type_name))),
                }
            }
            Self::Deadline => Ok(Some(Input::Deadline)),
        }
    }

    /// What holds of the saga by the mere hearing.
    pub(super) fn settle(&self, current: &mut Current) {
        match self {
            Self::Reply(envelope) => {
                if let Some(found) = Awaited::find(&current.awaited, envelope).cloned() {
                    current.awaited.retain(|awaited| *awaited != found);
                }
            }
            Self::Deadline => current.deadline = None,
            Self::Local(..) | Self::Event(_) => {}
        }
    }

    /// For what comes about by it.
    pub(super) fn metadata(&self, current: &Current) -> Metadata {
        let (cause, actor, traceparent) = match self {
            Self::Local(_, metadata) => {
                (metadata.causation_id.clone(), metadata.actor.clone(), metadata.traceparent.clone())
            }
            // Who answered isn't who wanted it; the trace goes on through the answer.
            Self::Event(envelope) | Self::Reply(envelope) => {
                (Some(envelope.id.clone()), None, envelope.traceparent.clone())
            }
            Self::Deadline => (None, None, None),
        };
        Metadata {
            correlation_id: Some(current.id.to_string()),
            causation_id: cause,
            actor: actor.or_else(|| current.actor.clone()),
            traceparent: trace::here(traceparent.as_ref().or(current.traceparent.as_ref())),
        }
    }
}

/// The saga whose matter an envelope belongs to, if that is one's.
pub(super) fn matter(envelope: &Envelope) -> Option<Uuid> {
    Uuid::try_parse(envelope.correlation_id.as_deref()?).ok()
}
