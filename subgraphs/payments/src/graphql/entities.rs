//! Payments, orders and users as other subgraphs refer to them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use kit::{Caller, Entity, GlobalId, Result, request_data};

use super::loaders::Loaders;
use super::order::{Order, User};
use super::payment::Payment;
use crate::story::Story;
use crate::{OrderId, PaymentId, UserId};

/// The entity resolvers.
#[derive(Default)]
pub struct PaymentEntities;

/// The entity resolvers.
#[Object]
impl PaymentEntities {
    /// A payment by id, for its customer and administrators.
    #[graphql(entity)]
    async fn payment_by_id(&self, context: &Context<'_>, id: ID) -> Entity<Payment> {
        Entity::find(async { find_payment(context, PaymentId::parse_global(&id)?).await }).await
    }

    /// An order by id; orders itself knows whether there is one.
    #[graphql(entity)]
    async fn order_by_id(&self, id: ID) -> Entity<Order> {
        Entity::find(async { Ok(Some(Order { id: OrderId::parse_global(&id)? })) }).await
    }

    /// A user by id; users itself knows whether there is one.
    #[graphql(entity)]
    async fn user_by_id(&self, id: ID) -> Entity<User> {
        Entity::find(async { Ok(Some(User { id: UserId::parse_global(&id)? })) }).await
    }
}

/// The payment with this id, for its customer and administrators. To other users it is as if there were none.
pub(super) async fn find_payment(context: &Context<'_>, id: PaymentId) -> Result<Option<Payment>> {
    let caller = Caller::from_context(context)?;
    caller.require_any_user()?;
    let story = request_data::<Loaders>(context)?.payments.load(id).await?;
    Ok(story.filter(|story| caller.may_read(customer_of(story))).and_then(Payment::of))
}

/// Whose a payment is; nobody's, if nobody asked for it.
fn customer_of(story: &Arc<Story>) -> UserId {
    let customer = story.payment.terms.as_ref().map(|terms| terms.customer_id.uuid());
    UserId::from_uuid(customer.unwrap_or_default())
}
