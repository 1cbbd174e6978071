//! The committed schemas are what the code says, and each version is still what it was at first.

mod sample;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Folder, Type, catalogue, compatibility};
use crate::domain::Domain;
use crate::event::{Data, TypeName};

const UPDATE: &str = "run tests/update-schema";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schema")
}

fn committed(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("schema/{path}: {error}; {UPDATE}"))
}

fn parsed(path: &str) -> Value {
    serde_json::from_str(&committed(path)).unwrap_or_else(|error| panic!("schema/{path}: {error}"))
}

/// Every version of every type, with those that are only read.
fn versions() -> impl Iterator<Item = (Folder, Type, u16)> {
    catalogue().flat_map(|(folder, kind)| (1..=kind.version).map(move |version| (folder, kind, version)))
}

#[test]
fn schemas_are_fresh() {
    for (folder, kind) in catalogue() {
        let path = kind.path(folder, kind.version);
        assert!(committed(&path) == kind.schema_text(), "schema/{path} is stale; {UPDATE}");
    }
}

#[test]
fn a_version_only_ever_gets_optional_fields() {
    for (folder, kind, version) in versions() {
        let (first, now) = (kind.first_path(folder, version), kind.path(folder, version));
        let found = compatibility::differences(&parsed(&first), &parsed(&now));
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "schema/{now} is another version than {first}: {found:#?}");
    }
}

#[test]
fn there_is_no_schema_of_anything_else() {
    let of =
        |(folder, kind, version): (Folder, Type, u16)| [kind.path(folder, version), kind.first_path(folder, version)];
    let expected: BTreeSet<PathBuf> = versions().flat_map(of).map(|path| root().join(path)).collect();
    let mut folders = vec![root().join(Folder::Events.as_str()), root().join(Folder::Commands.as_str())];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                assert!(expected.contains(&path), "{} is of no type; a type that was published stays", path.display());
            }
        }
    }
}

#[test]
fn each_type_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (_, kind) in catalogue() {
        let name = TypeName { domain: kind.domain.as_str(), name: kind.name, version: kind.version };
        assert!(TypeName::parse(&name.to_string()) == Some(name), "{name} is no name");
        assert!(names.insert((kind.domain, kind.name)), "{name} is there twice");
    }
}

#[test]
fn no_event_names_a_person() {
    let personal = ["birth", "city", "email", "ip", "phone", "postal_code", "recipient", "street"];
    for (_, kind) in catalogue().filter(|(folder, _)| *folder == Folder::Events) {
        let mut schemas = vec![kind.schema()];
        while let Some(schema) = schemas.pop() {
            let fields =
                schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
            for field in fields {
                // Products have names, too.
                let is_personal =
                    personal.contains(&field.as_str()) || (field == "name" && kind.domain != Domain::Products);
                assert!(!is_personal, "{}.{} has a field {field}", kind.domain, kind.name);
            }
            schemas.extend(schema.as_object().into_iter().flatten().map(|(_, part)| part.clone()));
            schemas.extend(schema.as_array().into_iter().flatten().cloned());
        }
    }
}

/// Of older versions as well: there is a way from each.
#[test]
fn whatever_a_schema_allows_is_read_and_written_again() {
    for (folder, kind, version) in versions() {
        for path in [kind.first_path(folder, version), kind.path(folder, version)] {
            for sample in sample::samples(&parsed(&path)) {
                let data = Data::of(&sample).unwrap();
                let again =
                    kind.read_back(version, &data).unwrap_or_else(|error| panic!("{path}: {sample}: {error:?}"));
                if version == kind.version {
                    let again: Value = serde_json::from_str(again.as_str()).unwrap();
                    assert_eq!(again, sample, "{path}");
                }
            }
        }
    }
}
