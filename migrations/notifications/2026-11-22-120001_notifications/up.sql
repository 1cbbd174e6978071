-- Everybody who was ever told something. The row is locked by whoever tells the bus about a user, so that what is told of one user
-- leaves in the order in which it was decided. It outlasts an erasure, with nothing in it but that: an event that comes late must
-- not begin a new inbox.
CREATE TABLE recipient (
    user_id uuid PRIMARY KEY,
    erased_at timestamptz
);

-- What users are told, once each: by event and user.
CREATE TABLE notification (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL,
    user_id uuid NOT NULL REFERENCES recipient,
    category text COLLATE "C" NOT NULL CHECK (category IN ('ORDERS', 'PAYMENTS', 'ACCOUNT')),
    kind text COLLATE "C" NOT NULL CHECK (kind ~ '^[A-Z][A-Z_]{0,63}$'),
    -- The event's subject: a global id.
    about text COLLATE "C" NOT NULL CHECK (octet_length(about) BETWEEN 1 AND 256),
    order_id uuid,
    -- What the texts name: short texts by name.
    facts jsonb NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    -- When the event was; the inbox's order.
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When it was decided by which ways the user is told, and in which language.
    planned_at timestamptz,
    language text COLLATE "C" NOT NULL DEFAULT 'en' CHECK (language ~ '^[a-z]{2}$'),
    -- Since when it is in the inbox; never, if the user doesn't want it there.
    shown_at timestamptz,
    read_at timestamptz,
    CONSTRAINT notification_once UNIQUE (event_id, user_id),
    CHECK (read_at IS NULL OR shown_at IS NOT NULL)
);

-- The inbox in its order, and what of it is unread.
CREATE INDEX notification_inbox ON notification (user_id, occurred_at, id) WHERE shown_at IS NOT NULL;
CREATE INDEX notification_unread ON notification (user_id, occurred_at, id) WHERE shown_at IS NOT NULL AND read_at IS NULL;
-- By which number people know an order: the notification of its placing says it.
CREATE INDEX notification_placed ON notification (order_id) WHERE kind = 'ORDER_PLACED';
-- For forgetting the oldest.
CREATE INDEX notification_by_age ON notification (occurred_at);

-- Addresses at which users' own programs are called.
CREATE TABLE webhook (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES recipient,
    url text NOT NULL CHECK (octet_length(url) BETWEEN 1 AND 2048),
    secret bytea NOT NULL CHECK (octet_length(secret) BETWEEN 24 AND 64),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Since the last call that succeeded.
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since timestamptz,
    disabled_at timestamptz,
    CHECK ((failures = 0) = (failing_since IS NULL))
);

CREATE INDEX webhook_by_user ON webhook (user_id, created_at, id);

-- What leaves the house: one row a notification and way, or a digest of several. Its id is the key by which whoever is
-- handed it can tell a repetition.
CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES recipient,
    channel text COLLATE "C" NOT NULL CHECK (channel IN ('EMAIL', 'WEBHOOK', 'PUSH')),
    webhook_id uuid REFERENCES webhook ON DELETE CASCADE,
    digest boolean NOT NULL DEFAULT false,
    -- COLLECTING: a digest that isn't due. SENDING: it may have been handed over; nobody knows until it is SENT.
    status text COLLATE "C" NOT NULL
        CHECK (status IN ('COLLECTING', 'PENDING', 'SENDING', 'SENT', 'BOUNCED', 'DROPPED')),
    -- Hand-overs that were begun.
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Why the last one failed, or why nothing is sent.
    reason text CHECK (char_length(reason) <= 500),
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    CHECK ((channel = 'WEBHOOK') = (webhook_id IS NOT NULL)),
    CHECK (status <> 'COLLECTING' OR digest),
    CHECK ((status IN ('SENT', 'BOUNCED', 'DROPPED')) = (finished_at IS NOT NULL))
);

-- One digest at a time is collected for a user.
CREATE UNIQUE INDEX delivery_collecting ON delivery (user_id) WHERE status = 'COLLECTING';
CREATE INDEX delivery_by_user ON delivery (user_id);
CREATE INDEX delivery_by_webhook ON delivery (webhook_id) WHERE webhook_id IS NOT NULL;

CREATE TABLE delivery_item (
    delivery_id uuid NOT NULL REFERENCES delivery ON DELETE CASCADE,
    notification_id uuid NOT NULL REFERENCES notification ON DELETE CASCADE,
    PRIMARY KEY (notification_id, delivery_id)
);

CREATE INDEX delivery_item_by_delivery ON delivery_item (delivery_id);
