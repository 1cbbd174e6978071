//! A database a test, cloned from a template that was migrated once.

use std::collections::HashMap;

use diesel_migrations::EmbeddedMigrations;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::server;
use crate::database::{Database, DatabaseConfig, connect_raw};

/// The templates of this process, by service.
static TEMPLATES: Mutex<Option<HashMap<String, String>>> = Mutex::const_new(None);

/// A migrated, empty database of one test's own; dropped with it.
pub struct TestDatabase {
    name: String,
    url: String,
    database: Database,
}

impl TestDatabase {
    /// A new database for `service`. Needs a multi-threaded runtime.
    ///
    /// The server is the one that `TEST_DATABASE_URL` names (its user must be
    /// allowed to create databases), else a throwaway one of this process.
    pub async fn create(service: &str, migrations: EmbeddedMigrations) -> Self {
        let admin_url = server::admin_url();
        let name = format!("test_{service}_{}", Uuid::now_v7().simple());
        {
            let mut templates = TEMPLATES.lock().await;
            let templates = templates.get_or_insert_default();
            if !templates.contains_key(service) {
                let template = migrated_template(&admin_url, service, migrations).await;
                templates.insert(service.to_owned(), template);
            }
            let template = templates.get(service).expect("the template just made");
            execute(&admin_url, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        }
        Self::open(&admin_url, name).await
    }

    /// A new database without tables. Needs a multi-threaded runtime.
    pub async fn create_empty() -> Self {
        let admin_url = server::admin_url();
        let name = format!("test_empty_{}", Uuid::now_v7().simple());
        execute(&admin_url, &format!("CREATE DATABASE {name}")).await;
        Self::open(&admin_url, name).await
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn open(admin_url: &str, name: String) -> Self {
        let url = with_database(admin_url, &name);
        let config = DatabaseConfig { pool_size_max: 8, ..DatabaseConfig::default() };
        let database = Database::connect(&url, config).await.expect("the test's database");
        Self { name, url, database }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        // The throwaway server goes whole; only a shared one needs care.
        let Some(admin_url) = server::shared_url() else {
            return;
        };
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(execute(&admin_url, &statement));
            }
        });
        drop(dropping.join());
    }
}

async fn migrated_template(admin_url: &str, service: &str, migrations: EmbeddedMigrations) -> String {
    let template = format!("template_{service}_{}", Uuid::now_v7().simple());
    execute(admin_url, &format!("CREATE DATABASE {template}")).await;
    let url = with_database(admin_url, &template);
    let database = Database::connect(&url, DatabaseConfig::default()).await.expect("the template's database");
    database.migrate(migrations).await.expect("migrations");
    drop(database);
    // PostgreSQL copies no database that someone is connected to.
    execute(admin_url, &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"))
        .await;
    template
}

async fn execute(url: &str, statement: &str) {
    let client = connect_raw(url).await.expect("the test server");
    if let Err(error) = client.batch_execute(statement).await {
        panic!("{statement}: {}", crate::database::describe(&error));
    }
}

/// `url` with another database name.
fn with_database(url: &str, name: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a postgres:// URL");
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(r, q)| (r, Some(q)));
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let query = query.map_or_else(String::new, |query| format!("?{query}"));
    format!("{scheme}://{authority}/{name}{query}")
}
