//! `@defer`: its definition, which schemas have only where responses may come in parts, and the rules for its use that
//! go beyond a definition.

use std::collections::HashSet;

use apollo_compiler::ast::{OperationType, Value};
use apollo_compiler::executable::{DirectiveList, Directive as _, Selection, SelectionSet};
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};

use crate::diagnostic::Location;
use crate::request::{RequestError, code};

/// The directive's name.
const DEFER: &str = "defer";

/// The definition that the specification's proposal gives.
const DEFINITION: &str = "directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT";
