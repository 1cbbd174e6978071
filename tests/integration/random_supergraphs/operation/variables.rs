//! Variables: with defaults, given, null or left out; some used at several places.

use serde_json::{Map, Value, json};

use super::Generator;

/// Names, some of which planners use.
const NAMES: [&str; 4] = ["v", "representations", "id", "_v"];

/// The variables of an operation.
#[derive(Debug, Default)]
pub struct Variables {
    known: Vec<Variable>,
    /// What is sent.
    pub values: Map<String, Value>,
}

#[derive(Debug)]
struct Variable {
    name: String,
    ty: String,
    default: Option<String>,
}

impl Variables {
    /// Their declarations in parentheses, or nothing.
    pub fn declared(&self) -> String {
        let one = |variable: &Variable| match &variable.default {
            Some(default) => format!("${}: {} = {default}", variable.name, variable.ty),
            None => format!("${}: {}", variable.name, variable.ty),
        };
        let all: Vec<String> = self.known.iter().map(one).collect();
        if all.is_empty() { String::new() } else { format!("({})", all.join(", ")) }
    }

    /// The name of a variable of that type, if there is one.
    pub fn of(&self, ty: &str) -> Option<&str> {
        self.known.iter().find(|variable| variable.ty == ty).map(|variable| variable.name.as_str())
    }
}

impl Generator<'_> {
    /// Declares a variable; what is not given is left out.
    pub fn declare(&mut self, ty: &str, default: Option<String>, value: Option<Value>) -> String {
        let number = self.variables.known.len();
        let name = match number {
            0 if self.chance(30) => "representations".to_owned(),
            _ => format!("{}{number}", NAMES[self.rng.usize(..NAMES.len())]),
        };
        self.variables.values.extend(value.map(|value| (name.clone(), value)));
        self.variables.known.push(Variable { name: name.clone(), ty: ty.to_owned(), default });
        format!("${name}")
    }

    /// A variable that decides a condition.
    pub fn condition_variable(&mut self, value: bool) -> String {
        match self.rng.u8(..10) {
            0..=1 => self.declare("Boolean", Some(value.to_string()), None),
            2 => self.declare("Boolean", Some((!value).to_string()), Some(json!(value))),
            3..=5 => match self.variables.of("Boolean!").map(str::to_owned) {
                Some(name) => format!("${name}"),
                None => self.declare("Boolean!", None, Some(json!(value))),
            },
            _ => self.declare("Boolean!", None, Some(json!(value))),
        }
    }
}
