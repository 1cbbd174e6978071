//! Opaque cursors: the ordering's name and the row's key in it.
//!
//! Naming the ordering means that a cursor of one order can't be read as a
//! position in another.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::{Error, Result};

/// The longest cursor that is looked at: sort keys are bounded texts.
const CURSOR_BYTES_MAX: usize = 4 * 1024;

/// How JSON writes the character that PostgreSQL refuses.
const NUL: &[u8] = br"\u0000";

pub(super) fn encode<K: Serialize>(ordering: &str, key: &K) -> Result<String> {
    let json = serde_json::to_vec(&(ordering, key)).map_err(Error::internal)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

pub(super) fn decode<K: DeserializeOwned>(ordering: &str, cursor: &str) -> Result<K> {
    let refused = || Error::InvalidPagination("Not a cursor of this list and order".to_owned());
    if cursor.len() > CURSOR_BYTES_MAX {
        return Err(refused());
    }
    let json = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refused())?;
    // PostgreSQL's texts hold no NUL, so no row is at such a position.
    if json.windows(NUL.len()).any(|bytes| bytes == NUL) {
        return Err(refused());
    }
    let (of, key): (String, K) = serde_json::from_slice(&json).map_err(|_| refused())?;
    if of == ordering { Ok(key) } else { Err(refused()) }
}
