//! The tables, as `migrations/payments` makes them.

diesel::table! {
    ledger_transaction (id) {
        id -> Uuid,
        payment_id -> Uuid,
        payment_version -> Integer,
        kind -> Text,
        entries -> SmallInt,
        booked_at -> Timestamptz,
    }
}

diesel::table! {
    ledger_entry (transaction_id, number) {
        transaction_id -> Uuid,
        number -> SmallInt,
        account -> Text,
        currency -> Text,
        amount_minor -> BigInt,
    }
}

diesel::joinable!(ledger_entry -> ledger_transaction (transaction_id));
diesel::allow_tables_to_appear_in_same_query!(ledger_transaction, ledger_entry);
