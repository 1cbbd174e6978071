//! Reading the ledger, and holding it against what has happened.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Nullable, Text, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::schema::{ledger_entry, ledger_transaction};

/// What was booked at once, with its entries in their order.
#[derive(Clone, Debug, PartialEq)]
pub struct Transaction {
    /// Its id.
    pub id: Uuid,
    /// What for.
    pub kind: String,
    /// When.
    pub booked_at: DateTime<Utc>,
    /// Account, currency, and minor units: a debit if positive.
    pub entries: Vec<(String, String, i64)>,
}

/// All that was booked for each of some payments, in its order. One statement.
///
/// # Errors
/// The database fails.
pub async fn transaction_list(
    connection: &mut AsyncPgConnection,
    payments: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<Transaction>>> {
    type Row = (Uuid, Uuid, String, DateTime<Utc>, String, String, i64);
    let rows: Vec<Row> = ledger_transaction::table
        .inner_join(ledger_entry::table)
        .filter(ledger_transaction::payment_id.eq_any(payments))
        .order((ledger_transaction::payment_id, ledger_transaction::payment_version, ledger_entry::number))
        .select((
            ledger_transaction::payment_id,
            ledger_transaction::id,
            ledger_transaction::kind,
            ledger_transaction::booked_at,
            ledger_entry::account,
            ledger_entry::currency,
            ledger_entry::amount_minor,
        ))
        .load(connection)
        .await?;
    let mut listed: HashMap<Uuid, Vec<Transaction>> = HashMap::new();
    for (payment_id, id, kind, booked_at, account, currency, amount_minor) in rows {
        let transactions = listed.entry(payment_id).or_default();
        let entry = (account, currency, amount_minor);
        match transactions.last_mut() {
            Some(last) if last.id == id => last.entries.push(entry),
            _ => transactions.push(Transaction { id, kind, booked_at, entries: vec![entry] }),
        }
    }
    Ok(listed)
}

/// Something that the ledger says otherwise than the events.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Difference {
    /// Of which payment.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub payment_id: Option<Uuid>,
    /// Which version of it.
    #[diesel(sql_type = Nullable<Integer>)]
    pub payment_version: Option<i32>,
    /// What is wrong.
    #[diesel(sql_type = Text)]
    pub difference: String,
}

/// Holds the whole ledger against all events. Nothing, if they say the same. Reads both whole: for tests and for operators.
///
/// # Errors
/// The database fails.
pub async fn differences(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Difference>> {
    sql_query("SELECT payment_id, payment_version, difference FROM ledger_differences()").load(connection).await
}

/// What the ledger has by account and currency, in minor units, as text since sums may be longer than 64 bits.
///
/// # Errors
/// The database fails.
pub async fn balances(connection: &mut AsyncPgConnection) -> QueryResult<Vec<(String, String, String)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        account: String,
        #[diesel(sql_type = Text)]
        currency: String,
        #[diesel(sql_type = Text)]
        amount_minor: String,
    }
    let balances = "SELECT account, currency, amount_minor::text AS amount_minor FROM ledger_balance ORDER BY 1, 2";
    let rows: Vec<Row> = sql_query(balances).load(connection).await?;
    Ok(rows.into_iter().map(|row| (row.account, row.currency, row.amount_minor)).collect())
}
