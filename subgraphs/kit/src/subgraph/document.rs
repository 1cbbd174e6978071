//! The document before execution: bounded, parsed once, and looked at for
//! whether it reads the contract.

use async_graphql::{
    Request,
    parser::types::{DocumentOperations, ExecutableDocument, OperationType, Selection},
};
use wire::codes;

use super::{
    expansion::expanded,
    limits::{DOCUMENT_BYTES_MAX, NESTING_MAX, SELECTIONS_MAX, fields_max},
    shape::Shape,
    work::Work,
};

/// Whether an operation reads `_service`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadsContract {
    /// Nothing but `_service` and `__typename`.
    Only,
    /// `_service` among others, or possibly so.
    Maybe,
    /// No mention of it.
    Never,
}

/// Why a document isn't executed.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    #[error("The document is larger than {DOCUMENT_BYTES_MAX} bytes")]
    TooLarge,
    #[error("The document is nested more than {NESTING_MAX} levels deep")]
    TooDeep,
    #[error("The document selects more than {SELECTIONS_MAX} fields, fragments included")]
    TooManySelections,
    #[error("The operation can make {fields} fields, more than {fields_max}; ask for shorter or fewer nested pages")]
    TooComplex { fields: usize, fields_max: usize },
    #[error("{0}")]
    Syntax(String),
}

impl DocumentError {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooDeep | Self::TooManySelections => codes::GRAPHQL_VALIDATION_FAILED,
            Self::TooComplex { .. } => codes::OPERATION_TOO_COMPLEX,
            Self::Syntax(_) => codes::GRAPHQL_PARSE_FAILED,
        }
    }
}

/// A request whose document is parsed, bounded and kept for the answer.
pub(super) struct Checked {
    pub request: Request,
    pub document: ExecutableDocument,
    pub reads: ReadsContract,
}

pub(super) fn check(mut request: Request, shape: &Shape) -> Result<Checked, DocumentError> {
    if request.query.len() > DOCUMENT_BYTES_MAX {
        return Err(DocumentError::TooLarge);
    }
    if nesting(&request.query) > NESTING_MAX {
        return Err(DocumentError::TooDeep);
    }
    let mentions_service = request.query.contains("_service");
    let operation_name = request.operation_name.clone();
    let document = request.parsed_query().map_err(|error| DocumentError::Syntax(error.message))?.clone();
    let size = expanded(&document, &Work::new(&document, shape, &request.variables)).ok_or(DocumentError::TooDeep)?;
    if size.selections > SELECTIONS_MAX {
        return Err(DocumentError::TooManySelections);
    }
    if size.levels > NESTING_MAX {
        return Err(DocumentError::TooDeep);
    }
    let fields_max = fields_max(size.representations);
    if size.fields > fields_max {
        return Err(DocumentError::TooComplex { fields: size.fields, fields_max });
    }
    let reads = if !mentions_service {
        ReadsContract::Never
    } else if reads_only_contract(&document, operation_name.as_deref()) {
        ReadsContract::Only
    } else {
        ReadsContract::Maybe
    };
    Ok(Checked { request, document, reads })
}

/// The most brackets open at once. Brackets in strings and comments count too:
/// that can only refuse more, and no fetch has them.
fn nesting(document: &str) -> usize {
    let (mut open, mut most) = (0_usize, 0);
    for byte in document.bytes() {
        match byte {
            b'{' | b'[' | b'(' => open = open.saturating_add(1),
            b'}' | b']' | b')' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    most
}

fn reads_only_contract(document: &ExecutableDocument, operation_name: Option<&str>) -> bool {
    let operation = match (&document.operations, operation_name) {
        (DocumentOperations::Single(operation), _) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(_), None) => None,
    };
    operation.is_some_and(|operation| {
        operation.node.ty == OperationType::Query
            && operation.node.selection_set.node.items.iter().all(|item| {
                matches!(&item.node, Selection::Field(field)
                    if matches!(field.node.name.node.as_str(), "_service" | "__typename"))
            })
    })
}
