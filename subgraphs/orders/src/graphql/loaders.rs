//! Orders, lines and pages of orders, many at once, for one request.

use std::collections::HashMap;
use std::sync::Arc;

use kit::{Batch, Loader, PageRequest, Result};

use crate::domain::{Order, OrderLine, OrderPosition};
use crate::store::OrderStore;
use crate::{OrderId, UserId};

/// A page of one customer's orders.
pub type PageKey = (UserId, PageRequest<OrderPosition>);

/// The loaders of one request.
pub struct Loaders {
    /// Orders by id.
    pub orders: Loader<OrderId, Arc<Order>, ById>,
    /// Lines by order.
    pub lines: Loader<OrderId, Arc<[OrderLine]>, LinesByOrder>,
    /// Pages by customer.
    pub pages: Loader<PageKey, Arc<[Arc<Order>]>, PagesByCustomer>,
}

impl Loaders {
    /// Fresh loaders over `store`.
    pub fn new(store: &OrderStore) -> Self {
        Self {
            orders: Loader::new(ById(store.clone())),
            lines: Loader::new(LinesByOrder(store.clone())),
            pages: Loader::new(PagesByCustomer(store.clone())),
        }
    }
}

/// Loads orders by id.
pub struct ById(OrderStore);

impl Batch<OrderId, Arc<Order>> for ById {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Arc<Order>>> {
        let found = self.0.order_list_by_id(keys).await?;
        Ok(found.into_iter().map(|order| (order.id, Arc::new(order))).collect())
    }
}

/// Loads lines by order.
pub struct LinesByOrder(OrderStore);

impl Batch<OrderId, Arc<[OrderLine]>> for LinesByOrder {
    async fn load(&self, keys: &[OrderId]) -> Result<HashMap<OrderId, Arc<[OrderLine]>>> {
        let found = self.0.line_list_by_order(keys).await?;
        Ok(found.into_iter().map(|(id, lines)| (id, lines.into())).collect())
    }
}

/// Loads pages by customer: one statement for all customers whose page is the same stretch.
pub struct PagesByCustomer(OrderStore);

impl Batch<PageKey, Arc<[Arc<Order>]>> for PagesByCustomer {
    async fn load(&self, keys: &[PageKey]) -> Result<HashMap<PageKey, Arc<[Arc<Order>]>>> {
        let mut requests: Vec<(&PageRequest<OrderPosition>, Vec<UserId>)> = Vec::new();
        for (customer, request) in keys {
            match requests.iter_mut().find(|(known, _)| *known == request) {
                Some((_, customers)) => customers.push(*customer),
                None => requests.push((request, vec![*customer])),
            }
        }
        let mut pages = HashMap::with_capacity(keys.len());
        for (request, customers) in requests {
            let mut found = self.0.order_list_by_customer(&customers, request).await?;
            for customer in customers {
                let page = found.remove(&customer).unwrap_or_default();
                let page = page.into_iter().map(Arc::new).collect();
                pages.insert((customer, request.clone()), page);
            }
        }
        Ok(pages)
    }
}
