//! Requests that a foreign page makes in a user's name.
//!
//! A POST needs a JSON content type, for which a browser asks first. A GET has no such guard: with an odd content type
//! it is refused, and with a cookie it has to carry a JSON content type or a header that a browser asks for first.

use http::HeaderMap;
use http::header::{CONTENT_TYPE, COOKIE, HeaderName};

use super::content_type::is_json;
use crate::refusal::{Refusal, RefusalKind};

/// The rule, with its headers parsed.
#[derive(Clone, Debug)]
pub(crate) struct CsrfRule {
    /// `None` when the rule on cookies is off.
    headers: Option<Vec<HeaderName>>,
}

impl CsrfRule {
    pub(crate) fn new(config: &crate::config::Csrf) -> Result<Self, crate::GatewayError> {
        let parse = || crate::header_names::parse("csrf.headers", &config.headers);
        Ok(Self { headers: if config.enabled { Some(parse()?) } else { None } })
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
        let Some(proof) = &self.headers else { return Ok(()) };
        if json || !headers.contains_key(COOKIE) || proof.iter().any(|name| headers.contains_key(name)) {
            return Ok(());
        }
        let names: Vec<_> = proof.iter().map(HeaderName::as_str).collect();
        let message =
            format!("a GET with a cookie needs the content type application/json or one of {}", names.join(", "));
        Err(Refusal::new(RefusalKind::Malformed, "CSRF_PREVENTED", message))
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
}
