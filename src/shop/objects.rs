//! Where objects are kept, by configuration; and `dev`'s own folder of them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use kit::objects::ObjectStorage;
use object_storage::{Folder, S3, S3Config};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::config::ObjectsConfig;
use crate::failure::{Failure, chain};
use crate::{listen, serving};

/// Downloads under way get this long when the process is told to stop: as long as requests of `dev`.
const DRAIN: Duration = Duration::from_secs(2);

/// The configured storage, if there is one.
pub fn open(config: &ObjectsConfig) -> Result<Option<Arc<dyn ObjectStorage>>, Failure> {
    Ok(match config {
        ObjectsConfig::None => None,
        ObjectsConfig::Folder(folder) => Some(Arc::new(folder.clone())),
        ObjectsConfig::S3 { endpoint, public_endpoint, bucket, region, access_key_id, secret_access_key } => {
            let config = S3Config {
                endpoint: endpoint.clone(),
                public_endpoint: public_endpoint.clone(),
                bucket: bucket.clone(),
                region: region.clone(),
                access_key_id: access_key_id.expose().to_owned(),
                secret_access_key: secret_access_key.expose().to_owned(),
            };
            Some(Arc::new(S3::open(&config).map_err(|error| Failure::Refused(chain(&error)))?))
        }
    })
}

/// A folder of objects whose links are followed at a port of its own, to this machine alone.
pub struct ServedFolder {
    router: Router,
    listener: Option<TcpListener>,
}

impl ServedFolder {
    /// Takes the folder where no other storage is configured, and a free port.
    pub fn open(config: &mut ObjectsConfig, folder: &Path) -> Result<Self, Failure> {
        if !matches!(config, ObjectsConfig::None) {
            return Ok(Self { router: Router::new(), listener: None });
        }
        let listener = listen::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr().map_err(Failure::environment)?;
        let base = Url::parse(&format!("http://{address}/")).map_err(Failure::environment)?;
        let folder = Folder::open(folder, base).map_err(|error| Failure::environment(chain(&error)))?;
        let router = folder.router();
        *config = ObjectsConfig::Folder(folder);
        Ok(Self { router, listener: Some(listener) })
    }

    /// Follows links until `shutdown`.
    pub async fn serve(self, shutdown: CancellationToken) {
        if let Some(listener) = self.listener {
            serving::plain(listener, self.router, DRAIN, shutdown).await;
        }
    }
}
