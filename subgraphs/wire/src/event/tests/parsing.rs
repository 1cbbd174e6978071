use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::bus::MESSAGE_BYTES_MAX;
use crate::event::{ATTRIBUTE_BYTES_MAX, Attribute, EXTENSIONS_MAX, Envelope, EnvelopeError, ReadError};
use crate::events::orders::OrderPlaced;

/// The examples of CloudEvents' JSON Event Format 1.0.2, section 3.2, that aren't binary, and that of the specification itself.
const FROM_THE_SPECIFICATION: [&str; 4] = [
    r#"{
        "specversion" : "1.0",
        "type" : "com.example.someevent",
        "source" : "/mycontext",
        "subject": null,
        "id" : "C234-1234-1234",
        "time" : "2018-04-05T17:31:00Z",
        "comexampleextension1" : "value",
        "comexampleothervalue" : 5,
        "datacontenttype" : "application/json",
        "data" : {
            "appinfoA" : "abc",
            "appinfoB" : 123,
            "appinfoC" : true
        }
    }"#,
    r#"{
        "specversion" : "1.0",
        "type" : "com.example.someevent",
        "source" : "/mycontext",
        "subject": null,
        "id" : "D234-1234-1234",
        "time" : "2018-04-05T17:31:00Z",
        "comexampleextension1" : "value",
        "comexampleothervalue" : 5,
        "data" : "I'm just a string"
    }"#,
    r#"{
        "specversion" : "1.0",
        "type" : "com.example.someevent",
        "source" : "/mycontext",
        "id" : "B234-1234-1234",
        "time" : "2018-04-05T17:31:00Z",
        "comexampleextension1" : "value",
        "comexampleothervalue" : 5,
        "unsetextension": null,
        "datacontenttype" : "application/xml",
        "data" : "<much wow=\"xml\"/>"
    }"#,
    r#"{
        "specversion" : "1.0",
        "type" : "com.github.pull_request.opened",
        "source" : "https://github.com/cloudevents/spec/pull",
        "subject" : "123",
        "id" : "A234-1234-1234",
        "time" : "2018-04-05T17:31:00Z",
        "comexampleextension1" : "value",
        "comexampleothervalue" : 5,
        "datacontenttype" : "text/xml",
        "data" : "<much wow=\"xml\"/>"
    }"#,
];

fn without_nulls(text: &str) -> Value {
    let mut members: BTreeMap<String, Value> = serde_json::from_str(text).unwrap();
    members.retain(|_, value| !value.is_null());
    json!(members)
}

#[test]
fn the_specifications_examples_round_trip() {
    for text in FROM_THE_SPECIFICATION {
        let envelope = Envelope::parse(text).unwrap();
        let written = envelope.to_text().unwrap();
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), without_nulls(text));
        assert_eq!(Envelope::parse(&written).unwrap(), envelope);
        assert!(text.contains(envelope.data.as_ref().unwrap().as_str()), "not byte for byte");
    }
    let first = Envelope::parse(FROM_THE_SPECIFICATION[0]).unwrap();
    assert_eq!(first.id, "C234-1234-1234");
    assert_eq!(first.time.unwrap().timestamp(), 1_522_949_460);
    assert_eq!(first.extensions["comexampleextension1"], Attribute::Text("value".to_owned()));
    assert_eq!(first.extensions["comexampleothervalue"], Attribute::Integer(5));
    assert_eq!(first.sender(), None);
    assert!(first.read::<OrderPlaced>().unwrap().is_none());
}

/// The least that is an envelope, with more members.
fn with(members: &str) -> String {
    format!(r#"{{"specversion":"1.0","id":"1","source":"/a","type":"t"{members}}}"#)
}

#[test]
fn data_passes_through_byte_for_byte() {
    for data in [
        "null",
        " [1.50,\t1e2 , \"\\u00e9\" ]".trim(),
        r#"{"a":1,"a":2}"#,
        "123456789012345678901234567890.0",
        "\"\\/\"",
    ] {
        let envelope = Envelope::parse(&with(&format!(",\"data\": {data} "))).unwrap();
        assert_eq!(envelope.data.as_ref().unwrap().as_str(), data);
        assert!(envelope.to_text().unwrap().ends_with(&format!("\"data\":{data}}}")));
    }
}

#[test]
fn what_is_no_envelope_is_refused_with_its_reason() {
    let value = |error: &EnvelopeError, expected: &str| matches!(error, EnvelopeError::Value(name) if name == expected);
    type IsExpected = fn(&EnvelopeError) -> bool;
    let refusals: [(String, IsExpected); 13] = [
        (String::new(), |error| matches!(error, EnvelopeError::Json(_))),
        ("[]".to_owned(), |error| matches!(error, EnvelopeError::Json(_))),
        ("{".to_owned(), |error| matches!(error, EnvelopeError::Json(_))),
        (with("").replace("1.0", "0.3"), |error| matches!(error, EnvelopeError::SpecVersion)),
        (with("").replace("specversion", "version"), |error| matches!(error, EnvelopeError::SpecVersion)),
        (with("").replace("\"id\":\"1\",", ""), |error| matches!(error, EnvelopeError::Missing("id"))),
        (with("").replace("\"1\"", "null"), |error| matches!(error, EnvelopeError::Missing("id"))),
        (with("").replace("\"/a\",\"type\":\"t\"", "\"/a\""), |error| matches!(error, EnvelopeError::Missing("type"))),
        (with(",\"\\u0069d\":\"2\""), |error| matches!(error, EnvelopeError::Repeated(name) if name == "id")),
        (with(",\"Subject\":\"2\""), |error| matches!(error, EnvelopeError::Name)),
        (with(&format!(",\"{}\":\"2\"", "a".repeat(33))), |error| matches!(error, EnvelopeError::Name)),
        (with(",\"data_base64\":\"AA==\""), |error| matches!(error, EnvelopeError::Binary)),
        (" ".repeat(MESSAGE_BYTES_MAX + 1), |error| matches!(error, EnvelopeError::TooLong { .. })),
    ];
    for (text, is_expected) in refusals {
        let error = Envelope::parse(&text).unwrap_err();
        assert!(is_expected(&error), "{text}: {error:?}");
    }
    let long = format!("{:?}", "a".repeat(ATTRIBUTE_BYTES_MAX + 1));
    for (name, text) in [
        ("subject", "5"),
        ("subject", "\"\""),
        ("subject", "\"a\\u0000b\""),
        ("subject", "\"a\\nb\""),
        ("subject", "\"\\ufffe\""),
        ("subject", "\"\\ud800\""),
        ("subject", long.as_str()),
        ("subject", "{\"a\":1}"),
        ("time", "\"yesterday\""),
        ("time", "\"2018-04-05\""),
        ("time", "1522949460"),
        ("sequence", "7"),
        ("sequence", "\"-7\""),
        ("sequence", "\"+7\""),
        ("sequence", "\"18446744073709551616\""),
        ("other", "1.5"),
        ("other", "2147483648"),
        ("other", "[]"),
        ("other", long.as_str()),
    ] {
        let error = Envelope::parse(&with(&format!(",\"{name}\":{text}"))).unwrap_err();
        assert!(value(&error, name), "{name} {text}: {error:?}");
    }
}

#[test]
fn attributes_are_bounded_in_number() {
    let many = |count: usize| with(&(0..count).map(|at| format!(",\"other{at}\":true")).collect::<String>());
    let most = Envelope::parse(&many(EXTENSIONS_MAX)).unwrap();
    assert!(most.to_text().is_ok());
    assert!(matches!(
        Envelope::parse(&many(30_000)),
        Err(EnvelopeError::TooLong { .. } | EnvelopeError::TooManyAttributes)
    ));
    assert!(matches!(Envelope::parse(&many(10_000)), Err(EnvelopeError::TooManyAttributes)));
    let mut more = most;
    more.extensions.insert("onemore".to_owned(), Attribute::Integer(1));
    assert!(matches!(more.to_text(), Err(EnvelopeError::TooManyAttributes)));
}

#[test]
fn nesting_takes_no_stack() {
    let deep = format!("{}{}", "[".repeat(120_000), "]".repeat(120_000));
    let text = with(&format!(",\"data\":{deep}")).replace("\"t\"", "\"supergraph.orders.placed.v1\"");
    let envelope = Envelope::parse(&text).unwrap();
    assert_eq!(envelope.to_text().unwrap(), text);
    assert!(matches!(envelope.read::<OrderPlaced>(), Err(ReadError::Data(_))));
    let error = Envelope::parse(&with(&format!(",\"subject\":{deep}"))).unwrap_err();
    assert!(matches!(error, EnvelopeError::Value(_)));
}
