//! What of the catalogue is kept in front of its store, and what outdates it: any event about a product, which tells its version.

use std::mem::size_of;
use std::sync::Arc;

use kit::cache::{CacheValue, Change, Invalidation, Told, Version, about_subject};
use kit::recent_writers::Reader;
use kit::{Cache, Reads, Workers};
use wire::Domain;
use wire::bus::Bus;
use wire::event::Envelope;
use wire::topic::{Purpose, Topic};

use crate::ProductId;
use crate::domain::{Attribute, Block, Product, Variant};

/// A process's caches.
#[derive(Clone)]
pub struct ProductCaches {
    /// Products.
    pub products: Cache<ProductId, Product>,
}

impl ProductCaches {
    /// Empty ones.
    pub fn new(reads: &Reads) -> Self {
        Self { products: reads.cache() }
    }

    /// What they forget, and when. Notices go through the database of `reads`, wherever the catalogue itself is.
    pub fn invalidation(&self, reads: &Reads) -> Invalidation {
        let about_product = |envelope: &Envelope| Ok(about_subject(envelope));
        Invalidation::new(Domain::Products, reads.database().clone()).with(&self.products, about_product)
    }
}

/// What a request that writes has to tell once it has: caches, and its caller.
#[derive(Clone)]
pub struct Heard {
    /// The process's.
    pub caches: ProductCaches,
    /// The request's.
    pub reader: Reader,
}

impl Heard {
    /// A product is written.
    pub async fn product(&self, product: &Product) {
        let change = Change::to(product.id, version(product));
        // Who isn't told now is told of the event.
        let _: Told = self.caches.products.forget(&[change]).await;
        self.anything().await;
    }

    /// Something is written that isn't kept.
    pub async fn anything(&self) {
        self.reader.wrote().await;
    }
}

/// Workers, and those that tell the caches of all processes what has changed.
#[must_use]
pub fn tell_caches(workers: Workers, reads: &Reads, bus: &Arc<dyn Bus>) -> Workers {
    let caches = ProductCaches::new(reads).invalidation(reads);
    caches.tell_in(workers, bus, &Topic::of(Domain::Products, Purpose::Events))
}

/// Which state of a product this is.
pub fn version(product: &Product) -> Version {
    Version(u64::from(product.version.unsigned_abs()))
}

impl CacheValue for Product {
    const KIND: &'static str = "product";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        let Self { sku, name, description, category, .. } = self;
        let texts = [sku, name, description, category].iter().map(|text| text.capacity()).sum::<usize>();
        let variant = |variant: &Variant| variant.sku.capacity() + attributes(&variant.attributes);
        let variants =
            self.variants.capacity() * size_of::<Variant>() + self.variants.iter().map(variant).sum::<usize>();
        let blocks =
            self.blocks.capacity() * size_of::<Block>() + self.blocks.iter().map(Block::heap_bytes).sum::<usize>();
        texts + attributes(&self.attributes) + variants + blocks
    }
}

fn attributes(attributes: &Vec<Attribute>) -> usize {
    let texts = |attribute: &Attribute| attribute.name.capacity() + attribute.value.capacity();
    attributes.capacity() * size_of::<Attribute>() + attributes.iter().map(texts).sum::<usize>()
}
