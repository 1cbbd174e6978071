//! Requests that a foreign page makes in a user's name.
//!
//! A POST needs a JSON content type, for which a browser asks first. A GET has no such guard: with an odd content type
//! it is refused, and with credentials that a browser sends by itself (a cookie, a client certificate, a password it
//! has asked for) it has to carry a JSON content type or a header that a browser asks for first.

use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};

use super::content_type::is_json;
use crate::refusal::{Refusal, RefusalKind};

/// Schemes of `Authorization` that browsers answer a challenge with, and then send by themselves.
const BROWSERS_SCHEMES: [&str; 4] = ["basic", "digest", "negotiate", "ntlm"];

/// The rule, with its headers parsed.
#[derive(Clone, Debug)]
pub(crate) struct CsrfRule {
    /// `None` when the rule on credentials is off.
    on_credentials: Option<OnCredentials>,
}

#[derive(Clone, Debug)]
struct OnCredentials {
    credentials: Vec<HeaderName>,
    proof: Vec<HeaderName>,
}

impl CsrfRule {
    pub(crate) fn new(config: &crate::config::Csrf) -> Result<Self, crate::GatewayError> {
        let parse = || {
            Ok(OnCredentials {
                credentials: crate::header_names::parse("csrf.credentials", &config.credentials)?,
                proof: crate::header_names::parse("csrf.headers", &config.headers)?,
            })
        };
        Ok(Self { on_credentials: if config.enabled { Some(parse()?) } else { None } })
    }

    /// Checks a GET.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let json = match headers.get(CONTENT_TYPE) {
            None => false,
            Some(value) if value.to_str().is_ok_and(is_json) => true,
            Some(_) => {
                let message = "a GET has no body; its content type, if any, has to be application/json";
                return Err(Refusal::new(
                    RefusalKind::UnsupportedMediaType,
                    wire::codes::UNSUPPORTED_MEDIA_TYPE,
                    message,
                ));
            }
        };
        let Some(rule) = &self.on_credentials else { return Ok(()) };
        if json || !rule.has_credentials(headers) || rule.proof.iter().any(|name| headers.contains_key(name)) {
            return Ok(());
        }
        let names: Vec<_> = rule.proof.iter().map(HeaderName::as_str).collect();
        let message = format!(
            "a GET with a cookie, or other credentials that browsers send by themselves, needs the content type \
             application/json or one of {}",
            names.join(", ")
        );
        Err(Refusal::new(RefusalKind::Malformed, "CSRF_PREVENTED", message))
    }
}

impl OnCredentials {
    /// Whether a browser may have sent credentials without the page's knowing them.
    fn has_credentials(&self, headers: &HeaderMap) -> bool {
        let scheme = |value: &HeaderValue| {
            let text = value.to_str().unwrap_or_default();
            text.split_ascii_whitespace().next().unwrap_or_default().to_ascii_lowercase()
        };
        self.credentials.iter().any(|name| headers.contains_key(name))
            || headers.get_all(AUTHORIZATION).iter().any(|value| BROWSERS_SCHEMES.contains(&scheme(value).as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pairs: &[(&'static str, &'static str)]) -> Result<(), RefusalKind> {
        let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        let rule = CsrfRule::new(&crate::config::Csrf::default()).unwrap();
        rule.check(&headers.collect()).map_err(|refusal| refusal.kind)
    }

    #[test]
    fn a_plain_get_is_served() {
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[("content-type", "application/json")]), Ok(()));
    }

    #[test]
    fn an_odd_content_type_is_refused() {
        assert_eq!(check(&[("content-type", "text/plain")]), Err(RefusalKind::UnsupportedMediaType));
    }

    #[test]
    fn a_cookie_needs_proof() {
        let cookie = ("cookie", "session=1");
        assert_eq!(check(&[cookie]), Err(RefusalKind::Malformed));
        assert_eq!(check(&[cookie, ("content-type", "application/json")]), Ok(()));
        assert_eq!(check(&[cookie, ("apollo-require-preflight", "1")]), Ok(()));
    }

    #[test]
    fn so_does_whatever_else_a_browser_sends_by_itself() {
        let ambient = [
            ("client-cert", ":MIIB:"),
            ("x-forwarded-client-cert", "Hash=1"),
            ("authorization", "Basic YTpi"),
            ("authorization", "negotiate YII"),
        ];
        for credentials in ambient {
            assert_eq!(check(&[credentials]), Err(RefusalKind::Malformed), "{credentials:?}");
            assert_eq!(check(&[credentials, ("graphql-require-preflight", "1")]), Ok(()), "{credentials:?}");
        }
        // A page has to know a token to send it, and a browser asks before it lets a page send this header.
        assert_eq!(check(&[("authorization", "Bearer e30")]), Ok(()));
    }
}
