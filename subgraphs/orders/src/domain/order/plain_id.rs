//! Ids in stored events: the UUID alone, as the database writes it.

use kit::GlobalId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

pub fn serialize<I: GlobalId, S: Serializer>(id: &I, serializer: S) -> Result<S::Ok, S::Error> {
    id.uuid().serialize(serializer)
}

pub fn deserialize<'de, I: GlobalId, D: Deserializer<'de>>(deserializer: D) -> Result<I, D::Error> {
    Uuid::deserialize(deserializer).map(I::from_uuid)
}

/// Ids that may be missing.
pub mod optional {
    use kit::GlobalId;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use uuid::Uuid;

    pub fn serialize<I: GlobalId, S: Serializer>(id: &Option<I>, serializer: S) -> Result<S::Ok, S::Error> {
        id.as_ref().map(GlobalId::uuid).serialize(serializer)
    }

    pub fn deserialize<'de, I: GlobalId, D: Deserializer<'de>>(deserializer: D) -> Result<Option<I>, D::Error> {
        Ok(Option::<Uuid>::deserialize(deserializer)?.map(I::from_uuid))
    }
}
