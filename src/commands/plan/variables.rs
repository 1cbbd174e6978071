//! The values of an operation's variables, as far as a plan depends on them.

use graphql::ast::VariableDefinition;
use graphql::executable::Operation;
use graphql::{ExecutableDocument, Node, Valid, json};

use crate::failure::Failure;

/// Values nested deeper than this decide on nothing here.
const VARIABLES_LIMITS: json::JsonLimits = json::JsonLimits { depth_max: 64 };

/// Reads `--variables`.
pub fn parse(text: &str) -> Result<json::Object, Failure> {
    match json::parse(text.as_bytes(), &VARIABLES_LIMITS) {
        Ok(json::Value::Object(members)) => Ok(members),
        _ => Err(Failure::Refused("--variables is no JSON object; write it as '{\"withPrice\": true}'".to_owned())),
    }
}

/// Variables on which the plan depends and that are given no value that decides.
pub fn undecided(document: &Valid<ExecutableDocument>, operation: &Operation, given: &json::Object) -> Vec<String> {
    let wanted = planner::condition_variables(document, operation);
    let declared = wanted.iter().filter_map(|name| operation.variables.iter().find(|variable| variable.name == *name));
    let problem = |variable: &Node<VariableDefinition>| {
        let (name, required) = (&variable.name, variable.ty.is_non_null());
        let what = match given.get(name.as_str()) {
            Some(json::Value::Bool(_)) => return None,
            Some(json::Value::Null) if !required => return None,
            Some(_) => "is given something else than true or false",
            None if required && variable.default_value.is_none() => "is given no value",
            None => return None,
        };
        Some(format!("the plan depends on ${name}, which {what}; write --variables '{{\"{name}\": true}}'"))
    };
    declared.filter_map(problem).collect()
}
