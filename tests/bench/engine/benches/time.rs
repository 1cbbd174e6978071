//! The same pieces by the clock, for people.

#![expect(clippy::expect_used, reason = "a benchmark without its workload has nothing to say")]

use divan::{Bencher, black_box};
use engine_bench::{Texts, Workload};

/// The binary's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    divan::main();
}

fn workload() -> Workload {
    Workload::new(Texts::AsRecorded).expect("the fixtures fit each other")
}

#[divan::bench]
fn parse(bencher: Bencher) {
    let workload = workload();
    bencher.bench_local(|| black_box(workload.parse()).is_ok());
}

#[divan::bench]
fn plan(bencher: Bencher) {
    let workload = workload();
    let document = workload.parse().expect("the document is valid");
    bencher.bench_local(|| black_box(workload.plan(&document)).is_ok());
}

#[divan::bench]
fn execute(bencher: Bencher) {
    let workload = workload();
    bencher.bench_local(|| workload.execute());
}

#[divan::bench]
fn execute_different(bencher: Bencher) {
    let workload = Workload::new(Texts::Different).expect("the fixtures fit each other");
    bencher.bench_local(|| workload.execute());
}

#[divan::bench]
fn request(bencher: Bencher) {
    let workload = workload();
    bencher.bench_local(|| black_box(workload.request()).is_ok());
}
