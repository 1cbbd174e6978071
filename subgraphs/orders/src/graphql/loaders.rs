//! Orders, their lines and addresses, and pages of orders, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::try_join_all;
use kit::cache::{Loaded, Versioned};
use kit::database::Freshness;
use kit::loader::{Source, Through, whole};
use kit::recent_writers::Reader;
use kit::{Batch, Error, Loader, PageRequest, Result, describe};

use crate::caches::{OrderCaches, version};
use crate::domain::{Address, InvoiceView, OrderLine, OrderPosition, OrderView};
use crate::payments::{ORDERS_MAX, PaymentState, PaymentStates, Payments, PaymentsError};
use crate::store::OrderStore;
use crate::{OrderId, UserId};

/// A page of one customer's orders.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageKey {
    /// Whose.
    pub customer: UserId,
    /// Which.
    pub page: PageRequest<OrderPosition>,
    /// Whether it is the caller's own list, in which what they have just written must be.
    pub is_own: bool,
}

/// The loaders of one request.
pub struct Loaders {
    /// Orders by id.
    pub orders: Loader<OrderId, Arc<OrderView>, Through<OrderId, OrderView, ById>>,
    /// Lines by order.
    pub lines: Loader<OrderId, Arc<[OrderLine]>, LinesByOrder>,
    /// Addresses by order.
    pub addresses: Loader<OrderId, Address, AddressesByOrder>,
    /// How orders are paid.
    pub payments: Loader<OrderId, PaymentState, PaymentsByOrder>,
    /// Invoices by order.
    pub invoices: Loader<OrderId, InvoiceView, InvoicesByOrder>,
    /// Pages by customer.
    pub pages: Loader<PageKey, Arc<[Arc<OrderView>]>, PagesByCustomer>,
}

impl Loaders {
    /// Fresh loaders over `store`, through `caches`, and over `payments`, for who `reader` is.
    pub fn new(store: &OrderStore, caches: &OrderCaches, payments: &Arc<dyn Payments>, reader: &Reader) -> Self {
        Self {
            orders: Loader::through(&caches.orders, reader, ById(store.clone())),
            lines: Loader::new(LinesByOrder(store.clone(), reader.clone())),
            addresses: Loader::new(AddressesByOrder(store.clone(), reader.clone())),
            payments: Loader::new(PaymentsByOrder(Arc::clone(payments))),
            invoices: Loader::new(InvoicesByOrder(store.clone())),
            pages: Loader::new(PagesByCustomer(store.clone(), reader.clone())),
        }
    }
}

/// Reads orders by id.
pub struct ById(OrderStore);

impl Source<OrderId, OrderView> for ById {
    async fn read(&self, keys: Vec<OrderId>, freshness: Freshness) -> Result<Loaded<OrderId, OrderView>> {
        let found = self.0.order_list_by_id(&keys, freshness).await?;
        let versioned = |order: OrderView| Versioned { version: version(&order), value: order };
        Ok(found.into_iter().map(|(id, order)| (id, order.map(versioned).map_err(Error::from))).collect())
    }
}

/// Loads lines by order.
pub struct LinesByOrder(OrderStore, Reader);

impl Batch<OrderId, Arc<[OrderLine]>> for LinesByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Arc<[OrderLine]>>> {
        let found = self.0.line_list_by_order(keys, self.1.freshness().await).await?;
        Ok(found.into_iter().map(|(id, lines)| (id, lines.into())).collect())
    }
}

/// Loads addresses by order.
pub struct AddressesByOrder(OrderStore, Reader);

impl Batch<OrderId, Address> for AddressesByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Address>> {
        Ok(self.0.address_list_by_order(keys, self.1.freshness().await).await?)
    }
}

/// Asks how orders are paid: by one call for each hundred of them.
pub struct PaymentsByOrder(Arc<dyn Payments>);

impl Batch<OrderId, PaymentState> for PaymentsByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, PaymentState>> {
        whole(self.load_each(keys).await?)
    }

    async fn load_each(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Result<PaymentState>>> {
        let asked = try_join_all(keys.chunks(ORDERS_MAX).map(|orders| self.0.states(orders))).await;
        let states = asked.map_err(|error| match error {
            PaymentsError::Unavailable(cause) => {
                tracing::warn!(cause = %describe(&*cause), "payments doesn't say how orders are paid");
                Error::Unavailable("It can't be said now how orders are paid")
            }
            error @ PaymentsError::Fault(_) => Error::internal(error),
        })?;
        let unreadable = |order| (order, Err(Error::internal("payments can't read an order's payment")));
        let each = |states: PaymentStates| {
            let known = states.known.into_iter().map(|state| (state.order_id, Ok(state)));
            known.chain(states.unreadable.into_iter().map(unreadable))
        };
        Ok(states.into_iter().flat_map(each).collect())
    }
}

/// Loads invoices by order.
pub struct InvoicesByOrder(OrderStore);

impl Batch<OrderId, InvoiceView> for InvoicesByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, InvoiceView>> {
        Ok(self.0.invoice_list_by_order(keys).await?)
    }
}

/// Loads pages by customer: one statement for all customers whose page is the same stretch.
pub struct PagesByCustomer(OrderStore, Reader);

impl Batch<PageKey, Arc<[Arc<OrderView>]>> for PagesByCustomer {
    async fn load(&self, keys: &[PageKey]) -> Result<HashMap<PageKey, Arc<[Arc<OrderView>]>>> {
        let mut requests: Vec<(&PageRequest<OrderPosition>, Vec<UserId>)> = Vec::new();
        let (mut is_fresh, freshness) = (false, self.1.freshness().await);
        for PageKey { customer, page: request, is_own } in keys {
            // Here rather than in the resolver, so that all still go together.
            if *is_own && !std::mem::replace(&mut is_fresh, true) {
                self.0.wait_until_fresh(*customer, freshness).await?;
            }
            match requests.iter_mut().find(|(known, _)| *known == request) {
                Some((_, customers)) => customers.push(*customer),
                None => requests.push((request, vec![*customer])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (request, customers) in requests {
            let mut found = self.0.order_list_by_customer(&customers, request, freshness).await?;
            for key in keys.iter().filter(|key| key.page == *request) {
                let page = found.remove(&key.customer).unwrap_or_default();
                pages.insert(key.clone(), page.into_iter().map(Arc::new).collect());
            }
        }
        Ok(pages)
    }
}
