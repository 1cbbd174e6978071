//! Plain or TLS, as the database URL's `sslmode` says.
//!
//! `require`, `verify-ca` and `verify-full` all mean TLS as [`crate::tls`] has
//! it, with the roots of `sslrootcert` (a PEM file) or the system's. Without
//! them, and for `prefer`, the connection is plain: a local socket or network.

use std::{path::PathBuf, str::FromStr as _, time::Duration};

use tokio_postgres::{Config, config::SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::DatabaseError;
use crate::tls;

/// How long a server may be silent that was asked for a sign of life: longer than a network takes to mend itself.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// A parsed database URL.
pub(super) struct Target {
    pub config: Config,
    pub tls: Option<MakeRustlsConnect>,
}

impl Target {
    /// Reads the URL, and the root certificates when it asks for TLS.
    pub(super) fn parse(url: &str) -> Result<Self, DatabaseError> {
        let parts = Parts::of(url);
        let mut config = Config::from_str(&parts.url).map_err(DatabaseError::Url)?;
        notice_silence(&mut config);
        if !parts.tls {
            config.ssl_mode(SslMode::Disable);
            return Ok(Self { config, tls: None });
        }
        config.ssl_mode(SslMode::Require);
        let client = tls::client_config(parts.root_certificates.as_deref())
            .map_err(|error| DatabaseError::Connect(error.into()))?;
        Ok(Self { config, tls: Some(MakeRustlsConnect::new(client)) })
    }
}

/// Ends connections to a server that is gone without a word; by default they would wait for it for hours. What the URL says of
/// this goes before.
fn notice_silence(config: &mut Config) {
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(SILENCE_MAX);
    }
    if config.get_keepalives_idle() == Config::new().get_keepalives_idle() {
        config.keepalives_idle(SILENCE_MAX / 3).keepalives_interval(SILENCE_MAX / 6).keepalives_retries(4);
    }
}

/// The URL without the parameters that are ours to read.
struct Parts {
    url: String,
    tls: bool,
    root_certificates: Option<PathBuf>,
}

impl Parts {
    fn of(url: &str) -> Self {
        let mut parts = Self { url: url.to_owned(), tls: false, root_certificates: None };
        let Some((base, query)) = url.split_once('?') else {
            return parts;
        };
        let mut kept = Vec::new();
        for parameter in query.split('&') {
            match parameter.split_once('=') {
                Some(("sslmode", mode)) => {
                    parts.tls = matches!(mode, "require" | "verify-ca" | "verify-full");
                    if !parts.tls {
                        // Also refuses a mode that nobody knows.
                        kept.push(parameter);
                    }
                }
                Some(("sslrootcert", path)) => {
                    parts.root_certificates = Some(path.replace("%2F", "/").into());
                }
                _ => kept.push(parameter),
            }
        }
        parts.url = format!("{base}?{}", kept.join("&"));
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_for_tls_as_the_url_does() {
        for (query, tls) in [
            ("", false),
            ("?sslmode=disable", false),
            ("?sslmode=prefer&connect_timeout=3", false),
            ("?connect_timeout=3&sslmode=require", true),
            ("?sslmode=verify-full", true),
        ] {
            let url = format!("postgres://a:b@db.example:5432/users{query}");
            let target = Target::parse(&url).unwrap();
            assert_eq!(target.tls.is_some(), tls, "{query}");
            assert_eq!(target.config.get_dbname(), Some("users"));
        }
    }

    #[test]
    fn notices_silence_unless_the_url_says_otherwise() {
        let config = |query: &str| Target::parse(&format!("postgres://a:b@db.example/users{query}")).unwrap().config;
        assert_eq!(config("").get_tcp_user_timeout(), Some(&SILENCE_MAX));
        assert_eq!(config("").get_keepalives_idle(), SILENCE_MAX / 3);
        let said = config("?keepalives_idle=7&tcp_user_timeout=9");
        assert_eq!(said.get_tcp_user_timeout(), Some(&Duration::from_secs(9)));
        assert_eq!(said.get_keepalives_idle(), Duration::from_secs(7));
    }

    #[test]
    fn refuses_urls_that_nobody_understands() {
        for url in ["mysql://a", "postgres://a/b?sslmode=odd", "postgres://a/b?nonsense=1"] {
            assert!(matches!(Target::parse(url), Err(DatabaseError::Url(_))), "{url}");
        }
        let missing = "postgres://a/b?sslmode=require&sslrootcert=/nowhere/ca.pem";
        assert!(matches!(Target::parse(missing), Err(DatabaseError::Connect(_))));
    }
}
