//! What payments add to `type Order`, and whose a payment is.

use async_graphql::{Context, Object, SimpleObject};
use kit::{Caller, GlobalId as _, Result, count_rows, request_data};

use super::loaders::Loaders;
use super::payment::Payment;
use crate::{OrderId, PaymentId, UserId};

/// An order, known here by key only.
pub struct Order {
    /// The key.
    pub id: OrderId,
}

// Orders describes the type and its key.
#[Object]
impl Order {
    async fn id(&self) -> OrderId {
        self.id
    }

    /// What was paid for the order, or tried to be, the oldest first: at most 50. Of the caller's own payments, or of all for
    /// administrators.
    async fn payments(&self, context: &Context<'_>) -> Result<Option<Vec<Payment>>> {
        let caller = Caller::from_context(context)?;
        caller.require_any_user()?;
        let loaders = request_data::<Loaders>(context)?;
        let listed = loaders.by_order.load(self.id).await?;
        let listed = listed.iter().flat_map(|payments| payments.iter());
        let visible = listed.filter(|(_, customer)| caller.may_read(UserId::from_uuid(*customer)));
        let ids: Vec<PaymentId> = visible.map(|(payment, _)| PaymentId::from_uuid(*payment)).collect();
        count_rows(context, ids.len())?;
        let mut stories = loaders.payments.load_each(ids.clone()).await?;
        let found = ids.iter().filter_map(|id| stories.remove(id));
        Ok(Some(found.filter_map(|story| Payment::of_list(context, story)).collect()))
    }
}

// Users describes the type and its key.
#[derive(SimpleObject)]
pub struct User {
    pub id: UserId,
}
