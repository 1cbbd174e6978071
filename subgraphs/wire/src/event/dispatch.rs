//! One enum over several payloads, so that a consumer matches exhaustively on what it can be told and skips the rest.

use super::{Envelope, ReadError, TypeName};

/// An enum over payloads, as [`dispatch!`](crate::dispatch) makes one.
pub trait Dispatch: crate::schema::Types + Sized + Send + 'static {
    /// What an envelope carries; `None` if it is none of these.
    ///
    /// # Errors
    /// [`ReadError`] if it is one of these and can't be read.
    fn read(envelope: &Envelope) -> Result<Option<Self>, ReadError>;

    /// Whether an envelope's type is one of these, of whichever version: all others are read as `None`.
    #[must_use]
    fn knows(type_name: &str) -> bool {
        TypeName::parse(type_name).is_some_and(|name| Self::TYPES.iter().any(|kind| kind.is_named(&name)))
    }
}

/// Makes an enum with a variant for each payload type, read from an envelope by its type's name:
///
/// ```
/// use wire::events::{orders::OrderPlaced, users::UserErased};
///
/// wire::dispatch! {
///     /// What this consumer acts on.
///     enum Heard {
///         Placed(OrderPlaced),
///         Erased(UserErased),
///     }
/// }
///
/// fn hear(envelope: &wire::event::Envelope) -> Result<&'static str, wire::event::ReadError> {
///     Ok(match Heard::read(envelope)? {
///         Some(Heard::Placed(_)) => "an order",
///         Some(Heard::Erased(_)) => "a user less",
///         None => "nothing to do with us",
///     })
/// }
/// ```
#[macro_export]
macro_rules! dispatch {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $enum:ident { $($(#[$variant_meta:meta])* $variant:ident($payload:ty)),+ $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        $visibility enum $enum {
            $(
                $(#[$variant_meta])*
                #[doc = concat!("[`", stringify!($payload), "`]")]
                $variant($payload),
            )+
        }

        impl $enum {
            /// What an envelope carries; `None` if it is none of these.
            ///
            /// # Errors
            /// `ReadError` if it is one of these and can't be read.
            $visibility fn read(
                envelope: &$crate::event::Envelope,
            ) -> ::std::result::Result<::std::option::Option<Self>, $crate::event::ReadError> {
                $(
                    if let Some(payload) = envelope.read::<$payload>()? {
                        return Ok(Some(Self::$variant(payload)));
                    }
                )+
                Ok(None)
            }
        }

        impl $crate::event::Dispatch for $enum {
            fn read(
                envelope: &$crate::event::Envelope,
            ) -> ::std::result::Result<::std::option::Option<Self>, $crate::event::ReadError> {
                // Not this one: that of the type itself goes first.
                Self::read(envelope)
            }
        }

        impl $crate::schema::Types for $enum {
            const TYPES: &'static [$crate::schema::Type] = &[$($crate::schema::Type::of::<$payload>()),+];
        }
    };
}
