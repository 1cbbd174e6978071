//! What a saga has that hears no events, or does nothing in its own domain.

use serde::{Deserialize, Serialize};
use wire::{
    event::{Dispatch, Envelope, ReadError},
    schema::{Type, Types},
};

/// No event, reply, local input or effect: there is no value of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Nothing {}

impl Types for Nothing {
    const TYPES: &'static [Type] = &[];
}

impl Dispatch for Nothing {
    fn read(_: &Envelope) -> Result<Option<Self>, ReadError> {
        Ok(None)
    }
}
