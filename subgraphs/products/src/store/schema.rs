//! The table, as `migrations/products` makes it.

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
        version -> Integer,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}
