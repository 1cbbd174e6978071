//! `INVALID_LINK_IDENTIFIER`: a specification's URL is its name, compared letter by letter. One that only leads to the
//! same place, by another scheme, a port or other capitals, names a specification that nobody knows; without this
//! finding its author would read that the elements it brings are unknown.

use federation::link::Link;
use federation::subgraph::Subgraph;
use federation::vocabulary::SPECS_HOME;
use graphql::Diagnostic;

use crate::report;

/// Refuses links to the home of the specifications of federation by any other address than theirs.
pub(super) fn check<Stage>(subgraph: &Subgraph<Stage>) -> Vec<Diagnostic> {
    let of_link = |link: &Link| {
        let right = right_address(link)?;
        let message = format!("The specification {} is called {right}: its URL is a name, not an address", link.url);
        let found = report::within(subgraph, "INVALID_LINK_IDENTIFIER", link.location, message);
        Some(found.help(format!("Write {right}")))
    };
    subgraph.links.all.iter().filter_map(of_link).collect()
}

/// What a link that names the right host in another way should say.
fn right_address(link: &Link) -> Option<String> {
    let identity = link.url.identity.as_str();
    if identity.starts_with(SPECS_HOME) {
        return None;
    }
    let (_, home) = SPECS_HOME.split_once("://")?;
    let (authority, path) = identity.split_once("://")?.1.split_once('/')?;
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    let same = host.eq_ignore_ascii_case(home.trim_end_matches('/'));
    same.then(|| format!("{SPECS_HOME}{}/v{}", path.to_ascii_lowercase(), link.url.version))
}
