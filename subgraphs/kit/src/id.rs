//! Opaque global ids: `base64url("<Type>:<uuid>")` for clients, a UUID in the
//! database, a newtype in Rust.
//!
//! There is exactly one global form of an id, so that it can be compared as
//! text; anything else is refused, never guessed at.

use uuid::Uuid;
pub use wire::id::{decode, encode};

use crate::error::{Error, Result, refused_input};

/// A typed id; made by [`crate::global_id!`].
pub trait GlobalId: Copy + Send + Sync + 'static {
    /// The GraphQL type that the id names.
    const TYPE_NAME: &'static str;

    /// From the database's form.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The database's form.
    fn uuid(&self) -> Uuid;

    /// From the clients' form.
    ///
    /// # Errors
    /// [`Error::InvalidId`] for anything but this type's global form.
    fn parse_global(text: &str) -> Result<Self> {
        decode(Self::TYPE_NAME, text).map(Self::from_uuid).ok_or(Error::InvalidId { type_name: Self::TYPE_NAME })
    }

    /// The clients' form.
    fn to_global(&self) -> String {
        encode(Self::TYPE_NAME, self.uuid())
    }
}

/// Makes an id newtype over a UUID: `kit::global_id!(UserId, "User");`
///
/// It maps to GraphQL's `ID`, to PostgreSQL's `uuid`, and by serde to its
/// global form. The calling crate needs `diesel` among its dependencies.
#[macro_export]
macro_rules! global_id {
    ($(#[$meta:meta])* $name:ident, $type_name:literal) => {
        $(#[$meta])*
        #[doc = concat!("The id of a `", $type_name, "`.")]
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::diesel::expression::AsExpression, ::diesel::deserialize::FromSqlRow,
        )]
        #[diesel(sql_type = ::diesel::sql_types::Uuid)]
        pub struct $name($crate::reexport::uuid::Uuid);

        impl $crate::id::GlobalId for $name {
            const TYPE_NAME: &'static str = $type_name;

            fn from_uuid(uuid: $crate::reexport::uuid::Uuid) -> Self {
                Self(uuid)
            }

            fn uuid(&self) -> $crate::reexport::uuid::Uuid {
                self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.write_str(&$crate::id::GlobalId::to_global(self))
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::write!(formatter, "{}:{}", $type_name, self.0)
            }
        }

        impl $crate::reexport::serde::Serialize for $name {
            fn serialize<S: $crate::reexport::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::reexport::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::reexport::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::reexport::serde::Deserialize>::deserialize(deserializer)?;
                $crate::id::GlobalId::parse_global(&text)
                    .map_err($crate::reexport::serde::de::Error::custom)
            }
        }

        impl ::diesel::deserialize::FromSql<::diesel::sql_types::Uuid, ::diesel::pg::Pg> for $name {
            fn from_sql(
                bytes: <::diesel::pg::Pg as ::diesel::backend::Backend>::RawValue<'_>,
            ) -> ::diesel::deserialize::Result<Self> {
                <$crate::reexport::uuid::Uuid as ::diesel::deserialize::FromSql<
                    ::diesel::sql_types::Uuid,
                    ::diesel::pg::Pg,
                >>::from_sql(bytes)
                .map(Self)
            }
        }

        impl ::diesel::serialize::ToSql<::diesel::sql_types::Uuid, ::diesel::pg::Pg> for $name {
            fn to_sql<'b>(
                &'b self,
                out: &mut ::diesel::serialize::Output<'b, '_, ::diesel::pg::Pg>,
            ) -> ::diesel::serialize::Result {
                <$crate::reexport::uuid::Uuid as ::diesel::serialize::ToSql<
                    ::diesel::sql_types::Uuid,
                    ::diesel::pg::Pg,
                >>::to_sql(&self.0, out)
            }
        }

        impl $crate::reexport::async_graphql::InputType for $name {
            type RawValueType = Self;

            fn type_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed("ID")
            }

            fn create_type_info(
                registry: &mut $crate::reexport::async_graphql::registry::Registry,
            ) -> ::std::string::String {
                <$crate::reexport::async_graphql::ID as $crate::reexport::async_graphql::InputType>::create_type_info(registry)
            }

            fn parse(
                value: ::std::option::Option<$crate::reexport::async_graphql::Value>,
            ) -> $crate::reexport::async_graphql::InputValueResult<Self> {
                $crate::id::parse_input(value)
            }

            fn to_value(&self) -> $crate::reexport::async_graphql::Value {
                $crate::reexport::async_graphql::Value::String($crate::id::GlobalId::to_global(self))
            }

            fn as_raw_value(&self) -> ::std::option::Option<&Self> {
                ::std::option::Option::Some(self)
            }
        }

        impl $crate::reexport::async_graphql::OutputType for $name {
            fn type_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed("ID")
            }

            fn create_type_info(
                registry: &mut $crate::reexport::async_graphql::registry::Registry,
            ) -> ::std::string::String {
                <$crate::reexport::async_graphql::ID as $crate::reexport::async_graphql::OutputType>::create_type_info(registry)
            }

            async fn resolve(
                &self,
                _context: &$crate::reexport::async_graphql::ContextSelectionSet<'_>,
                _field: &$crate::reexport::async_graphql::Positioned<
                    $crate::reexport::async_graphql::parser::types::Field,
                >,
            ) -> $crate::reexport::async_graphql::ServerResult<$crate::reexport::async_graphql::Value> {
                ::std::result::Result::Ok($crate::reexport::async_graphql::Value::String(
                    $crate::id::GlobalId::to_global(self),
                ))
            }
        }
    };
}

#[doc(hidden)]
pub fn parse_input<I: GlobalId + async_graphql::InputType>(
    value: Option<async_graphql::Value>,
) -> async_graphql::InputValueResult<I> {
    let parsed = match value {
        Some(async_graphql::Value::String(text)) => I::parse_global(&text),
        _ => Err(Error::InvalidId { type_name: I::TYPE_NAME }),
    };
    parsed.map_err(|error| refused_input(&error))
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;

    crate::global_id!(ThingId, "Thing");
    crate::global_id!(OtherId, "Other");

    #[test]
    fn round_trips_through_its_global_form() {
        let id = ThingId::from_uuid(Uuid::from_u128(7));
        assert_eq!(ThingId::parse_global(&id.to_string()).unwrap(), id);
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(serde_json::from_str::<ThingId>(&json).unwrap(), id);
    }

    #[test]
    fn refuses_other_types_and_garbage() {
        let other = OtherId::from_uuid(Uuid::from_u128(7)).to_global();
        let upper = URL_SAFE_NO_PAD.encode("Thing:00000000-0000-0000-0000-00000000000A");
        let long = "A".repeat(10_000);
        for text in ["", "7", "é", "VGhpbmc6", &other, &upper, &long] {
            let error = ThingId::parse_global(text).unwrap_err();
            assert_eq!(error.code(), wire::codes::INVALID_ID, "{text}");
        }
    }
}
