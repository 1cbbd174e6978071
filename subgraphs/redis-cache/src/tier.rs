//! The trait, call by call.

use bytes::Bytes;
use fred::{interfaces::KeysInterface as _, types::Key};
use futures::future::{BoxFuture, FutureExt as _};
use kit::cache::{Held, Lease, NamedChange, Offer, Outcome, SharedCache, SharedError, Space, Version, Wanted};

use crate::{RedisCache, answer, error::Unexpected};

impl SharedCache for RedisCache {
    fn get_many<'a>(&'a self, space: &'a Space, wanted: &'a [Wanted]) -> BoxFuture<'a, Result<Vec<Held>, SharedError>> {
        let keys = keys(space, wanted.iter().map(|wanted| wanted.name.as_str()));
        let mut arguments = vec![milliseconds(space.lease), milliseconds(space.change)];
        for wanted in wanted {
            arguments.extend([number(wanted.floor.0), lease(wanted.lease)]);
        }
        async move {
            let answers: Vec<Bytes> =
                self.scripts().get.call(&self.at_once(), keys, arguments).await.map_err(refused)?;
            complete(answers, wanted.len())?.into_iter().map(|answer| answer::held(answer).map_err(refused)).collect()
        }
        .boxed()
    }

    fn put_many<'a>(&'a self, space: &'a Space, offers: &'a [Offer]) -> BoxFuture<'a, Result<Vec<bool>, SharedError>> {
        let keys = keys(space, offers.iter().map(|offer| offer.name.as_str()));
        let mut arguments = Vec::with_capacity(5 * offers.len());
        for offer in offers {
            let (kind, version, life, bytes) = match &offer.outcome {
                Outcome::Value(version, bytes, ttl) => ("v", *version, milliseconds(*ttl), bytes.clone()),
                Outcome::Absent(ttl) => ("a", Version::default(), milliseconds(*ttl), Bytes::new()),
                Outcome::Failed => ("f", Version::default(), Bytes::new(), Bytes::new()),
            };
            arguments.extend([lease(offer.lease), Bytes::from_static(kind.as_bytes()), number(version.0), life, bytes]);
        }
        async move {
            let answers: Vec<i64> = self.scripts().put.call(&self.at_once(), keys, arguments).await.map_err(refused)?;
            Ok(complete(answers, offers.len())?.into_iter().map(|answer| answer == 1).collect())
        }
        .boxed()
    }

    fn forget_many<'a>(
        &'a self,
        space: &'a Space,
        changes: &'a [NamedChange],
    ) -> BoxFuture<'a, Result<(), SharedError>> {
        let keys = keys(space, changes.iter().map(|change| change.name.as_str()));
        let versions = changes.iter().map(|change| change.version.map_or_else(Bytes::new, |version| number(version.0)));
        let arguments = std::iter::once(milliseconds(space.change)).chain(versions).collect();
        async move { self.scripts().forget.call(&self.at_once(), keys, arguments).await.map_err(refused) }.boxed()
    }

    fn clear<'a>(&'a self, space: &'a Space) -> BoxFuture<'a, Result<(), SharedError>> {
        let keys = keys(space, std::iter::empty());
        async move { self.scripts().clear.call(&self.at_once(), keys, Vec::new()).await.map_err(refused) }.boxed()
    }

    fn raise<'a>(&'a self, space: &'a Space, name: &'a str, value: u64) -> BoxFuture<'a, Result<(), SharedError>> {
        let keys = vec![key(space, name)];
        let arguments = vec![number(value), milliseconds(space.change)];
        async move { self.scripts().raise.call(&self.at_once(), keys, arguments).await.map_err(refused) }.boxed()
    }

    fn raised<'a>(&'a self, space: &'a Space, name: &'a str) -> BoxFuture<'a, Result<Option<u64>, SharedError>> {
        async move {
            let known: Option<Bytes> = self.at_once().get(key(space, name)).await.map_err(refused)?;
            known.map(|known| answer::number(&known).map_err(refused)).transpose()
        }
        .boxed()
    }
}

/// The generation's key, then those of the names.
fn keys<'a>(space: &Space, names: impl Iterator<Item = &'a str>) -> Vec<Key> {
    let generation = Key::from(format!("{}#generation", space.prefix));
    std::iter::once(generation).chain(names.map(|name| key(space, name))).collect()
}

fn key(space: &Space, name: &str) -> Key {
    Key::from(format!("{}:{name}", space.prefix))
}

/// As records hold it: of equal length, so that texts compare as numbers do.
fn number(number: u64) -> Bytes {
    format!("{number:020}").into()
}

fn lease(lease: Lease) -> Bytes {
    format!("{:016x}{:016x}", lease.process, lease.number).into()
}

/// At least one: Redis refuses a life of none.
fn milliseconds(duration: std::time::Duration) -> Bytes {
    duration.as_millis().max(1).to_string().into()
}

fn complete<T>(answers: Vec<T>, asked: usize) -> Result<Vec<T>, SharedError> {
    if answers.len() == asked { Ok(answers) } else { Err(refused(Unexpected)) }
}

fn refused(error: impl std::error::Error + Send + Sync + 'static) -> SharedError {
    SharedError(Box::new(error))
}
