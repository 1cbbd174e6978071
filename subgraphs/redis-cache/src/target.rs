//! Where Redis is: `redis://` plain, `rediss://` by TLS. `sslrootcert=` names a PEM file with the roots that the server's
//! certificate is checked by; without it the system's are.

use std::path::PathBuf;

use fred::types::config::{Config, TlsConnector};
use url::Url;

use crate::error::RedisError;

/// Reads a URL.
pub(crate) fn parse(text: &str) -> Result<Config, RedisError> {
    let mut url = Url::parse(text).map_err(|_| RedisError::Url)?;
    let tls = match url.scheme() {
        "redis" => false,
        "rediss" => true,
        _ => return Err(RedisError::Url),
    };
    let mut roots = None;
    for (name, value) in url.query_pairs() {
        match name.as_ref() {
            "sslrootcert" => roots = Some(PathBuf::from(value.as_ref())),
            _ => return Err(RedisError::Url),
        }
    }
    url.set_query(None);
    // The client would make a TLS configuration of its own, with whatever provider of cryptography it finds.
    url.set_scheme("redis").map_err(|()| RedisError::Url)?;
    let mut config = Config::from_url_centralized(url.as_str()).map_err(|_| RedisError::Url)?;
    if tls {
        let connector = TlsConnector::from(kit::tls::client_config(roots.as_deref())?);
        config.tls = Some(connector.into());
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there() {
        let config = parse("rediss://us%40er:pass%2Fword@cache.example:7000/3").unwrap();
        assert!(config.uses_tls());
        assert_eq!((config.username.as_deref(), config.password.as_deref()), (Some("us@er"), Some("pass/word")));
        assert_eq!(config.database, Some(3));
        assert!(!parse("redis://localhost").unwrap().uses_tls());
    }

    #[test]
    fn refuses_what_it_would_misunderstand_and_never_repeats_it() {
        for url in [
            "",
            "localhost:6379",
            "http://user:secret@host",
            "redis-cluster://user:secret@host",
            "redis-sentinel://user:secret@host",
            "redis://user:secret@host/first",
            "redis://user:secret@host?node=other",
            "rediss://user:secret@host?sslrootcert=/nowhere/ca.pem",
        ] {
            let refused = parse(url).unwrap_err();
            assert!(!format!("{refused} {refused:?}").contains("secret"), "{url}");
        }
    }
}
