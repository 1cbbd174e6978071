//! CORS, from the configuration: off unless origins are named.

use std::time::Duration;

use http::{HeaderName, HeaderValue, Method};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::GatewayError;
use crate::config::Cors;
use crate::header_names;

/// The layer; `None` when no other origin may call.
pub(crate) fn layer(config: &Cors) -> Result<Option<CorsLayer>, GatewayError> {
    if config.origins.is_empty() {
        return Ok(None);
    }
    let any = config.origins.iter().any(|origin| origin == "*");
    let origin = if any { AllowOrigin::any() } else { AllowOrigin::list(origins(&config.origins)?) };
    let headers = header_names::parse("cors.headers", &config.headers)?;
    let exposed: Vec<HeaderName> = header_names::parse("cors.expose_headers", &config.expose_headers)?;
    let headers = if headers.is_empty() { AllowHeaders::mirror_request() } else { AllowHeaders::list(headers) };
    Ok(Some(
        CorsLayer::new()
            .allow_origin(origin)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers(headers)
            .expose_headers(exposed)
            .allow_credentials(config.credentials && !any)
            .max_age(Duration::from_secs(config.max_age_s)),
    ))
}

fn origins(origins: &[String]) -> Result<Vec<HeaderValue>, GatewayError> {
    origins
        .iter()
        .map(|origin| {
            let wrong = || GatewayError::Value {
                key: "cors.origins".to_owned(),
                message: format!("\"{origin}\" is not an origin such as https://shop.example"),
            };
            let url = url::Url::parse(origin).map_err(|_| wrong())?;
            let whole = url.origin().is_tuple() && url.origin().ascii_serialization() == *origin;
            if whole { origin.parse().map_err(|_| wrong()) } else { Err(wrong()) }
        })
        .collect()
}
