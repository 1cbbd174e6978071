//! Writing into the ledger.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Booking;
use super::schema::{ledger_entry, ledger_transaction};

/// Books in the caller's transaction, which appends the event that made version `payment_version` of the payment. That it sums
/// to zero is checked when that transaction ends.
///
/// # Errors
/// The database fails, or the event was booked before.
pub async fn book(
    connection: &mut AsyncPgConnection,
    payment_id: Uuid,
    payment_version: u32,
    booking: &Booking,
) -> QueryResult<()> {
    let entries = i16::try_from(booking.entries.len()).unwrap_or(i16::MAX);
    diesel::insert_into(ledger_transaction::table)
        .values((
            ledger_transaction::id.eq(booking.id),
            ledger_transaction::payment_id.eq(payment_id),
            ledger_transaction::payment_version.eq(payment_version.cast_signed()),
            ledger_transaction::kind.eq(booking.kind.as_str()),
            ledger_transaction::entries.eq(entries),
        ))
        .execute(connection)
        .await?;
    let rows: Vec<_> = (1_i16..)
        .zip(&booking.entries)
        .map(|(number, entry)| {
            (
                ledger_entry::transaction_id.eq(booking.id),
                ledger_entry::number.eq(number),
                ledger_entry::account.eq(entry.account.as_str()),
                ledger_entry::currency.eq(booking.currency.as_str()),
                ledger_entry::amount_minor.eq(entry.amount_minor),
            )
        })
        .collect();
    diesel::insert_into(ledger_entry::table).values(rows).execute(connection).await?;
    Ok(())
}
