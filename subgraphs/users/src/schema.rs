//! The database's tables, as `migrations/users` makes them.

diesel::table! {
    users (id) {
        id -> Uuid,
        name -> Text,
        email -> Text,
        locale -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    addresses (id) {
        id -> Uuid,
        user_id -> Uuid,
        label -> Text,
        recipient -> Text,
        street -> Text,
        city -> Text,
        postal_code -> Text,
        country -> Text,
        created_at -> Timestamptz,
    }
}

diesel::joinable!(addresses -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(addresses, users);
