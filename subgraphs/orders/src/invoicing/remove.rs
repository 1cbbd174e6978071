//! Takes objects away that mustn't be kept.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::database::DatabaseError;
use kit::job::{Leased, NewJob, RunAt, enqueue};
use kit::objects::{ObjectKey, ObjectStorage};
use kit::{JobError, JobHandler};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Jobs that take objects away.
pub const KIND: &str = "orders.remove-object";

/// Which object.
#[derive(Debug, Serialize, Deserialize)]
pub struct Payload {
    object_key: String,
}

/// Has an object taken away, in the caller's transaction.
///
/// # Errors
/// [`DatabaseError`].
pub async fn want(connection: &mut AsyncPgConnection, object: &ObjectKey) -> Result<(), DatabaseError> {
    let payload = Payload { object_key: object.as_str().to_owned() };
    // Each time anew: there may have been such an object before.
    let key = format!("{object}/{}", Uuid::now_v7());
    enqueue(connection, &NewJob { kind: KIND, key: &key, payload, run_at: RunAt::Now }).await?;
    Ok(())
}

/// Takes them away.
pub struct RemoveObject(pub Arc<dyn ObjectStorage>);

impl JobHandler for RemoveObject {
    type Payload = Payload;
    const KIND: &'static str = KIND;

    fn run<'a>(&'a self, _job: &'a Leased, payload: Payload) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let key = ObjectKey::parse(&payload.object_key).ok_or_else(|| JobError::permanent("no object's key"))?;
            Ok(self.0.remove(&key).await?)
        })
    }
}
