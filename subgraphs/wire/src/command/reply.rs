//! What became of a command.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Command;
use crate::domain::Domain;
use crate::event::{Payload, UpcastError};

/// The answer to a `C`: `{"done": {…}}` or `{"refused": {"code": "…", "text": "…"}}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", bound = "")]
pub enum Reply<C: Command> {
    /// It is done, now or by an earlier one of the same id.
    Done(C::Done),
    /// It can't be done, and nothing was changed.
    Refused {
        /// Why, for programs.
        code: C::Refusal,
        /// Why, for the log. It names ids, never people.
        text: String,
    },
}

impl<C: Command> Payload for Reply<C> {
    const DOMAIN: Domain = C::DOMAIN;
    const NAME: &'static str = C::REPLY_NAME;
    const VERSION: u16 = C::VERSION;

    fn upcast(version: u16, data: Value) -> Result<Value, UpcastError> {
        C::upcast_reply(version, data)
    }
}

// Written out, since a derived one asks of the command what only its answers need.
impl<C: Command> JsonSchema for Reply<C> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}Reply", C::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({
            "description": format!("The answer to a `{}`.", C::schema_name()),
            "oneOf": [
                {
                    "description": "It is done.",
                    "type": "object",
                    "properties": { "done": generator.subschema_for::<C::Done>() },
                    "required": ["done"],
                    "additionalProperties": false,
                },
                {
                    "description": "It can't be done, and nothing was changed.",
                    "type": "object",
                    "properties": {
                        "refused": {
                            "type": "object",
                            "properties": {
                                "code": generator.subschema_for::<C::Refusal>(),
                                "text": { "description": "Why, for the log.", "type": "string" },
                            },
                            "required": ["code", "text"],
                        },
                    },
                    "required": ["refused"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}
