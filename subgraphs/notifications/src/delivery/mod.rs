//! What leaves the house, and when: jobs that decide how a notification is told ([`plan`]), and jobs that tell it by one way each.
//!
//! ```text
//! notification + plan's job ─ plan: who is it, what do they want? → inbox · deliveries, each with a job
//!                                     delivery's job: note → hand over → [ ended · told · job done ] in one transaction
//!                                                       └ fails outside → [ waits · next job, later and later ] → bounced
//! ```
//!
//! A job ends with each try at the world outside, and a try that failed has the next job written in the transaction that ends
//! it: so waits of hours need no lease, and what `kit::job` tries again by itself is only what broke in the house.

pub(crate) mod email;
mod errand;
pub(crate) mod handing_over;
pub(crate) mod plan;
mod push;
mod webhook;

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use kit::{
    Database,
    job::{JobConfig, JobRunner},
};

pub use errand::Errand;
pub use plan::PLAN;

use crate::{
    contacts::Contacts,
    domain::plan::Push,
    mail::{Composer, InDoubt, Mailer},
    push::PushSender,
    webhook::WebhookCaller,
};

/// What time it is.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Utc::now))
    }

    /// One of the caller's: for tests of nights.
    #[must_use]
    pub fn by(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clock")
    }
}

/// By whom and what users are told.
#[derive(Clone)]
pub struct Ways {
    /// Who knows how users want to be told.
    pub contacts: Arc<dyn Contacts>,
    /// Who writes mails.
    pub composer: Composer,
    /// Who hands them over.
    pub mailer: Arc<dyn Mailer>,
    /// What to do about a mail that may have been handed over.
    pub in_doubt: InDoubt,
    /// Who calls webhooks.
    pub webhooks: WebhookCaller,
    /// Who pushes, if anybody does.
    pub push: Option<Arc<dyn PushSender>>,
    /// What time it is.
    pub clock: Clock,
}

impl Ways {
    pub(crate) fn pushes(&self) -> Push {
        if self.push.is_some() { Push::Available } else { Push::Unavailable }
    }
}

/// Does the jobs of this service. Any number of these may run, in any processes.
#[must_use]
pub fn runner(database: Database, ways: Ways, config: JobConfig) -> JobRunner {
    let ways = Arc::new(ways);
    JobRunner::new(database.clone(), config)
        .handler(plan::Planning::new(database.clone(), Arc::clone(&ways)))
        .handler(handing_over::HandingOver::new(database.clone(), Arc::clone(&ways), email::Email))
        .handler(handing_over::HandingOver::new(database.clone(), Arc::clone(&ways), webhook::Webhook))
        .handler(handing_over::HandingOver::new(database, ways, push::PushWay))
}
