//! Where objects are: invoices, exports.

use object_storage::Folder;
use serde::Deserialize;
use url::Url;

use super::Secret;

/// The storage of objects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ObjectsConfig {
    /// None: what makes documents waits, and nobody gets links. `dev` takes a folder of its own then.
    #[default]
    None,
    /// A bucket of S3, or of what behaves like it.
    S3 {
        /// Where it is; without one Amazon's own in the region.
        endpoint: Option<Url>,
        /// Where clients who follow links reach it, if elsewhere.
        public_endpoint: Option<Url>,
        /// The bucket, which is there, and private.
        bucket: String,
        /// Its region.
        #[serde(default = "default_region")]
        region: String,
        /// As whom.
        access_key_id: Secret,
        /// The secret.
        secret_access_key: Secret,
    },
    /// A folder that this process serves: `dev`'s alone, in no file.
    #[serde(skip)]
    Folder(Folder),
}

/// Amazon's first, which others take for their own.
fn default_region() -> String {
    "us-east-1".to_owned()
}
