use schemars::{JsonSchema, schema_for};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Breaks::{Both, NewReaders, OldReaders};
use super::{Breaks, Change, differences};

/// A form with one required and one optional field, to be changed.
fn form() -> Value {
    json!({
        "title": "OrderPlaced",
        "type": "object",
        "properties": {
            "order_id": { "type": "string", "maxLength": 10 },
            "note": { "type": ["string", "null"] },
        },
        "required": ["order_id"],
    })
}

/// The form with what stands at a pointer replaced, or taken away by null.
fn form_with(changes: &[(&str, Value)]) -> Value {
    let mut form = form();
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = form.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(name).unwrap();
        } else {
            parent.insert(name.to_owned(), value.clone());
        }
    }
    form
}

fn found(first: &Value, later: &Value) -> Vec<(String, Change, Breaks)> {
    differences(first, later).into_iter().map(|found| (found.place, found.change, found.breaks)).collect()
}

#[test]
fn what_may_change_within_a_version() {
    let street = json!({ "type": "object", "properties": { "street": { "type": "string" } }, "required": ["street"] });
    let compatible: [(&str, Value); 7] = [
        ("nothing", form()),
        ("an optional field is added", form_with(&[("/properties/gift", json!({ "type": "boolean" }))])),
        ("an optional object with required fields is added", form_with(&[("/properties/address", street)])),
        ("the title is another", form_with(&[("/title", json!("Placed"))])),
        ("descriptions", form_with(&[("/properties/note/description", json!("What to say."))])),
        ("examples", form_with(&[("/properties/note/examples", json!(["hello"]))])),
        (
            "a part has a definition of its own",
            form_with(&[
                ("/$defs", json!({ "OrderId": { "title": "OrderId", "type": "string", "maxLength": 10 } })),
                ("/properties/order_id", json!({ "$ref": "#/$defs/OrderId", "description": "Which." })),
            ]),
        ),
    ];
    for (name, later) in compatible {
        assert_eq!(found(&form(), &later), [], "{name}");
    }
}

#[test]
fn what_makes_another_version_of_fields() {
    let text = |name: &str| name.to_owned();
    let note = json!({ "type": ["string", "null"] });
    type Expected = Vec<(&'static str, Change, Breaks)>;
    let cases: [(&str, Value, Expected); 8] = [
        (
            "a required field is removed",
            form_with(&[("/properties/order_id", Value::Null), ("/required", json!([]))]),
            vec![("", Change::FieldRemoved(text("order_id")), OldReaders)],
        ),
        (
            "an optional field is removed",
            form_with(&[("/properties/note", Value::Null)]),
            vec![("", Change::FieldRemoved(text("note")), OldReaders)],
        ),
        (
            "an optional field is renamed",
            form_with(&[("/properties/note", Value::Null), ("/properties/remark", note)]),
            vec![("", Change::FieldRemoved(text("note")), OldReaders)],
        ),
        (
            "a required field is renamed",
            form_with(&[
                ("/properties/order_id", Value::Null),
                ("/properties/id", json!({ "type": "string", "maxLength": 10 })),
                ("/required", json!(["id"])),
            ]),
            vec![
                ("", Change::FieldRemoved(text("order_id")), OldReaders),
                ("", Change::FieldAddedRequired(text("id")), NewReaders),
            ],
        ),
        (
            "a required field is added",
            form_with(&[
                ("/properties/total", json!({ "type": "integer" })),
                ("/required", json!(["order_id", "total"])),
            ]),
            vec![("", Change::FieldAddedRequired(text("total")), NewReaders)],
        ),
        (
            "an optional field becomes required",
            form_with(&[("/required", json!(["order_id", "note"]))]),
            vec![("", Change::FieldRequired(text("note")), NewReaders)],
        ),
        (
            "a required field becomes optional",
            form_with(&[("/required", Value::Null)]),
            vec![("", Change::FieldOptional(text("order_id")), OldReaders)],
        ),
        (
            "unknown fields are refused",
            form_with(&[("/additionalProperties", json!(false))]),
            vec![("/*", Change::BoundTightened(text("additionalProperties")), NewReaders)],
        ),
    ];
    for (name, later, expected) in cases {
        let expected: Vec<_> =
            expected.into_iter().map(|(place, change, breaks)| (text(place), change, breaks)).collect();
        assert_eq!(found(&form(), &later), expected, "{name}");
    }
}

#[test]
fn what_makes_another_version_of_a_value() {
    let type_changed = |first: &str, later: &str| Change::Type(first.to_owned(), later.to_owned());
    let loosened = |keyword: &str| Change::BoundLoosened(keyword.to_owned());
    let tightened = |keyword: &str| Change::BoundTightened(keyword.to_owned());
    let keyword = |keyword: &str| Change::Keyword(keyword.to_owned());
    let values = |values: &[&str]| values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>();
    let documented = json!({ "oneOf": [
        { "description": "One.", "type": "string", "const": "A" },
        { "description": "Two.", "type": "string", "const": "B" },
    ] });
    let either =
        |types: &[&str]| json!({ "oneOf": types.iter().map(|name| json!({ "type": name })).collect::<Vec<_>>() });
    let cases = [
        (
            "another type",
            json!({ "type": "integer" }),
            json!({ "type": "string" }),
            type_changed("integer", "string"),
            Both,
        ),
        (
            "nullable",
            json!({ "type": "string" }),
            json!({ "type": ["string", "null"] }),
            type_changed("string", "null or string"),
            OldReaders,
        ),
        (
            "not nullable",
            json!({ "type": ["string", "null"] }),
            json!({ "type": "string" }),
            type_changed("null or string", "string"),
            NewReaders,
        ),
        (
            "fractions",
            json!({ "type": "integer" }),
            json!({ "type": "number" }),
            type_changed("integer", "integer or number"),
            OldReaders,
        ),
        ("another format", json!({ "format": "uint32" }), json!({ "format": "int64" }), keyword("format"), Both),
        ("another pattern", json!({ "pattern": "^a$" }), json!({ "pattern": "^b$" }), keyword("pattern"), Both),
        ("a default", json!({}), json!({ "default": 1 }), keyword("default"), Both),
        ("an unknown keyword", json!({}), json!({ "dependentRequired": {} }), keyword("dependentRequired"), Both),
        (
            "a value added",
            json!({ "enum": ["A"] }),
            json!({ "enum": ["B", "A"] }),
            Change::ValuesAdded(values(&["B"])),
            OldReaders,
        ),
        (
            "a value removed",
            json!({ "enum": ["A", "B"] }),
            json!({ "enum": ["B"] }),
            Change::ValuesRemoved(values(&["A"])),
            NewReaders,
        ),
        (
            "a constant's value added",
            json!({ "const": "A" }),
            documented.clone(),
            Change::ValuesAdded(values(&["B"])),
            OldReaders,
        ),
        ("an enum of any text", json!({ "enum": ["A"] }), json!({ "type": "string" }), loosened("enum"), OldReaders),
        ("a text of few values", json!({ "type": "string" }), json!({ "enum": ["A"] }), tightened("enum"), NewReaders),
        ("a greater maximum", json!({ "maximum": 9 }), json!({ "maximum": 10 }), loosened("maximum"), OldReaders),
        (
            "a smaller maximum",
            json!({ "maxLength": 10 }),
            json!({ "maxLength": 9 }),
            tightened("maxLength"),
            NewReaders,
        ),
        ("a greater minimum", json!({ "minimum": 0 }), json!({ "minimum": 0.5 }), tightened("minimum"), NewReaders),
        ("a smaller minimum", json!({ "minItems": 1 }), json!({ "minItems": 0 }), loosened("minItems"), OldReaders),
        ("a bound more", json!({}), json!({ "maxItems": 5 }), tightened("maxItems"), NewReaders),
        ("a bound less", json!({ "minimum": 1 }), json!({}), loosened("minimum"), OldReaders),
        (
            "a bound of the largest numbers",
            json!({ "maximum": u64::MAX }),
            json!({ "maximum": u64::MAX - 1 }),
            tightened("maximum"),
            NewReaders,
        ),
        ("one form more", either(&["string"]), either(&["string", "null"]), Change::Alternatives(1, 2), OldReaders),
        ("one form less", either(&["string", "null"]), either(&["string"]), Change::Alternatives(2, 1), NewReaders),
        ("nothing allowed", json!({ "items": false }), json!({}), loosened("items"), OldReaders),
        ("a lost reference", json!({}), json!({ "$ref": "#/$defs/Gone" }), Change::Reference, Both),
        ("a reference to elsewhere", json!({}), json!({ "$ref": "https://example.com" }), Change::Reference, Both),
        ("a reference to itself", json!({}), json!({ "$ref": "#/items" }), Change::Reference, Both),
    ];
    for (name, first, later, change, breaks) in cases {
        let place = if name == "nothing allowed" { "/*/*" } else { "/*" };
        let expected = vec![(place.to_owned(), change, breaks)];
        assert_eq!(found(&json!({ "items": first }), &json!({ "items": later })), expected, "{name}");
    }
    assert_eq!(found(&json!({ "enum": ["A", "B"] }), &documented), []);
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Tree {
    weight: u32,
    branches: Vec<Tree>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Tree")]
struct LaterTree {
    weight: u64,
    branches: Vec<LaterTree>,
}

#[test]
fn types_that_contain_themselves_are_compared_once() {
    let (first, later) = (schema_for!(Tree).to_value(), schema_for!(LaterTree).to_value());
    assert_eq!(found(&first, &first), []);
    let found = found(&first, &later);
    let place = |place: &str| (place.to_owned(), Change::Keyword("format".to_owned()), Both);
    assert_eq!(found, [place("/branches/*/weight"), place("/weight")]);
}

#[test]
fn a_schema_too_deep_to_compare_is_not_the_same() {
    let deep = |levels| (0..levels).fold(json!({}), |schema, _| json!({ "items": schema }));
    assert_eq!(found(&deep(30), &deep(30)), []);
    assert!(found(&deep(40), &deep(40)).iter().any(|(_, change, _)| *change == Change::Reference));
}

#[test]
fn a_difference_says_who_cannot_read_whom() {
    let later = form_with(&[("/properties/order_id/maxLength", json!(11))]);
    let texts: Vec<String> = differences(&form(), &later).iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["/order_id: maxLength lets more through: older code can't read newer messages"]);
}
