//! The tables that are read and written by name: those of `migrations/orders`, kit's events, and the read model's
//! ([`crate::projection`]).

diesel::table! {
    customer (id) {
        id -> Uuid,
        cart_id -> Nullable<Uuid>,
        last_order_id -> Nullable<Uuid>,
        last_version -> Nullable<Integer>,
        orders_under_way -> Integer,
        erased_at -> Nullable<Timestamptz>,
        blocked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    placement (customer_id, idempotency_key) {
        customer_id -> Uuid,
        idempotency_key -> Text,
        request_fingerprint -> Uuid,
        order_id -> Uuid,
    }
}

diesel::table! {
    order_address (order_id) {
        order_id -> Uuid,
        customer_id -> Uuid,
        recipient -> Text,
        street -> Text,
        city -> Text,
        postal_code -> Text,
        country -> Text,
    }
}

diesel::table! {
    invoice (order_id) {
        order_id -> Uuid,
        number -> BigInt,
        customer_id -> Uuid,
        issued_at -> Timestamptz,
        object_key -> Nullable<Text>,
    }
}

diesel::table! {
    event (position) {
        position -> BigInt,
        stream -> Text,
        stream_id -> Uuid,
        version -> Integer,
        #[sql_name = "type"]
        type_name -> Text,
        type_version -> SmallInt,
        data -> Text,
    }
}

diesel::table! {
    order_list.entry (id) {
        id -> Uuid,
        number -> BigInt,
        customer_id -> Uuid,
        status -> Text,
        currency -> Text,
        total_minor -> BigInt,
        refunded_minor -> BigInt,
        placed_at -> Timestamptz,
        version -> Integer,
        carrier -> Nullable<Text>,
        tracking_number -> Nullable<Text>,
        cancellation -> Nullable<Text>,
    }
}

diesel::table! {
    order_list.line (order_id, position) {
        order_id -> Uuid,
        position -> SmallInt,
        product_id -> Uuid,
        quantity -> Integer,
        unit_price_minor -> BigInt,
        variant_id -> Nullable<Uuid>,
        name -> Nullable<Text>,
        sku -> Nullable<Text>,
    }
}

diesel::table! {
    order_list.history (position) {
        position -> BigInt,
        order_id -> Uuid,
        customer_id -> Uuid,
        status -> Text,
        happened_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(entry, line, history);
diesel::allow_tables_to_appear_in_same_query!(customer, invoice);
