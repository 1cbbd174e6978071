//! Which of our media types a client accepts (RFC 9110 §12.5.1, GraphQL over HTTP §6).

use executor::Form;
use http::HeaderMap;
use http::header::ACCEPT;

use crate::header_values::{parameters, split};

/// Media ranges looked at in one request; no honest client sends more.
const RANGES_MAX: usize = 64;

/// The media type of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    /// `application/json`: request errors have status 200 once the body was a GraphQL request.
    Json,
    /// `application/graphql-response+json`: the status tells of request errors.
    GraphqlResponse,
}

impl MediaType {
    /// The `Content-Type` header's value.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// What a client accepts: at least one of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// For a response that comes whole.
    pub whole: Option<MediaType>,
    /// For a response in parts, as `multipart/mixed`: their form.
    pub parts: Option<Form>,
}

/// Chooses media types; `None` when the client accepts none of ours. Without `Accept`, and for wildcards, it is JSON:
/// that is what clients older than the specification expect.
pub fn negotiate(headers: &HeaderMap) -> Option<Accepted> {
    let mut ranges = headers
        .get_all(ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| split(value, ','))
        .filter(|range| !range.is_empty())
        .take(RANGES_MAX)
        .map(Range::parse)
        .peekable();
    if ranges.peek().is_none() {
        return if headers.contains_key(ACCEPT) && !all_empty(headers) {
            None
        } else {
            Some(Accepted { whole: Some(MediaType::Json), parts: None })
        };
    }
    let ranges: Vec<_> = ranges.collect();
    // Wildcards never choose the newer type, since older clients can't read it: it has to be named.
    let graphql = quality(&ranges, |range| range.name == "application/graphql-response+json");
    let json = quality(&ranges, |range| range.name == "application/json")
        .or_else(|| quality(&ranges, |range| range.name == "application/*"))
        .or_else(|| quality(&ranges, |range| range.name == "*/*"));
    let (graphql, json) = (graphql.unwrap_or(0), json.unwrap_or(0));
    let whole = match (graphql, json) {
        (0, 0) => None,
        (graphql, json) if graphql >= json => Some(MediaType::GraphqlResponse),
        _ => Some(MediaType::Json),
    };
    let parts = parts(&ranges, graphql.max(json));
    (whole.is_some() || parts.is_some()).then_some(Accepted { whole, parts })
}

/// The form in which parts are accepted: the best liked one, if a whole response, liked as given, isn't liked better.
/// Wildcards never mean parts, which only clients read that say so.
fn parts(ranges: &[Range], whole: u16) -> Option<Form> {
    let multipart = ranges.iter().filter(|range| range.name == "multipart/mixed");
    let multipart = multipart.filter(|range| range.quality > 0 && range.quality >= whole);
    let known = multipart.filter_map(|range| Some((range.quality, range.form()?)));
    known.reduce(|best, other| if other.0 > best.0 { other } else { best }).map(|(_, form)| form)
}

fn all_empty(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).iter().all(|value| value.as_bytes().iter().all(|byte| matches!(byte, b' ' | b',')))
}

/// The highest quality, in thousandths, among the ranges chosen.
fn quality(ranges: &[Range], chosen: impl Fn(&Range) -> bool) -> Option<u16> {
    ranges.iter().filter(|range| chosen(range)).map(|range| range.quality).max()
}

struct Range {
    name: String,
    quality: u16,
    /// Names in lower case.
    parameters: Vec<(String, String)>,
}

impl Range {
    fn parse(text: &str) -> Self {
        let name = split(text, ';').next().unwrap_or_default().to_ascii_lowercase();
        let parameters: Vec<(String, String)> = parameters(text).collect();
        let quality = parameters.iter().find(|(key, _)| key == "q");
        let quality = quality.map_or(1000, |(_, value)| thousandths(value));
        Self { name, quality, parameters }
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The form of the parts of `multipart/mixed`. Without a parameter it is the older one, which is what clients read
    /// that don't say.
    fn form(&self) -> Option<Form> {
        match (self.parameter("deferspec"), self.parameter("incrementalspec"), self.parameter("subscriptionspec")) {
            (Some("20220824"), _, _) => Some(Form::Fragments),
            (None, Some("v0.2"), _) => Some(Form::Fields),
            (None, None, None) => Some(Form::Fragments),
            _ => None,
        }
    }
}

/// A quality that is no number counts as 1: the client did name the type.
fn thousandths(quality: &str) -> u16 {
    match quality.parse::<f32>() {
        Ok(value) if value.is_finite() => (value.clamp(0.0, 1.0) * 1000.0) as u16,
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(accept: &str) -> Option<MediaType> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        negotiate(&headers).and_then(|accepted| accepted.whole)
    }

    fn form(accept: &str) -> Option<Form> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, accept.parse().unwrap());
        negotiate(&headers).and_then(|accepted| accepted.parts)
    }

    #[test]
    fn clients_get_the_form_of_parts_that_they_name() {
        assert_eq!(form("multipart/mixed;deferSpec=20220824,application/json;q=0.9"), Some(Form::Fragments));
        assert_eq!(form("multipart/mixed;incrementalSpec=v0.2,application/json"), Some(Form::Fields));
        assert_eq!(form("application/json, multipart/mixed"), Some(Form::Fragments));
        assert_eq!(form("Multipart/Mixed; DeferSpec=\"20220824\""), Some(Form::Fragments));
        // Two parameters (apollographql/router#1656).
        assert_eq!(form("multipart/mixed;boundary=\"graphql\";deferSpec=20220824"), Some(Form::Fragments));
    }

    #[test]
    fn what_is_not_named_is_not_sent() {
        assert_eq!(form("*/*"), None);
        assert_eq!(form("multipart/*, application/json"), None);
        assert_eq!(form("multipart/mixed;q=0, application/json"), None);
        assert_eq!(form("multipart/mixed;deferSpec=20990101, application/json"), None);
        assert_eq!(form("multipart/mixed;subscriptionSpec=1.0, application/json"), None);
    }

    #[test]
    fn parts_are_not_sent_to_who_would_rather_have_it_whole() {
        assert_eq!(form("application/json, multipart/mixed;q=0.1"), None);
        assert_eq!(form("application/graphql-response+json;q=0.8, multipart/mixed;q=0.7"), None);
        assert_eq!(form("*/*;q=0.1, multipart/mixed;q=0.2"), Some(Form::Fragments));
        assert_eq!(of("application/json;q=0.5, multipart/mixed;q=0.1"), Some(MediaType::Json));
    }

    #[test]
    fn quoted_parameters_are_one_piece() {
        assert_eq!(of("application/json;profile=\"a,b\";q=0, text/html"), None);
        assert_eq!(of("application/json;profile=\"x;q=0\""), Some(MediaType::Json));
    }

    #[test]
    fn parts_alone_are_accepted() {
        assert_eq!(of("multipart/mixed;deferSpec=20220824"), None);
        assert_eq!(form("multipart/mixed;deferSpec=20220824"), Some(Form::Fragments));
    }

    #[test]
    fn without_accept_it_is_json() {
        let json = Accepted { whole: Some(MediaType::Json), parts: None };
        assert_eq!(negotiate(&HeaderMap::new()), Some(json));
        assert_eq!(of(""), Some(MediaType::Json));
    }

    #[test]
    fn wildcards_mean_json() {
        assert_eq!(of("*/*"), Some(MediaType::Json));
        assert_eq!(of("application/*"), Some(MediaType::Json));
        assert_eq!(of("text/html, */*;q=0.1"), Some(MediaType::Json));
    }

    #[test]
    fn real_clients_get_what_they_prefer() {
        let apollo = "application/graphql-response+json,application/json;q=0.9";
        assert_eq!(of(apollo), Some(MediaType::GraphqlResponse));
        let urql = "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed";
        assert_eq!(of(urql), Some(MediaType::GraphqlResponse));
        assert_eq!(of("application/json"), Some(MediaType::Json));
        assert_eq!(of("application/json, application/graphql-response+json;q=0.5"), Some(MediaType::Json));
    }

    #[test]
    fn quality_zero_excludes() {
        assert_eq!(of("application/json;q=0, */*"), None);
        assert_eq!(of("application/graphql-response+json;q=0, application/json"), Some(MediaType::Json));
    }

    #[test]
    fn only_unknown_types_are_not_acceptable() {
        assert_eq!(of("text/html"), None);
        assert_eq!(of("application/xml;q=0.9"), None);
    }

    #[test]
    fn parameters_and_case_do_not_matter() {
        assert_eq!(of("Application/GraphQL-Response+JSON; charset=utf-8"), Some(MediaType::GraphqlResponse));
    }
}
