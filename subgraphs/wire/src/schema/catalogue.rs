//! Every type that travels, with its schema.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::command::{Command, Reply};
use crate::commands;
use crate::domain::Domain;
use crate::event::{Data, Payload, ReadError, TypeName, read_version};
use crate::events;

/// Where a type's schema is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Folder {
    /// What has happened.
    Events,
    /// What is asked for and answered.
    Commands,
}

/// One type that travels.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// Who defines it.
    pub domain: Domain,
    /// Its name.
    pub name: &'static str,
    /// Its newest version, the one that is written.
    pub version: u16,
    schema: fn() -> Value,
    read_back: fn(u16, &Data) -> Result<Data, ReadError>,
}

/// An enum over types, as [`dispatch!`](crate::dispatch) makes one.
pub trait Types {
    /// Those that it is made of.
    const TYPES: &'static [Type];
}

/// All types, each once.
pub fn catalogue() -> impl Iterator<Item = (Folder, Type)> {
    let events = [
        events::users::UserEvent::TYPES,
        events::products::ProductEvent::TYPES,
        events::stock::StockEvent::TYPES,
        events::orders::OrderEvent::TYPES,
        events::payments::PaymentEvent::TYPES,
        events::notifications::NotificationEvent::TYPES,
    ];
    let events = events.into_iter().flatten().map(|kind| (Folder::Events, *kind));
    events.chain(commands::TYPES.iter().flatten().map(|kind| (Folder::Commands, *kind)))
}

/// Whether any of them is of this name, of whichever version.
#[must_use]
pub fn is_known(type_name: &str) -> bool {
    TypeName::parse(type_name).is_some_and(|name| catalogue().any(|(_, kind)| kind.is_named(&name)))
}

impl Folder {
    /// Its name below `schema/`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Commands => "commands",
        }
    }
}

impl Type {
    /// A payload's.
    #[must_use]
    pub const fn of<P: Payload>() -> Self {
        Self {
            domain: P::DOMAIN,
            name: P::NAME,
            version: P::VERSION,
            schema: schema::<P>,
            read_back: |version, data| Data::of(&read_version::<P>(version, data)?).map_err(ReadError::Data),
        }
    }

    /// A command's, and its reply's.
    #[must_use]
    pub const fn of_command<C: Command>() -> [Self; 2] {
        [Self::of::<C>(), Self::of::<Reply<C>>()]
    }

    /// Whether a name is its, of whichever version.
    #[must_use]
    pub fn is_named(&self, name: &TypeName<'_>) -> bool {
        (name.domain, name.name) == (self.domain.as_str(), self.name)
    }

    /// Its name on envelopes: `supergraph.orders.placed.v1`.
    #[must_use]
    pub fn type_name(&self) -> String {
        TypeName { domain: self.domain.as_str(), name: self.name, version: self.version }.to_string()
    }

    /// Where a version's schema is kept, below `schema/`: `events/orders/placed.v1.json`.
    #[must_use]
    pub fn path(&self, folder: Folder, version: u16) -> String {
        format!("{}/{}/{}.v{version}.json", folder.as_str(), self.domain, self.name)
    }

    /// Where the schema is kept that a version had at first: `events/orders/first/placed.v1.json`. Never written again.
    #[must_use]
    pub fn first_path(&self, folder: Folder, version: u16) -> String {
        format!("{}/{}/first/{}.v{version}.json", folder.as_str(), self.domain, self.name)
    }

    /// The newest version's schema: draft 2020-12 of JSON Schema, of what is read.
    #[must_use]
    pub fn schema(&self) -> Value {
        (self.schema)()
    }

    /// The schema as it is committed: keys sorted, so that no feature of a library moves them.
    #[must_use]
    pub fn schema_text(&self) -> String {
        let mut schema = self.schema();
        schema.sort_all_objects();
        format!("{schema:#}\n")
    }

    /// Reads data of a version and writes what was understood, as the newest one.
    ///
    /// # Errors
    /// [`ReadError`] for what a consumer could not read.
    pub fn read_back(&self, version: u16, data: &Data) -> Result<Data, ReadError> {
        (self.read_back)(version, data)
    }
}

fn schema<P: Payload>() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<P>();
    let name = TypeName { domain: P::DOMAIN.as_str(), name: P::NAME, version: P::VERSION };
    schema.insert("title".to_owned(), name.to_string().into());
    schema.to_value()
}
