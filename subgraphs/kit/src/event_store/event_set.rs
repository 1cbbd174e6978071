//! Typed events, and how they become rows and come back from rows that other versions wrote.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{ReadError, UpcastError};

/// The data of one type of event.
///
/// Within a version only optional fields may be added; anything else is a new version, whose type turns data of older ones into
/// its own. Unknown fields are ignored when it is read.
pub trait EventData: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What happened: `placed`. 1 to 64 bytes, never changed.
    const NAME: &'static str;
    /// The version that is written, from 1 to 32767; all from 1 on are read.
    const VERSION: u16;

    /// Turns data of `version` into that of the version after it. Called once for each step.
    ///
    /// # Errors
    /// When there is no way from that version, or the data isn't of it.
    fn upcast(version: u16, data: Value) -> Result<Value, UpcastError> {
        let _ = data;
        Err(format!("there is no way from version {version}").into())
    }
}

/// Everything that can happen to one kind of aggregate: an enum that [`stored_events`](crate::stored_events) makes.
pub trait EventSet: Sized + Send + Sync + 'static {
    /// The event as it is stored.
    ///
    /// # Errors
    /// For what JSON can't say.
    fn to_stored(&self) -> serde_json::Result<StoredData>;

    /// The event that was stored under this name.
    ///
    /// # Errors
    /// [`ReadError`] for one that this build doesn't know or understand.
    fn from_stored(name: &str, version: u16, data: &str) -> Result<Self, ReadError>;
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredData {
    /// Its type's name.
    pub name: &'static str,
    /// Its type's version.
    pub version: u16,
    /// Its JSON.
    pub data: String,
}

impl StoredData {
    /// Of an event.
    ///
    /// # Errors
    /// For what JSON can't say.
    pub fn of<D: EventData>(data: &D) -> serde_json::Result<Self> {
        Ok(Self { name: D::NAME, version: D::VERSION, data: serde_json::to_string(data)? })
    }
}

/// Data of any version up to the one that is written now.
///
/// # Errors
/// [`ReadError`].
pub fn read_data<D: EventData>(version: u16, data: &str) -> Result<D, ReadError> {
    if version == D::VERSION {
        return serde_json::from_str(data).map_err(ReadError::Data);
    }
    if version > D::VERSION {
        return Err(ReadError::Newer { name: D::NAME, version, known: D::VERSION });
    }
    let mut value: Value = serde_json::from_str(data).map_err(ReadError::Data)?;
    for version in version..D::VERSION {
        value = D::upcast(version, value).map_err(|source| ReadError::Upcast { version, source })?;
    }
    serde_json::from_value(value).map_err(ReadError::Data)
}

/// Makes an [`EventSet`](crate::event_store::EventSet) with a variant for each [`EventData`](crate::event_store::EventData):
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
/// pub struct Placed { total: u32 }
///
/// impl kit::event_store::EventData for Placed {
///     const NAME: &'static str = "placed";
///     const VERSION: u16 = 1;
/// }
///
/// kit::stored_events! {
///     /// What can happen to an order.
///     pub enum OrderEvent {
///         Placed(Placed),
///     }
/// }
/// ```
#[macro_export]
macro_rules! stored_events {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $set:ident { $($(#[$variant_meta:meta])* $variant:ident($data:ty)),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $visibility enum $set {
            $(
                $(#[$variant_meta])*
                #[doc = concat!("[`", stringify!($data), "`]")]
                $variant($data),
            )+
        }

        impl $crate::event_store::EventSet for $set {
            fn to_stored(&self) -> $crate::reexport::serde_json::Result<$crate::event_store::StoredData> {
                match self {
                    $(Self::$variant(data) => $crate::event_store::StoredData::of(data),)+
                }
            }

            fn from_stored(
                name: &str,
                version: u16,
                data: &str,
            ) -> ::std::result::Result<Self, $crate::event_store::ReadError> {
                $(
                    if name == <$data as $crate::event_store::EventData>::NAME {
                        return $crate::event_store::read_data(version, data).map(Self::$variant);
                    }
                )+
                Err($crate::event_store::ReadError::Unknown(name.to_owned()))
            }
        }

        $(
            impl From<$data> for $set {
                fn from(data: $data) -> Self {
                    Self::$variant(data)
                }
            }
        )+
    };
}
