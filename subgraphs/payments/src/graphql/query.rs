//! `type Query`: one payment, or pages of them.

use async_graphql::{Context, InputObject, Object};
use kit::database::{DatabaseError, ReadConnection};
use kit::recent_writers::Reader;
use kit::{Caller, Connection, Database, GlobalId as _, PageRequest, Result, request_data};

use super::NEWEST_FIRST;
use super::entities::find_payment;
use super::loaders::Loaders;
use super::payment::{Payment, PaymentStatus};
use crate::projection::{self, PaymentPosition};
use crate::{OrderId, PaymentId, UserId};

/// Reading payments.
#[derive(Default)]
pub struct PaymentQuery;

/// Reading payments.
#[Object]
impl PaymentQuery {
    /// The payment with this id, or null. For its customer and administrators.
    async fn payment(&self, context: &Context<'_>, id: PaymentId) -> Result<Option<Payment>> {
        find_payment(context, id).await
    }

    /// All payments, newest first. For administrators. What has just happened may be missing for a moment.
    async fn payments(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which ones; all when left out.")] filter: Option<PaymentFilter>,
        #[graphql(desc = "At most this many from the start; 20 when neither this nor `last` is given, at most 100.")]
        first: Option<i32>,
        #[graphql(desc = "Only what stands behind this cursor.")] after: Option<String>,
        #[graphql(desc = "At most this many from the end.")] last: Option<i32>,
        #[graphql(desc = "Only what stands before this cursor.")] before: Option<String>,
    ) -> Result<Option<Connection<Payment>>> {
        Caller::from_context(context)?.require_administrator()?;
        let page = PageRequest::parse(first, after, last, before, NEWEST_FIRST)?;
        let filter: projection::PaymentFilter = filter.unwrap_or_default().into();
        let freshness = Reader::from_context(context)?.freshness().await;
        let read = async |connection: &mut ReadConnection| {
            Ok::<_, DatabaseError>(projection::list(connection, filter, &page).await?)
        };
        let positions: Vec<PaymentPosition> = request_data::<Database>(context)?.read(freshness, read).await?;
        // The one beyond the page says only that there are more, and nothing is told of it.
        let on_page = positions.iter().take(usize::try_from(page.limit).unwrap_or(usize::MAX));
        let ids: Vec<PaymentId> = on_page.map(|position| PaymentId::from_uuid(position.id)).collect();
        let mut stories = request_data::<Loaders>(context)?.payments.load_each(ids).await?;
        let row = |position: PaymentPosition| {
            let story = stories.remove(&PaymentId::from_uuid(position.id));
            (position, story.and_then(|story| Payment::of_list(context, story)))
        };
        page.connection_of_some(positions.into_iter().map(row).collect()).map(Some)
    }
}

/// Which payments a list holds: all that meet every condition given.
#[derive(Default, InputObject)]
pub struct PaymentFilter {
    /// Payments in this status only.
    status: Option<PaymentStatus>,
    /// Payments of this order only.
    order_id: Option<OrderId>,
    /// Payments of this user only.
    customer_id: Option<UserId>,
}

impl From<PaymentFilter> for projection::PaymentFilter {
    fn from(filter: PaymentFilter) -> Self {
        Self {
            status: filter.status.map(Into::into),
            order_id: filter.order_id.map(|id| id.uuid()),
            customer_id: filter.customer_id.map(|id| id.uuid()),
        }
    }
}
