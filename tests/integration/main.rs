//! The integration tests: the program as users run it, on real services.

mod support;

mod bad_input;
mod benchmark_workload;
mod clients;
mod faulty_subgraphs;
mod forms;
mod lifecycle;
mod statements;
