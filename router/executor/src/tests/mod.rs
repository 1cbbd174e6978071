//! Hand-made plans on small supergraphs, with canned answers.

mod bodies;
mod deferred;
mod errors;
mod introspection;
mod leaves;
mod masking;
mod memory;
mod merging;
mod nulls;
mod published;
mod repeated;
mod schedule;
mod support;
mod typenames;
