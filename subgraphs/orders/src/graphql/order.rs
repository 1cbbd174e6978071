//! `type Order` and its lines as clients see them.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{CountryCode, Money, Result, count_rows, paging::SortTime, request_data};

use super::invoice::Invoice;
use super::loaders::Loaders;
use super::payment::OrderPayment;
use super::product::Product;
use super::user::User;
use super::variant::ProductVariant;
use crate::OrderId;
use crate::domain::{self, OrderPosition, OrderView};

/// An order. Whoever makes one of these has checked that the caller may read it.
pub struct Order(pub Arc<OrderView>);

impl From<OrderView> for Order {
    fn from(order: OrderView) -> Self {
        Self(Arc::new(order))
    }
}

impl Order {
    /// Where it stands in a list, newest first.
    pub fn position(&self) -> OrderPosition {
        OrderPosition { placed_at: SortTime(self.0.placed_at), id: self.0.id }
    }
}

/// An order: its customer's, and visible to administrators.
#[Object]
impl Order {
    /// Its global id.
    async fn id(&self) -> OrderId {
        self.0.id
    }

    /// Its number for people, unique, e.g. `SG-00000042`.
    async fn number(&self) -> String {
        self.0.number_shown()
    }

    /// Rises with each thing that happens to it; goes back in as `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version.cast_signed()
    }

    /// Where it stands.
    async fn status(&self) -> OrderStatus {
        self.0.status.into()
    }

    /// Whose order it is; null where users has no account of theirs, as of a caller whose token was valid and who never had one.
    async fn customer(&self) -> Option<User> {
        Some(User { id: self.0.customer_id })
    }

    /// What was ordered: 1 to 100 lines.
    async fn lines(&self, context: &Context<'_>) -> Result<Vec<OrderLine>> {
        let lines = match &self.0.lines {
            Some(lines) => Some(Arc::clone(lines)),
            None => request_data::<Loaders>(context)?.lines.load(self.0.id).await?,
        };
        count_rows(context, lines.as_ref().map_or(0, |lines| lines.len()))?;
        Ok(lines.iter().flat_map(|lines| lines.iter()).cloned().map(OrderLine).collect())
    }

    /// Sum of all lines, without shipping.
    async fn total(&self) -> Money {
        self.0.total
    }

    /// What was given back of it; less again, where a bank couldn't take it.
    async fn refunded(&self) -> Money {
        self.0.refunded
    }

    /// How its payment stands now; null as long as nobody was asked to pay, or where there is nothing to pay. Null with an error of
    /// code `UNAVAILABLE` while payments doesn't answer.
    async fn payment(&self, context: &Context<'_>) -> Result<Option<OrderPayment>> {
        Ok(request_data::<Loaders>(context)?.payments.load(self.0.id).await?.map(OrderPayment::from))
    }

    /// When it was placed.
    async fn placed_at(&self) -> DateTime<Utc> {
        self.0.placed_at
    }

    /// Where it goes; null if it is collected, or the address was erased.
    async fn shipping_address(&self, context: &Context<'_>) -> Result<Option<ShippingAddress>> {
        let found = request_data::<Loaders>(context)?.addresses.load(self.0.id).await?;
        Ok(found.map(ShippingAddress::from))
    }

    /// Who carries it, once it is shipped.
    async fn carrier(&self) -> Option<&str> {
        self.0.carrier.as_deref()
    }

    /// How its carrier calls it.
    async fn tracking_number(&self) -> Option<&str> {
        self.0.tracking_number.as_deref()
    }

    /// Its invoice; null until it is paid and the invoice is made, which takes some seconds, and once its customer is forgotten.
    async fn invoice(&self, context: &Context<'_>) -> Result<Option<Invoice>> {
        Ok(request_data::<Loaders>(context)?.invoices.load(self.0.id).await?.map(Invoice))
    }

    /// Why it was cancelled, if it was: `CUSTOMER`, `ADMINISTRATOR`, `OUT_OF_STOCK`, `PAYMENT_DECLINED`, `TIMED_OUT`,
    /// `USER_BLOCKED`, `USER_ERASED`, `AMOUNT_NOT_TAKEN`; there may be others some day.
    async fn cancellation_reason(&self) -> Option<&str> {
        self.0.cancellation.as_ref().map(wire::events::orders::CancellationReason::as_str)
    }
}

/// Where an order goes.
#[derive(SimpleObject)]
pub struct ShippingAddress {
    /// Who gets it.
    recipient: String,
    /// Street and number.
    street: String,
    /// The town.
    city: String,
    /// Its code there.
    postal_code: String,
    /// Where.
    country: CountryCode,
}

impl From<domain::Address> for ShippingAddress {
    fn from(address: domain::Address) -> Self {
        let domain::Address { recipient, street, city, postal_code, country } = address;
        Self { recipient, street, city, postal_code, country }
    }
}

/// One line of an order.
pub struct OrderLine(domain::OrderLine);

/// One line of an order.
#[Object]
impl OrderLine {
    /// The product.
    async fn product(&self) -> Product {
        Product::by_key(self.0.product_id)
    }

    /// Which of the product's variants, null where the product was sold as it is. Of one that was removed since there is the `id` alone: asked for more it
    /// is null, and `name` and `sku` say what was bought.
    async fn variant(&self) -> Option<ProductVariant> {
        self.0.variant_id.map(ProductVariant)
    }

    /// What it was called when the order was placed, a variant by what tells it from others: `Teapot – blue, 1 l`. Null in orders from
    /// before it was noted.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The SKU when the order was placed: the variant's, or the product's. Null in orders from before it was noted.
    async fn sku(&self) -> Option<&str> {
        self.0.sku.as_deref()
    }

    /// How many pieces, 1 to 1,000.
    async fn quantity(&self) -> i32 {
        self.0.quantity
    }

    /// What one piece cost when the order was placed.
    async fn unit_price(&self) -> Money {
        self.0.unit_price
    }
}

/// Where an order stands.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::OrderStatus")]
pub enum OrderStatus {
    /// Being put together: one's cart, which is in no list of orders.
    Cart,
    /// Taken, at fixed prices; nothing is kept or paid yet. From here until it is shipped it can be cancelled.
    Placed,
    /// All of it is kept in stock.
    Reserved,
    /// Paid for, and to be packed.
    Paid,
    /// Packed.
    Packed,
    /// On its way.
    Shipped,
    /// With the customer.
    Delivered,
    /// Called off. What was paid is given back.
    Cancelled,
    /// The customer wants to send something back.
    ReturnRequested,
    /// What was sent back has come, and is to be paid back: once more, where a bank couldn't take it.
    Returned,
    /// What came back was paid back.
    Refunded,
}
