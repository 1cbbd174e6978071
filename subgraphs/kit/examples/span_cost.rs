//! What a span costs where nobody makes any: time, and allocations. `cargo run -p kit --profile bench --example span_cost`

#![expect(clippy::expect_used, reason = "a measurement without a runtime can only fail")]

use std::hint::black_box;

use divan::{AllocProfiler, Bencher};
use kit::trace::{Attributes, Parent, Span};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const TRACEPARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

fn main() {
    divan::main();
}

fn told() -> (String, Attributes) {
    ("process orders/events".to_owned(), vec![("messaging.destination.name", "orders/events".into())])
}

/// A step within something: a saga's, a call of another service.
#[divan::bench]
fn within() {
    drop(black_box(Span::internal(Parent::Current, told)));
}

/// A message or request that is of no trace.
#[divan::bench]
fn of_no_trace() {
    drop(black_box(Span::consumer(Parent::Remote(black_box(None)), told)));
}

/// One that is: its context is passed on.
#[divan::bench]
fn of_a_trace() {
    drop(black_box(Span::consumer(Parent::Remote(black_box(Some(TRACEPARENT))), told)));
}

/// The same around work that waits four times.
#[divan::bench]
fn around_work(bencher: Bencher<'_, '_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    bencher.bench_local(|| {
        let span = Span::consumer(Parent::Remote(black_box(Some(TRACEPARENT))), told);
        runtime.block_on(span.run(async {
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
        }));
    });
}

/// That work by itself.
#[divan::bench]
fn work_alone(bencher: Bencher<'_, '_>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    bencher.bench_local(|| {
        runtime.block_on(async {
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
        });
    });
}
