//! Codes of a few upper-case letters, which standards love.

/// Makes a scalar of `$length` upper-case letters, kept as that many bytes, and
/// the error of a text that isn't one. `$what` names it in error messages.
macro_rules! letter_code {
    (
        $(#[$meta:meta])* $name:ident, $graphql_name:literal, $length:literal,
        $(#[$error_meta:meta])* $error:ident, $message:literal,
        $(#[$description:meta])*
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        $(#[$error_meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        #[error($message)]
        pub struct $error;

        impl $name {
            /// The letters.
            #[must_use]
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl std::str::FromStr for $name {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let letters = <[u8; $length]>::try_from(text.as_bytes()).map_err(|_| $error)?;
                if letters.iter().all(u8::is_ascii_uppercase) { Ok(Self(letters)) } else { Err($error) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        $(#[$description])*
        #[async_graphql::Scalar(name = $graphql_name)]
        impl async_graphql::ScalarType for $name {
            fn parse(value: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
                let parsed = match &value {
                    async_graphql::Value::String(text) => text.parse().ok(),
                    _ => None,
                };
                parsed.ok_or_else(|| super::refused($message))
            }

            fn to_value(&self) -> async_graphql::Value {
                async_graphql::Value::String(self.to_string())
            }
        }
    };
}

pub(super) use letter_code;
