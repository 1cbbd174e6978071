//! Scripts by their hash.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use bytes::Bytes;
use fred::{
    clients::{Client, WithOptions},
    error::Error,
    interfaces::ClientLike as _,
    types::{ClusterHash, CustomCommand, FromValue, Key, Value},
};

/// A script and the hash by which Redis knows it.
pub(crate) struct Script {
    text: &'static str,
    hash: String,
}

/// All of them.
pub(crate) struct Scripts {
    pub get: Script,
    pub put: Script,
    pub forget: Script,
    pub clear: Script,
    pub raise: Script,
}

/// A script with what all of them share before it.
macro_rules! script {
    ($file:literal) => {
        Script::new(concat!(include_str!("scripts/record.lua"), include_str!($file)))
    };
}

impl Scripts {
    pub fn new() -> Self {
        Self {
            get: script!("scripts/get.lua"),
            put: script!("scripts/put.lua"),
            forget: script!("scripts/forget.lua"),
            clear: script!("scripts/clear.lua"),
            raise: Script::new(include_str!("scripts/raise.lua")),
        }
    }
}

impl Script {
    fn new(text: &'static str) -> Self {
        use std::fmt::Write as _;
        let mut hash = String::with_capacity(40);
        for byte in digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()).as_ref() {
            // Writing to a text can't fail.
            let _: std::fmt::Result = write!(hash, "{byte:02x}");
        }
        Self { text, hash }
    }

    /// Calls it: by hash, and by text where the server doesn't know it.
    pub async fn call<R: FromValue>(
        &self,
        client: &WithOptions<Client>,
        keys: Vec<Key>,
        arguments: Vec<Bytes>,
    ) -> Result<R, Error> {
        let count = Bytes::from(keys.len().to_string());
        let keys = keys.into_iter().map(Value::from);
        let rest: Vec<Value> = keys.chain(arguments.into_iter().map(Value::Bytes)).collect();
        let by =
            |text: &str| [Value::from(text), Value::Bytes(count.clone())].into_iter().chain(rest.clone()).collect();
        match client.custom(command("EVALSHA"), by(&self.hash)).await {
            Err(error) if error.details().starts_with("NOSCRIPT") => {
                client.custom(command("EVAL"), by(self.text)).await
            }
            answer => answer,
        }
    }
}

/// Not by the client's interface for scripts: with that one, options of calls are lost.
fn command(name: &'static str) -> CustomCommand {
    CustomCommand::new_static(name, ClusterHash::Random, false)
}
