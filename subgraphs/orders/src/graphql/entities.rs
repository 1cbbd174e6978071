//! Orders, users, products and their variants as other subgraphs refer to them.

use async_graphql::{Any, Context, ID, Object};
use kit::{Caller, Entity, GlobalId, Result, request_data};

use super::loaders::Loaders;
use super::order::Order;
use super::product::Product;
use super::user::User;
use super::variant::ProductVariant;
use crate::{OrderId, ProductId, UserId, VariantId};

/// The entity resolvers.
#[derive(Default)]
pub struct OrderEntities;

/// The entity resolvers.
#[Object]
impl OrderEntities {
    /// An order by id, for its customer and administrators.
    #[graphql(entity)]
    async fn order_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Order> {
        Entity::find(async { find_order(context, OrderId::parse_global(&id)?).await }).await
    }

    /// A user by id; users itself knows whether there is one.
    #[graphql(entity)]
    async fn user_by_id(&self, id: ID) -> Entity<User> {
        Entity::find(async { Ok(Some(User { id: UserId::parse_global(&id)? })) }).await
    }

    /// A product by id; products itself knows whether there is one.
    #[graphql(entity)]
    async fn product_by_id(&self, #[graphql(key)] id: ID, price: Option<Any>, weight: Option<Any>) -> Entity<Product> {
        Entity::find(async {
            let id = ProductId::parse_global(&id)?;
            Ok(Some(Product::with_required(id, price, weight)))
        })
        .await
    }

    /// A variant by id; products itself knows whether there is one.
    #[graphql(entity)]
    async fn product_variant_by_id(&self, id: ID) -> Entity<ProductVariant> {
        Entity::find(async { Ok(Some(ProductVariant(VariantId::parse_global(&id)?))) }).await
    }
}

/// The order with this id, for its customer and administrators. To other users it is as if there were none, so that nobody learns which
/// ids are orders'.
pub(super) async fn find_order(context: &Context<'_>, id: OrderId) -> Result<Option<Order>> {
    let caller = Caller::from_context(context)?;
    caller.require_any_user()?;
    let order = request_data::<Loaders>(context)?.orders.load(id).await?;
    Ok(order.filter(|order| caller.may_read(order.customer_id)).map(Order))
}
