//! The database's tables, as `migrations/users` makes them.

diesel::table! {
    users (id) {
        id -> Uuid,
        name -> Text,
        email -> Text,
        locale -> Text,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
        version -> Integer,
        blocked_at -> Nullable<Timestamptz>,
        block_reason -> Nullable<Text>,
        erased_at -> Nullable<Timestamptz>,
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
        version -> Integer,
    }
}

diesel::table! {
    audit_trail (id) {
        id -> BigInt,
        user_id -> Uuid,
        at -> Timestamptz,
        actor -> Text,
        origin -> Text,
        action -> Text,
        about -> Nullable<Text>,
        fields -> Array<Text>,
    }
}

diesel::table! {
    notification_preferences (user_id) {
        user_id -> Uuid,
        version -> Integer,
        time_zone -> Text,
        orders -> Array<Text>,
        payments -> Array<Text>,
        account -> Array<Text>,
        quiet_from -> Nullable<Time>,
        quiet_to -> Nullable<Time>,
        digest -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    account_deletions (id) {
        id -> Uuid,
        user_id -> Uuid,
        status -> Text,
        requested_at -> Timestamptz,
        requested_by -> Text,
        reason -> Nullable<Text>,
        waiting_for -> Nullable<Text>,
        asked -> Integer,
        refused_by -> Nullable<Text>,
        refusal_code -> Nullable<Text>,
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(addresses -> users (user_id));
diesel::joinable!(notification_preferences -> users (user_id));
diesel::allow_tables_to_appear_in_same_query!(addresses, notification_preferences, users);
