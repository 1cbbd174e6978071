//! Where the catalogue is.

use mongo_catalogue::MongoConfig;
use serde::Deserialize;

use super::Secret;

/// The store of products, categories and pages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CatalogueConfig {
    /// The database of products.
    #[default]
    Postgres,
    /// MongoDB, or what speaks as it does. What consumers have seen stays in the database of products.
    Mongodb {
        /// Where it is: `mongodb://name:password@host:27017`.
        url: Secret,
        /// The database there, and bounds.
        #[serde(default)]
        options: MongoConfig,
    },
}
