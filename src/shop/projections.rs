//! The read models of each service.

use std::sync::Arc;

use kit::projection::Projection;

use super::Service;

/// Those of a service.
pub fn of(service: Service) -> Vec<Arc<dyn Projection>> {
    match service {
        Service::Orders => vec![Arc::new(orders::projection::OrderList)],
        Service::Payments => vec![Arc::new(payments::projection::PaymentList)],
        Service::Users | Service::Products | Service::Stock | Service::Notifications => Vec::new(),
    }
}
