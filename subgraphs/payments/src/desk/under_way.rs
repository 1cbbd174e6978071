//! Which payments have something left to happen, and the token of the means of payment for as long as it is needed.

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;
use wire::id::PaymentId;

use crate::domain::{Payment, Stage};
use crate::schema::payment_under_way as under_way;

/// Says how a payment stands now.
pub(super) async fn keep(
    connection: &mut AsyncPgConnection,
    payment_id: Uuid,
    payment: &Payment,
    method_token: Option<&str>,
) -> QueryResult<()> {
    let Some(terms) = payment.terms.as_ref().filter(|_| payment.is_under_way()) else {
        diesel::delete(under_way::table.find(payment_id)).execute(connection).await?;
        return Ok(());
    };
    let row = (
        under_way::payment_id.eq(payment_id),
        under_way::customer_id.eq(terms.customer_id.uuid()),
        under_way::method_token.eq(method_token),
    );
    let insert = diesel::insert_into(under_way::table).values(row).on_conflict(under_way::payment_id);
    if payment.stage == Stage::Requested {
        insert.do_nothing().execute(connection).await?;
    } else {
        // Nobody needs the token any more.
        insert
            .do_update()
            .set(under_way::method_token.eq(excluded(under_way::method_token)))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The token of a payment that was not authorised yet.
///
/// # Errors
/// The database fails.
pub async fn method_token(connection: &mut AsyncPgConnection, payment_id: PaymentId) -> QueryResult<Option<String>> {
    let token = under_way::table.find(payment_id.uuid()).select(under_way::method_token);
    Ok(token.first::<Option<String>>(connection).await.optional()?.flatten())
}

/// Whether a customer has payments under way.
pub(super) async fn any_of(connection: &mut AsyncPgConnection, customer_id: Uuid) -> QueryResult<bool> {
    let any = under_way::table.filter(under_way::customer_id.eq(customer_id));
    diesel::select(diesel::dsl::exists(any)).get_result(connection).await
}
