//! The tables, as `tables.sql` makes them.

diesel::table! {
    test_provider.call (key) {
        key -> Text,
        body -> Text,
        answer -> Nullable<Text>,
    }
}

diesel::table! {
    test_provider.payment (reference) {
        reference -> Text,
        payment_id -> Uuid,
        state -> Text,
        currency -> Text,
        amount_minor -> BigInt,
        captured_minor -> BigInt,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    test_provider.refund (reference) {
        reference -> Text,
        refund_id -> Uuid,
        payment -> Text,
        amount_minor -> BigInt,
        has_failed -> Bool,
    }
}

diesel::table! {
    test_provider.dispute (reference) {
        reference -> Text,
        payment -> Text,
        amount_minor -> BigInt,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    test_provider.webhook (number) {
        number -> BigInt,
        event -> Text,
        #[sql_name = "type"]
        kind -> Text,
        object -> Text,
        created_at -> Timestamptz,
        delivered_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    test_provider.fault (name) {
        name -> Text,
        remaining -> Integer,
    }
}

diesel::allow_tables_to_appear_in_same_query!(payment, refund, dispute);
