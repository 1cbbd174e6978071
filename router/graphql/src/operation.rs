//! Which operation of a document is meant.

use apollo_compiler::executable::Operation;
use apollo_compiler::{ExecutableDocument, Node};

use crate::request::{RequestError, code};

/// Picks the operation: by name, or the only one.
///
/// # Errors
/// [`code::OPERATION_RESOLUTION_FAILURE`] for no operation, an unknown name, or several operations and no name.
pub fn select_operation<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Result<&'a Node<Operation>, RequestError> {
    let fail = |message: String| Err(RequestError::new(code::OPERATION_RESOLUTION_FAILURE, message));
    if let Some(name) = name {
        return match document.operations.named.get(name) {
            Some(operation) => Ok(operation),
            None => fail(format!("Unknown operation named \"{name}\".")),
        };
    }
    let mut all = document.operations.iter();
    match (all.next(), all.next()) {
        (Some(only), None) => Ok(only),
        (None, _) => fail("The document has no operation.".to_owned()),
        (Some(_), Some(_)) => fail("Must provide operation name if query contains multiple operations.".to_owned()),
    }
}
