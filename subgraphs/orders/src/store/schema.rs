//! The tables, as `migrations/orders` makes them.

diesel::table! {
    orders (id) {
        id -> Uuid,
        number -> BigInt,
        customer_id -> Uuid,
        idempotency_key -> Text,
        request_fingerprint -> Uuid,
        status -> Text,
        currency -> Text,
        total_minor -> BigInt,
        placed_at -> Timestamptz,
    }
}

diesel::table! {
    order_lines (order_id, position) {
        order_id -> Uuid,
        position -> SmallInt,
        product_id -> Uuid,
        quantity -> Integer,
        unit_price_minor -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(orders, order_lines);
