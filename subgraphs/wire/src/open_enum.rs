//! Sets of names that grow: reasons, channels, codes.
//!
//! A closed enum in a message can't get another value without a new version, since code that is older couldn't read the
//! message. Where a reader can always do something sensible with a name it doesn't know, the set is open: unknown names
//! are kept as they came, so that they can be passed on.

/// Longest name.
pub(crate) const NAME_BYTES_MAX: usize = 64;

/// The text isn't a name of upper-case letters, digits and underscores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name has 1 to {NAME_BYTES_MAX} upper-case letters, digits and underscores, and begins with a letter")]
pub struct InvalidName;

/// Whether a set may have this name.
pub(crate) fn is_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    text.len() <= NAME_BYTES_MAX
        && text.starts_with(|first: char| first.is_ascii_uppercase())
        && text.bytes().all(is_plain)
}

/// Makes an open set. On the wire it is the name alone.
macro_rules! open_enum {
    ($(#[$meta:meta])* pub enum $enum:ident { $($(#[$variant_meta:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $enum {
            $($(#[$variant_meta])* $variant,)*
            /// A name that this build gives no meaning to.
            Other(String),
        }

        impl $enum {
            /// The name on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other(name) => name,
                }
            }
        }

        impl std::fmt::Display for $enum {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl TryFrom<String> for $enum {
            type Error = $crate::open_enum::InvalidName;

            fn try_from(name: String) -> Result<Self, Self::Error> {
                match name.as_str() {
                    $($name => Ok(Self::$variant),)*
                    other if $crate::open_enum::is_name(other) => Ok(Self::Other(name)),
                    _ => Err($crate::open_enum::InvalidName),
                }
            }
        }

        impl From<$enum> for String {
            fn from(value: $enum) -> Self {
                value.as_str().to_owned()
            }
        }

        impl schemars::JsonSchema for $enum {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($enum).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": "One of these names, or one that was not known yet.",
                    "type": "string",
                    "pattern": "^[A-Z][A-Z0-9_]*$",
                    "maxLength": $crate::open_enum::NAME_BYTES_MAX,
                    "examples": [$($name),*],
                })
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::*;

    open_enum! {
        /// Colours.
        pub enum Colour {
            /// Red.
            Red = "RED",
            /// A blue.
            DarkBlue = "DARK_BLUE",
        }
    }

    #[test]
    fn unknown_names_are_kept_and_known_ones_are_never_other() {
        let read = |text: &str| serde_json::from_value::<Colour>(text.into());
        assert_eq!(read("DARK_BLUE").unwrap(), Colour::DarkBlue);
        let unknown = read("GREEN_2").unwrap();
        assert_eq!(unknown, Colour::Other("GREEN_2".to_owned()));
        assert_eq!(serde_json::to_string(&unknown).unwrap(), r#""GREEN_2""#);
        assert_eq!(serde_json::to_string(&Colour::Red).unwrap(), r#""RED""#);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in ["", "red", "_RED", "2", "RED ", "RÉD", &"R".repeat(NAME_BYTES_MAX + 1)] {
            assert!(serde_json::from_value::<Colour>(text.into()).is_err(), "{text}");
        }
        assert!(is_name(&"R".repeat(NAME_BYTES_MAX)));
    }
}
