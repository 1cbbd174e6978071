//! The GraphiQL page: a pinned release, from a folder or a public CDN, under a content security policy.
//!
//! Only the four files listed here are ever served, from memory and checked against their hashes: no path that a client
//! sends reaches the file system.

mod page;

use aws_lc_rs::digest::{SHA384, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;

use crate::config::Config;
use crate::{GatewayError, Sources};
pub(crate) use page::{Page, START_SCRIPT, WAITING_SCRIPT};

/// A file of a pinned npm package.
#[derive(Debug, PartialEq, Eq)]
pub struct Asset {
    /// The package.
    pub package: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The file within the package.
    pub file: &'static str,
    /// The last part of [`Asset::file`], by which the router serves it.
    pub name: &'static str,
    /// SHA-384 of its bytes, in base64.
    pub sha384: &'static str,
    /// Its media type.
    pub content_type: &'static str,
}

/// The files that the page needs, in the order in which scripts run. GraphiQL 4 is the last that comes as a plain
/// script, React 18 likewise.
pub const ASSETS: [Asset; 4] = [
    Asset {
        package: "graphiql",
        version: "4.1.2",
        file: "graphiql.min.css",
        name: "graphiql.min.css",
        sha384: "1el1QShFBnnXTx9x/Cprg82hZWKt0ry29OAYIXt05swbi0KcZDFoj0CWguMpopJr",
        content_type: "text/css; charset=utf-8",
    },
    Asset {
        package: "react",
        version: "18.3.1",
        file: "umd/react.production.min.js",
        name: "react.production.min.js",
        sha384: "DGyLxAyjq0f9SPpVevD6IgztCFlnMF6oW/XQGmfe+IsZ8TqEiDrcHkMLKI6fiB/Z",
        content_type: "text/javascript; charset=utf-8",
    },
    Asset {
        package: "react-dom",
        version: "18.3.1",
        file: "umd/react-dom.production.min.js",
        name: "react-dom.production.min.js",
        sha384: "gTGxhz21lVGYNMcdJOyq01Edg0jhn/c22nsx0kyqP0TxaV5WVdsSH1fSDUf5YJj1",
        content_type: "text/javascript; charset=utf-8",
    },
    Asset {
        package: "graphiql",
        version: "4.1.2",
        file: "graphiql.min.js",
        name: "graphiql.min.js",
        sha384: "9XdHu7ajgGJziD4J1zNBKQ842Q/+zZfDv+ib1eMhZWBH6hPAs806x+Jbcf0yNO6B",
        content_type: "text/javascript; charset=utf-8",
    },
];

/// The page with its files, ready to be served.
pub(crate) struct Graphiql {
    pub page: Page,
    /// In the order of [`ASSETS`]; empty unless they come from a folder.
    pub files: Vec<Bytes>,
}

impl Graphiql {
    /// `None` when there is to be no page.
    pub(crate) fn new(config: &Config, sources: &dyn Sources) -> Result<Option<Self>, GatewayError> {
        let (config, plans) = (&config.graphiql, &config.query_plans);
        if !config.enabled {
            return Ok(None);
        }
        let files = match &config.assets {
            Some(folder) => ASSETS.iter().map(|asset| read(folder, asset, sources)).collect::<Result<_, _>>()?,
            None => Vec::new(),
        };
        Ok(Some(Self { page: Page::new(config, plans), files }))
    }

    /// A file by the name under which it is served.
    pub(crate) fn file(&self, name: &str) -> Option<(&'static Asset, Bytes)> {
        ASSETS.iter().zip(&self.files).find(|(asset, _)| asset.name == name).map(|(asset, file)| (asset, file.clone()))
    }
}

/// Reads a file from a folder that is a `node_modules`, or has one.
fn read(folder: &str, asset: &Asset, sources: &dyn Sources) -> Result<Bytes, GatewayError> {
    let folder = folder.trim_end_matches('/');
    let below = format!("{folder}/node_modules/{}/{}", asset.package, asset.file);
    let beside = format!("{folder}/{}/{}", asset.package, asset.file);
    let (path, read) = match sources.read_file(&below) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (beside.clone(), sources.read_file(&beside)),
        read => (below, read),
    };
    let bytes = read.map_err(|source| GatewayError::File { key: "graphiql.assets", path: path.clone(), source })?;
    if STANDARD.encode(digest(&SHA384, &bytes)) != asset.sha384 {
        return Err(GatewayError::GraphiqlAsset { path, package: asset.package, version: asset.version });
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    struct Folder(fn(&str) -> io::Result<Vec<u8>>);

    impl Sources for Folder {
        fn read_file(&self, path: &str) -> io::Result<Vec<u8>> {
            (self.0)(path)
        }

        fn environment(&self, _: &str) -> Option<String> {
            None
        }

        fn unix_seconds(&self) -> u64 {
            0
        }
    }

    fn enabled(assets: Option<&str>) -> Config {
        let mut config = Config::default();
        config.graphiql.enabled = true;
        config.graphiql.assets = assets.map(str::to_owned);
        config
    }

    #[test]
    fn files_of_another_release_are_refused() {
        let other = Folder(|_| Ok(b"alert(1)".to_vec()));
        let error = Graphiql::new(&enabled(Some("/assets")), &other).err().unwrap();
        assert!(error.to_string().contains("npm install graphiql@4.1.2"), "{error}");
    }

    #[test]
    fn a_missing_folder_is_named() {
        let empty = Folder(|_| Err(io::ErrorKind::NotFound.into()));
        let error = Graphiql::new(&enabled(Some("/assets/")), &empty).err().unwrap();
        assert!(error.to_string().contains("graphiql.assets from /assets/graphiql/graphiql.min.css"), "{error}");
    }

    #[test]
    fn there_is_no_page_unless_enabled() {
        let none = Folder(|_| Err(io::ErrorKind::NotFound.into()));
        assert!(Graphiql::new(&Config::default(), &none).unwrap().is_none());
    }
}
