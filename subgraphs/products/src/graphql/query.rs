//! `type Query`: one product, or pages of them.

use async_graphql::{Context, Object};
use kit::{Connection, PageBound, PageRequest, Result, request_data};

use super::filter::{ProductFilter, ProductOrder};
use super::loaders::Loaders;
use super::product::Product;
use super::store;
use crate::ProductId;
use crate::domain::{self, ProductPosition};

/// Reading the catalogue: open to everyone.
#[derive(Default)]
pub struct CatalogueQuery;

/// Reading the catalogue.
#[Object]
impl CatalogueQuery {
    /// The product with this id, or null.
    async fn product(&self, context: &Context<'_>, id: ProductId) -> Result<Option<Product>> {
        let loaders = request_data::<Loaders>(context)?;
        Ok(loaders.by_id.load(id).await?.map(Product))
    }

    /// The products that meet `filter`, in the order of `orderBy`. Cursors are good for one order.
    #[expect(clippy::too_many_arguments, reason = "a connection field has four arguments of its own")]
    async fn products(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; all when left out.")] filter: Option<ProductFilter>,
        #[graphql(desc = "`NAME` when left out.")] order_by: Option<ProductOrder>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Product>>> {
        let order = order_by.map_or(domain::ProductOrder::Name, domain::ProductOrder::from);
        let filter = filter.unwrap_or_default().into_domain()?;
        let page = PageRequest::<ProductPosition>::parse(first, after, last, before, bound(order))?;
        let store = store(context).await?;
        let rows = store.product_list(&filter, order, &page).await?;
        let products = rows.into_iter().map(Product::from).collect();
        page.connection(products, |product| ProductPosition::of(&product.0, order)).map(Some)
    }
}

const fn bound(order: domain::ProductOrder) -> PageBound {
    PageBound::new(match order {
        domain::ProductOrder::Name => "products:name",
        domain::ProductOrder::PriceAscending => "products:price",
        domain::ProductOrder::PriceDescending => "products:-price",
        domain::ProductOrder::Newest => "products:newest",
    })
}
