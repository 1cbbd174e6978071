//! Answers of subgraphs, made up for what they are asked: mostly of the right form, and wrong in every way.

use graphql::ast::{Definition, Document, FragmentDefinition, Selection};

use crate::script::Script;

/// Lists and objects within each other: the planner's own documents nest no deeper than the operations do.
const ITEMS_MAX: usize = 4;

/// Values that leaves get: right for some type, wrong for most.
const LEAVES: [&str; 16] = [
    "null",
    "\"p1\"",
    "1",
    "true",
    "1.5",
    "\"\"",
    "-0",
    "1e400",
    "2147483648",
    "{}",
    "[]",
    "[null]",
    "\"\\u0000\"",
    "{\"a\":[1]}",
    "[[1],null]",
    "9007199254740993",
];
const TYPE_NAMES: [&str; 6] = ["Product", "Book", "User", "Query", "Nothing", "Magazine"];

/// The answer to a document.
pub fn answer(document: &Document, entities: usize, script: &mut Script<'_>) -> String {
    let fragments = document.definitions.iter().filter_map(|definition| match definition {
        Definition::FragmentDefinition(fragment) => Some(&**fragment),
        _ => None,
    });
    let mut inventor = Inventor { fragments: fragments.collect(), entities, script, out: String::new() };
    let operation = document.definitions.iter().find_map(|definition| match definition {
        Definition::OperationDefinition(operation) => Some(&operation.selection_set),
        _ => None,
    });
    inventor.out.push_str("{\"data\":");
    match inventor.script.index(24) {
        1 => inventor.out.push_str("null"),
        2 => inventor.out.push_str("[]"),
        _ => inventor.object(operation.map_or(&[], Vec::as_slice)),
    }
    inventor.errors();
    inventor.out.push('}');
    inventor.out
}

struct Inventor<'d, 's, 'b> {
    fragments: Vec<&'d FragmentDefinition>,
    entities: usize,
    script: &'s mut Script<'b>,
    out: String,
}

impl<'d> Inventor<'d, '_, '_> {
    fn object(&mut self, selections: &'d [Selection]) {
        self.out.push('{');
        self.members(selections);
        if self.out.ends_with(',') {
            self.out.pop();
        }
        self.out.push('}');
    }

    fn members(&mut self, selections: &'d [Selection]) {
        for selection in selections {
            match selection {
                // A member left out.
                Selection::Field(_) if self.script.index(32) == 31 => {}
                Selection::Field(field) => {
                    self.out.push_str(&format!("\"{}\":", field.response_name()));
                    self.value(&field.name, &field.selection_set);
                    self.out.push(',');
                }
                Selection::InlineFragment(fragment) => {
                    if self.script.index(2) == 0 {
                        self.members(&fragment.selection_set);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    let known = self.fragments.iter().find(|fragment| fragment.name == spread.fragment_name);
                    if let Some(fragment) = known.copied() {
                        self.members(&fragment.selection_set);
                    }
                }
            }
        }
    }

    fn value(&mut self, name: &str, selections: &'d [Selection]) {
        match (name, self.script.index(16)) {
            ("_entities", 0..14) => self.list(self.entities, selections),
            ("__typename", 0..14) => {
                let name = *self.script.choose(&TYPE_NAMES);
                self.out.push_str(&format!("\"{name}\""));
            }
            (_, 0..9) if !selections.is_empty() => self.object(selections),
            (_, 9..13) if !selections.is_empty() => {
                let items = self.script.index(ITEMS_MAX);
                self.list(items, selections);
            }
            _ => {
                let leaf = *self.script.choose(&LEAVES);
                self.out.push_str(leaf);
            }
        }
    }

    fn list(&mut self, items: usize, selections: &'d [Selection]) {
        self.out.push('[');
        for item in 0..items {
            if item > 0 {
                self.out.push(',');
            }
            match self.script.index(16) {
                15 => self.out.push_str("null"),
                14 => self.list(1, selections),
                _ if selections.is_empty() => self.out.push('1'),
                _ => self.object(selections),
            }
        }
        self.out.push(']');
    }

    fn errors(&mut self) {
        const ERRORS: [&str; 8] = [
            "",
            ",\"errors\":[{\"message\":\"m\"}]",
            ",\"errors\":[{\"message\":\"m\",\"path\":[\"_entities\",0,\"name\"]}]",
            ",\"errors\":[{\"message\":\"m\",\"path\":[\"_entities\",99]},{\"message\":\"n\",\"path\":[\"products\",0,\"id\"]}]",
            ",\"errors\":null",
            ",\"errors\":[{\"message\":1,\"path\":{}}]",
            ",\"errors\":[{\"path\":[-1,1.5,null,\"@\"],\"extensions\":{\"code\":[]}}]",
            ",\"errors\":{}",
        ];
        let errors = *self.script.choose(&ERRORS);
        self.out.push_str(errors);
    }
}
