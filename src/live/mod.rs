//! A supergraph that follows its subgraphs while people work on them: their schemas are read again and again, composed
//! in memory, and served once they compose. Until then the last good one is.
//!
//! What is wrong is told on the terminal and on the page, each time it changes.

mod subgraphs;

use std::sync::Arc;
use std::time::Duration;

use federation::{Limits, Supergraph};
use gateway::{Edition, Gateway};
use graphql::{Diagnostic, Schema, Valid};

use crate::console;
use crate::failure::{Failure, chain};
use subgraphs::Look;
pub use subgraphs::{Introduction, Origin, Subgraphs, check_names, parse_urls};

/// Between two looks at the subgraphs: what a person who has just saved a file doesn't wait for.
const INTERVAL: Duration = Duration::from_secs(1);

/// Makes what is served of a supergraph, given with the schemas of its subgraphs by which plans are proved.
pub type MakeEdition = Box<dyn Fn(Loaded) -> Result<Edition, Failure> + Send + Sync>;

/// A supergraph with the schemas of its subgraphs by id.
pub struct Loaded {
    /// The supergraph.
    pub supergraph: Arc<Supergraph>,
    /// The schemas.
    pub schemas: Vec<Valid<Schema>>,
}

/// Keeps a gateway at the newest version of its subgraphs that composes.
pub struct Live {
    gateway: Gateway,
    subgraphs: Subgraphs,
    edition: MakeEdition,
    /// The schema that is served.
    served: Option<String>,
    /// Whether the last version was refused.
    refused: bool,
}

impl Live {
    /// For a gateway that serves none of it yet.
    pub fn new(gateway: Gateway, subgraphs: Subgraphs, edition: MakeEdition) -> Self {
        Self { gateway, subgraphs, edition, served: None, refused: false }
    }

    /// Follows for ever.
    pub async fn follow(mut self) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            self.look().await;
        }
    }

    /// Looks once, and serves what is new if it composes.
    pub async fn look(&mut self) {
        let Some(Look { composed, complaints }) = self.subgraphs.look().await else { return };
        let mut findings = complaints;
        let served = match composed {
            Ok(sdl) if self.served.as_ref() == Some(&sdl) => Ok(()),
            Ok(sdl) => self.serve(sdl).await,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = served {
            let text = failure.to_string();
            self.gateway.refused_reload(&text);
            findings.push(text);
        }
        self.tell(&findings);
    }

    async fn serve(&mut self, sdl: String) -> Result<(), Failure> {
        let loaded = load(sdl.clone()).await?;
        let edition = (self.edition)(loaded)?;
        self.gateway.reload(edition).await.map_err(|error| Failure::environment(chain(&error)))?;
        self.served = Some(sdl);
        Ok(())
    }

    fn tell(&mut self, findings: &[String]) {
        if findings.is_empty() {
            self.gateway.tell_findings(None);
            console::tell(if self.refused { "the subgraphs compose again" } else { "composed" });
        } else {
            let text = findings.join("\n\n");
            let what = if self.served.is_some() { "\n\nthe last version that composed is served" } else { "" };
            console::tell(&format!("{text}{what}"));
            self.gateway.tell_findings(Some(text));
        }
        self.refused = !findings.is_empty();
    }
}

/// Loads a schema beside the serving threads.
async fn load(sdl: String) -> Result<Loaded, Failure> {
    let loading = move || {
        let supergraph = Arc::new(Supergraph::parse(&sdl, Limits::default())?);
        Ok(Loaded { supergraph, schemas: Supergraph::subgraph_schemas(&sdl, Limits::default())? })
    };
    let loaded: Result<Result<Loaded, Vec<Diagnostic>>, _> = tokio::task::spawn_blocking(loading).await;
    loaded.map_err(|_| Failure::environment("loading the supergraph broke off"))?.map_err(|findings| {
        let messages = findings.iter().map(|finding| format!("error[{}]: {}", finding.code, finding.message));
        Failure::Refused(messages.collect::<Vec<_>>().join("\n"))
    })
}
