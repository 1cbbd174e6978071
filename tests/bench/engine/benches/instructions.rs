//! Instructions that pieces of a request take, counted by Callgrind: the same on any machine of a kind, however busy.
//!
//! Each has a limit, a tenth above what it took when the limit was set: machines differ by the C library's choice of
//! instructions. Who needs more says why, and raises it.

#![expect(clippy::expect_used, reason = "a benchmark without its workload has nothing to say")]
#![expect(missing_docs, reason = "the macros make items that nobody calls")]

use std::hint::black_box;

use engine_bench::{Texts, Workload};
use graphql::{ExecutableDocument, Valid};
use gungraun::{Callgrind, EventKind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};

/// The binary's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Fails beyond so many instructions.
fn at_most(instructions: u64) -> LibraryBenchmarkConfig {
    let mut config = LibraryBenchmarkConfig::default();
    config.tool(Callgrind::default().hard_limits([(EventKind::Ir, instructions)]));
    config
}

fn workload() -> Workload {
    Workload::new(Texts::AsRecorded).expect("the fixtures fit each other")
}

fn different() -> Workload {
    Workload::new(Texts::Different).expect("the fixtures fit each other")
}

fn parsed() -> (Workload, Valid<ExecutableDocument>) {
    let workload = workload();
    let document = workload.parse().expect("the document is valid");
    (workload, document)
}

#[library_benchmark(config = at_most(640_000))]
#[bench::bench(setup = workload)]
fn parse(workload: Workload) -> Workload {
    let _ = black_box(workload.parse());
    workload
}

#[library_benchmark(config = at_most(3_500_000))]
#[bench::bench(setup = parsed)]
fn plan((workload, document): (Workload, Valid<ExecutableDocument>)) -> Workload {
    let _ = black_box(workload.plan(&document));
    workload
}

#[library_benchmark(config = at_most(325_000))]
#[bench::bench(setup = workload)]
fn execute(workload: Workload) -> Workload {
    black_box(workload.execute());
    workload
}

#[library_benchmark(config = at_most(1_190_000))]
#[bench::bench(setup = different)]
fn execute_different(workload: Workload) -> Workload {
    black_box(workload.execute());
    workload
}

#[library_benchmark(config = at_most(410_000))]
#[bench::bench(setup = workload)]
fn request(workload: Workload) -> Workload {
    let _ = black_box(workload.request());
    workload
}

library_benchmark_group!(name = engine; benchmarks = parse, plan, execute, execute_different, request);
main!(library_benchmark_groups = engine);
