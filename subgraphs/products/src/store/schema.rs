//! The tables, as `migrations/products` makes it.

diesel::table! {
    products (id) {
        id -> Uuid,
        sku -> Text,
        name -> Text,
        name_folded -> Text,
        description -> Text,
        price_minor -> BigInt,
        currency -> Text,
        category -> Text,
        attributes -> Jsonb,
        weight_grams -> Integer,
        in_stock_items -> Array<Uuid>,
        stock_sequences -> Jsonb,
        variants -> Jsonb,
        blocks -> Jsonb,
        withdrawn_at -> Nullable<Timestamptz>,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    product_sku (sku) {
        sku -> Text,
        product_id -> Uuid,
        variant_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    category (name) {
        name -> Text,
        attributes -> Jsonb,
        is_closed -> Bool,
        version -> Integer,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    page (id) {
        id -> Uuid,
        slug -> Text,
        title -> Text,
        blocks -> Jsonb,
        status -> Text,
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(products, product_sku);
