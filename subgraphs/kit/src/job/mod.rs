//! Background work: what speaks to something outside the database, or takes long.
//!
//! ```text
//! change + job in one transaction → runner: lease, heartbeat → handler asks outside → [ effect · job done ] in one transaction
//!                                    │ lease ends → another runner takes it          └ fails → again, later and later → failed
//! ```
//!
//! A job is a row of the service's own database, written by [`enqueue`] in the transaction that wants it done. A [`JobRunner`], or
//! several in any processes, takes it by a lease and has a [`JobHandler`] do it. What a handler writes by [`Leased::finish`] is
//! kept together with the job's end, once; what it does elsewhere is done at least once, so that whoever is asked must be given
//! the job's key as idempotency key.
//!
//! Every lease has a number, and nothing is written but under the last one: a runner that stood still while another took its job
//! over finds it lost. All times are the database's.

mod attempt;
mod claim;
mod config;
mod error;
mod forget;
mod handler;
mod kind;
mod leased;
mod leases;
mod list;
mod manage;
mod new_job;
mod runner;
mod schedule;
mod status;
#[cfg(test)]
mod tests;

pub use config::{JobConfig, JobLimits};
pub use error::JobError;
pub use forget::forget;
pub use handler::JobHandler;
pub use leased::{Leased, Progress};
pub use list::{Job, JobState, LIST_MAX, Listed, Shown, find, list, show};
pub use manage::{cancel, retry, retry_failed};
pub use new_job::{NewJob, NewJobError, RunAt, enqueue};
pub use runner::JobRunner;
pub use schedule::{Schedule, Scheduled};
pub use status::{KindStatus, status};
