//! Takes files of exports away that were kept for long enough, by what the storage says of them: also those that nobody knows of any more.

use std::sync::Arc;

use chrono::Utc;
use futures::TryStreamExt as _;
use futures::future::BoxFuture;
use kit::job::{Leased, Scheduled};
use kit::objects::{ObjectKey, ObjectStorage};
use kit::{JobError, JobHandler};

use super::{FOLDER, KEPT};

pub(super) const KIND: &str = "orders.forget-exports";

/// Takes them away.
pub struct ForgetExports(pub Arc<dyn ObjectStorage>);

impl ForgetExports {
    async fn forget(&self) -> Result<(), JobError> {
        let folder = ObjectKey::parse(FOLDER).ok_or_else(|| JobError::permanent("no folder"))?;
        let mut walk = self.0.walk(&folder, None);
        while let Some(stored) = walk.try_next().await? {
            if Utc::now() - KEPT > stored.written_at {
                self.0.remove(&stored.key).await?;
            }
        }
        Ok(())
    }
}

impl JobHandler for ForgetExports {
    type Payload = Scheduled;
    const KIND: &'static str = KIND;

    fn run<'a>(&'a self, _job: &'a Leased, _due: Scheduled) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.forget())
    }
}
