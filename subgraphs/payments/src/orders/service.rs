//! Asking the orders service: `GET /internal/v1/orders/{id}/customer`, in the process or over TCP.

use std::time::Duration;

use futures::future::BoxFuture;
use kit::internal::InternalClient;
use serde::Deserialize;
use wire::id::{OrderId, UserId};

use super::{Customer, Orders, OrdersError};

/// How long it is waited for an answer: whoever takes money waits for a bank afterwards.
const CUSTOMER_WITHIN: Duration = Duration::from_secs(3);

/// The orders service.
#[derive(Clone, Debug)]
pub struct OrdersService {
    client: InternalClient,
}

/// An order's customer, as the service tells of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    customer_id: UserId,
    is_erased: bool,
}

impl OrdersService {
    /// By a client of the orders service, which must let `payments` call.
    #[must_use]
    pub fn new(client: InternalClient) -> Self {
        Self { client }
    }

    async fn ask_customer(&self, order_id: OrderId) -> Result<Option<Customer>, OrdersError> {
        let call = self.client.get(&["orders", &order_id.to_string(), "customer"]).within(CUSTOMER_WITHIN);
        match call.send().await {
            Ok(Told { customer_id, is_erased }) => Ok(Some(Customer { id: customer_id, is_erased })),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) if error.is_transient() || error.is_of_another() => Err(OrdersError::Unavailable(error.into())),
            Err(error) => Err(OrdersError::Fault(error.into())),
        }
    }
}

impl Orders for OrdersService {
    fn customer(&self, order_id: OrderId) -> BoxFuture<'_, Result<Option<Customer>, OrdersError>> {
        Box::pin(self.ask_customer(order_id))
    }
}
