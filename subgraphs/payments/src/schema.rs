//! Tables, as `migrations/payments` makes them, and the event store's.

diesel::table! {
    payment_under_way (payment_id) {
        payment_id -> Uuid,
        customer_id -> Uuid,
        method_token -> Nullable<Text>,
    }
}

diesel::table! {
    payment_awaited_reply (command_id) {
        command_id -> Uuid,
        payment_id -> Uuid,
        asked_at -> Timestamptz,
        request -> Text,
        command -> Text,
    }
}

diesel::table! {
    // The event store's: read here for many payments at once, and written by kit alone.
    event (position) {
        position -> BigInt,
        stream -> Text,
        stream_id -> Uuid,
        version -> Integer,
        #[sql_name = "type"]
        kind -> Text,
        type_version -> SmallInt,
        data -> Text,
        recorded_at -> Timestamptz,
    }
}
