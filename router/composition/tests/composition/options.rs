//! `options.yaml` of a case: what is asked for beside the subgraphs.

use std::fs;
use std::path::Path;

use composition::{Contract, Options, Unreachable};
use federation::link::Version;
use libtest_mimic::Failed;
use serde::Deserialize;

/// What a case asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOptions {
    /// The newest federation version to use, such as `v2.5`.
    federation_version: Option<String>,
    /// The contract to apply to the supergraph.
    contract: Option<CaseContract>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseContract {
    #[serde(default)]
    include: Vec<String>,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    hide_unreachable: bool,
}

impl CaseOptions {
    /// The options of a folder; none if it has no such file.
    pub fn read(folder: &Path) -> Result<Option<Self>, Failed> {
        let file = folder.join("options.yaml");
        if !file.exists() {
            return Ok(None);
        }
        Ok(Some(serde_saphyr::from_str(&fs::read_to_string(file)?)?))
    }

    /// How to compose.
    pub fn compose(&self) -> Options {
        let version = self.federation_version.as_ref().and_then(|text| Version::parse(text));
        Options { federation_version: version, ..Options::default() }
    }

    /// The contract to apply.
    pub fn contract(&self) -> Option<Contract> {
        self.contract.as_ref().map(|contract| Contract {
            include: contract.include.clone(),
            exclude: contract.exclude.clone(),
            unreachable: if contract.hide_unreachable { Unreachable::Hide } else { Unreachable::Keep },
        })
    }
}
