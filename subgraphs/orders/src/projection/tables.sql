CREATE TABLE entry (
    id uuid PRIMARY KEY,
    number bigint NOT NULL,
    customer_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    total_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    placed_at timestamptz NOT NULL,
    -- How many things have happened to the order.
    version integer NOT NULL,
    carrier text,
    tracking_number text,
    cancellation text COLLATE "C"
);
CREATE INDEX entry_by_customer ON entry (customer_id, placed_at DESC, id DESC);
CREATE INDEX entry_by_age ON entry (placed_at DESC, id DESC);
CREATE INDEX entry_by_status ON entry (status, placed_at DESC, id DESC);

CREATE TABLE line (
    order_id uuid NOT NULL,
    position smallint NOT NULL,
    product_id uuid NOT NULL,
    quantity integer NOT NULL,
    -- In the currency of the order.
    unit_price_minor bigint NOT NULL,
    -- Of the product's; null where that is sold as it is.
    variant_id uuid,
    -- As it was when the order was placed; null where that wasn't noted.
    name text,
    sku text,
    PRIMARY KEY (order_id, position)
);

CREATE TABLE history (
    -- The event's.
    position bigint PRIMARY KEY,
    order_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    -- Where the order stood then.
    status text COLLATE "C" NOT NULL,
    happened_at timestamptz NOT NULL
);
CREATE INDEX history_by_customer ON history (customer_id, position DESC);
