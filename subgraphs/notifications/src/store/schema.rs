//! The tables, as `migrations/notifications` makes them.

diesel::table! {
    recipient (user_id) {
        user_id -> Uuid,
        erased_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notification (id) {
        id -> Uuid,
        event_id -> Uuid,
        user_id -> Uuid,
        category -> Text,
        kind -> Text,
        about -> Text,
        order_id -> Nullable<Uuid>,
        facts -> Jsonb,
        occurred_at -> Timestamptz,
        created_at -> Timestamptz,
        planned_at -> Nullable<Timestamptz>,
        language -> Text,
        shown_at -> Nullable<Timestamptz>,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook (id) {
        id -> Uuid,
        user_id -> Uuid,
        url -> Text,
        secret -> Binary,
        created_at -> Timestamptz,
        failures -> Integer,
        failing_since -> Nullable<Timestamptz>,
        disabled_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery (id) {
        id -> Uuid,
        user_id -> Uuid,
        channel -> Text,
        webhook_id -> Nullable<Uuid>,
        digest -> Bool,
        status -> Text,
        attempts -> Integer,
        reason -> Nullable<Text>,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery_item (notification_id, delivery_id) {
        delivery_id -> Uuid,
        notification_id -> Uuid,
    }
}

diesel::joinable!(delivery_item -> delivery (delivery_id));
diesel::joinable!(delivery_item -> notification (notification_id));
diesel::allow_tables_to_appear_in_same_query!(recipient, notification, webhook, delivery, delivery_item);
