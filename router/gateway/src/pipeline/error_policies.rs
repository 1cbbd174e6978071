//! What clients are told of subgraphs' faults, from the configuration: hidden unless it says otherwise.

use executor::{ErrorPolicies, ErrorPolicy, Messages, ServiceName};
use federation::{SubgraphId, Supergraph};

use crate::config::{Config, ErrorMessages, Errors, SubgraphErrors, SubgraphNames};

/// The policies for all subgraphs, and for those with settings of their own.
pub(super) fn error_policies(config: &Config, supergraph: &Supergraph) -> ErrorPolicies {
    let own = (0u16..).zip(&supergraph.subgraphs).filter_map(|(id, subgraph)| {
        let own = config.subgraphs.by_name.get(&subgraph.name)?;
        let changes = own.errors != SubgraphErrors::default();
        changes.then(|| (SubgraphId(id), policy(&over(&config.errors, &own.errors))))
    });
    ErrorPolicies { common: policy(&config.errors), own: own.collect() }
}

/// The common settings, with those of one subgraph in their place.
fn over(common: &Errors, own: &SubgraphErrors) -> Errors {
    Errors {
        messages: own.messages.or(common.messages),
        masked_message: own.masked_message.clone().or_else(|| common.masked_message.clone()),
        subgraph_names: own.subgraph_names.or(common.subgraph_names),
        extensions: own.extensions.clone().unwrap_or_else(|| common.extensions.clone()),
        default_code: own.default_code.clone().unwrap_or_else(|| common.default_code.clone()),
        entries_max: common.entries_max,
    }
}

fn policy(errors: &Errors) -> ErrorPolicy {
    ErrorPolicy {
        messages: match (errors.messages.unwrap_or(ErrorMessages::Mask), &errors.masked_message) {
            (ErrorMessages::Pass, _) => Messages::Pass,
            (ErrorMessages::Mask, None) => Messages::Mask,
            (ErrorMessages::Mask, Some(text)) => Messages::Replace(text.clone()),
        },
        service: match errors.subgraph_names.unwrap_or(SubgraphNames::Hide) {
            SubgraphNames::Show => ServiceName::Show,
            SubgraphNames::Hide => ServiceName::Hide,
        },
        extensions: errors.extensions.clone(),
        default_code: errors.default_code.clone(),
    }
}
