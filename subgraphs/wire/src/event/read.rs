//! From an envelope to what it carries, from whichever version.

use serde_json::Value;

use super::{Data, Envelope, Payload, ReadError, TypeName};
use crate::schema::Type;

impl Envelope {
    /// Its data as a `P`: read, or made of an older version step by step. `None` if it is of another type.
    ///
    /// # Errors
    /// [`ReadError`] if it is of that type and can't be read, now or by trying again.
    pub fn read<P: Payload>(&self) -> Result<Option<P>, ReadError> {
        let of_type = |name: &TypeName<'_>| Type::of::<P>().is_named(name);
        let Some(name) = TypeName::parse(&self.type_name).filter(of_type) else { return Ok(None) };
        if name.version > P::VERSION {
            let (version, known) = (name.version, P::VERSION);
            return Err(ReadError::Newer { name: format!("{}.{}", name.domain, name.name), version, known });
        }
        read_version(name.version, self.json_data()?).map(Some)
    }

    /// Its data, unless that is missing or said to be something else than JSON.
    fn json_data(&self) -> Result<&Data, ReadError> {
        let is_json = self.data_content_type.as_deref().is_none_or(|media_type| media_type == "application/json");
        self.data.as_ref().filter(|_| is_json).ok_or(ReadError::NoData)
    }
}

/// Data of a known version as a `P`.
pub(crate) fn read_version<P: Payload>(version: u16, data: &Data) -> Result<P, ReadError> {
    if version == P::VERSION {
        return serde_json::from_str(data.as_str()).map_err(ReadError::Data);
    }
    let mut value: Value = serde_json::from_str(data.as_str()).map_err(ReadError::Data)?;
    for version in version..P::VERSION {
        value = P::upcast(version, value).map_err(|source| ReadError::Upcast { version, source })?;
    }
    serde_json::from_value(value).map_err(ReadError::Data)
}
