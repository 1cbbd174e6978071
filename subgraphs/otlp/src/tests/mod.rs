//! What a collector gets: the spans of services that work together, as one trace.

mod collector;
mod one_trace;
mod shop;
