//! Takes files of exports away that were kept for long enough, by what the storage says of them: also those that nobody knows of any more.

use std::sync::Arc;

use chrono::Utc;
use futures::future::BoxFuture;
use kit::job::{Leased, Scheduled};
use kit::objects::{LIST_MAX, ObjectKey, ObjectStorage};
use kit::{JobError, JobHandler};

use super::{FOLDER, KEPT};

pub(super) const KIND: &str = "orders.forget-exports";

/// Takes them away.
pub struct ForgetExports(pub Arc<dyn ObjectStorage>);

impl ForgetExports {
    async fn forget(&self) -> Result<(), JobError> {
        let folder = ObjectKey::parse(FOLDER).ok_or_else(|| JobError::permanent("no folder"))?;
        loop {
            let listed = self.0.list(&folder).await?;
            let old: Vec<_> = listed.iter().filter(|stored| Utc::now() - KEPT > stored.written_at).collect();
            for stored in &old {
                self.0.remove(&stored.key).await?;
            }
            // A list that is full of what is still kept leaves the rest for another night.
            if old.is_empty() || listed.len() < LIST_MAX {
                return Ok(());
            }
        }
    }
}

impl JobHandler for ForgetExports {
    type Payload = Scheduled;
    const KIND: &'static str = KIND;

    fn run<'a>(&'a self, _job: &'a Leased, _due: Scheduled) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.forget())
    }
}
