//! Where orders go: kept apart from what happened, so that it can be forgotten.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::GlobalId;
use kit::database::{Freshness, ReadConnection};
use uuid::Uuid;

use super::schema::order_address;
use super::{OrderStore, StoreError};
use crate::domain::Address;
use crate::{OrderId, UserId};

#[derive(Queryable, Selectable)]
#[diesel(table_name = order_address, check_for_backend(diesel::pg::Pg))]
struct AddressRow {
    order_id: Uuid,
    recipient: String,
    street: String,
    city: String,
    postal_code: String,
    country: String,
}

impl OrderStore {
    /// Where those of `ids` go that go anywhere. One statement.
    ///
    /// # Errors
    /// The database fails.
    pub async fn address_list_by_order(
        &self,
        ids: &[OrderId],
        freshness: Freshness,
    ) -> Result<HashMap<OrderId, Address>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(OrderId::uuid).collect();
        let read = async |connection: &mut ReadConnection| {
            let found = order_address::table.filter(order_address::order_id.eq_any(&ids));
            Ok::<_, StoreError>(found.select(AddressRow::as_select()).load(&mut **connection).await?)
        };
        let rows: Vec<AddressRow> = self.database.read(freshness, read).await?;
        rows.into_iter().map(|row| Ok((OrderId::from_uuid(row.order_id), row.try_into()?))).collect()
    }
}

/// Where one order goes.
pub async fn find(connection: &mut AsyncPgConnection, id: OrderId) -> Result<Option<Address>, StoreError> {
    let row: Option<AddressRow> =
        order_address::table.find(id.uuid()).select(AddressRow::as_select()).first(connection).await.optional()?;
    row.map(Address::try_from).transpose()
}

impl TryFrom<AddressRow> for Address {
    type Error = StoreError;

    fn try_from(row: AddressRow) -> Result<Self, StoreError> {
        let AddressRow { recipient, street, city, postal_code, country, .. } = row;
        let country = country.parse().map_err(|_| StoreError::Corrupt("country"))?;
        Ok(Self { recipient, street, city, postal_code, country })
    }
}

/// Keeps where an order goes.
pub async fn insert(
    connection: &mut AsyncPgConnection,
    order: Uuid,
    customer: UserId,
    to: &Address,
) -> Result<(), StoreError> {
    diesel::insert_into(order_address::table)
        .values((
            order_address::order_id.eq(order),
            order_address::customer_id.eq(customer.uuid()),
            order_address::recipient.eq(&to.recipient),
            order_address::street.eq(&to.street),
            order_address::city.eq(&to.city),
            order_address::postal_code.eq(&to.postal_code),
            order_address::country.eq(to.country.as_str()),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps where a customer's orders went no longer.
pub async fn forget(connection: &mut AsyncPgConnection, customer: UserId) -> Result<(), StoreError> {
    diesel::delete(order_address::table.filter(order_address::customer_id.eq(customer.uuid())))
        .execute(connection)
        .await?;
    Ok(())
}
