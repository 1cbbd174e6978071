-- Orders become what has happened to them: streams of the table `event`. What was known of an order becomes the events that lead to
-- where it stands, at the time at which it was placed, since no other is known.
--
-- Builds from before don't run beside those from now on: each would keep orders where the other doesn't look. So they find no tables any more, and
-- what they are writing is waited for: docs/services.md, Upgrading.
LOCK TABLE orders, order_lines IN ACCESS EXCLUSIVE MODE;

-- What a customer has that isn't history: what a decision about them must be based on.
CREATE TABLE customer (
    id uuid PRIMARY KEY,
    -- The order that is their cart, if they have one.
    cart_id uuid,
    -- What was written last of their placed orders: what their own lists must show.
    last_order_id uuid,
    last_version integer,
    -- Placed orders that somebody still has to do something about.
    orders_under_way integer NOT NULL DEFAULT 0 CHECK (orders_under_way >= 0),
    -- Since when nothing personal of them is kept, and nothing is taken from them.
    erased_at timestamptz,
    -- Since when nothing is taken from them, until they are unblocked.
    blocked_at timestamptz,
    CHECK ((last_order_id IS NULL) = (last_version IS NULL))
);

-- Requests to place orders, so that a repeated one finds its order.
CREATE TABLE placement (
    customer_id uuid NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL CHECK (char_length(idempotency_key) BETWEEN 1 AND 128),
    -- Tells a repeated request from another one under the same key.
    request_fingerprint uuid NOT NULL,
    order_id uuid NOT NULL UNIQUE,
    PRIMARY KEY (customer_id, idempotency_key)
);

-- Where orders go. Personal, and so no part of what has happened: rows are deleted when a customer is to be forgotten.
CREATE TABLE order_address (
    order_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    recipient text NOT NULL,
    street text NOT NULL,
    city text NOT NULL,
    postal_code text NOT NULL,
    country text COLLATE "C" NOT NULL CHECK (country ~ '^[A-Z]{2}$')
);
CREATE INDEX order_address_by_customer ON order_address (customer_id);

CREATE SEQUENCE order_number;
SELECT setval('order_number', max(number)) FROM orders HAVING max(number) IS NOT NULL;

INSERT INTO placement (customer_id, idempotency_key, request_fingerprint, order_id)
SELECT customer_id, idempotency_key, request_fingerprint, id FROM orders;

-- Orders that have a stream already come from this migration's way back, which leaves events where they are.
WITH step (status, version, type) AS (VALUES
    ('PLACED', 1, 'placed'),
    ('PAID', 1, 'placed'), ('PAID', 2, 'reserved'), ('PAID', 3, 'paid'),
    ('SHIPPED', 1, 'placed'), ('SHIPPED', 2, 'reserved'), ('SHIPPED', 3, 'paid'), ('SHIPPED', 4, 'packed'),
    ('SHIPPED', 5, 'shipped'),
    ('DELIVERED', 1, 'placed'), ('DELIVERED', 2, 'reserved'), ('DELIVERED', 3, 'paid'), ('DELIVERED', 4, 'packed'),
    ('DELIVERED', 5, 'shipped'), ('DELIVERED', 6, 'delivered'),
    ('CANCELLED', 1, 'placed'), ('CANCELLED', 2, 'cancelled')
), new AS (
    SELECT orders.*, step.version, step.type, row_number() OVER (ORDER BY placed_at, id, version) AS place
    FROM orders JOIN step USING (status)
    WHERE NOT EXISTS (SELECT FROM event WHERE stream = 'order' AND stream_id = orders.id)
), head AS (
    UPDATE event_head SET position = position + (SELECT count(*) FROM new)
    RETURNING position - (SELECT count(*) FROM new) AS before
)
INSERT INTO event (position, stream, stream_id, version, type, type_version, data, metadata, recorded_at)
SELECT before + place, 'order', id, version, type, 1, CASE type
    WHEN 'placed' THEN json_build_object(
        'customer_id', customer_id, 'number', number, 'placed_at', placed_at, 'currency', currency, 'total_minor', total_minor,
        'lines', (
            SELECT json_agg(json_build_object(
                'product_id', product_id, 'quantity', quantity, 'unit_price_minor', unit_price_minor) ORDER BY position)
            FROM order_lines WHERE order_id = new.id))
    WHEN 'reserved' THEN json_build_object('reservation_id', id)
    WHEN 'paid' THEN json_build_object('payment_id', id)
    WHEN 'cancelled' THEN json_build_object('reason', 'CUSTOMER')
    ELSE '{}'
    END, '{}', placed_at
FROM new CROSS JOIN head ORDER BY place;

-- Meanwhile such an order can have been cancelled.
WITH new AS (
    SELECT id, (SELECT max(version) FROM event WHERE stream = 'order' AND stream_id = orders.id) + 1 AS version,
        row_number() OVER (ORDER BY placed_at, id) AS place
    FROM orders WHERE status = 'CANCELLED' AND NOT EXISTS (
        SELECT FROM event WHERE stream = 'order' AND stream_id = orders.id AND type = 'cancelled')
), head AS (
    UPDATE event_head SET position = position + (SELECT count(*) FROM new)
    RETURNING position - (SELECT count(*) FROM new) AS before
)
INSERT INTO event (position, stream, stream_id, version, type, type_version, data, metadata, recorded_at)
SELECT before + place, 'order', id, version, 'cancelled', 1, '{"reason":"CUSTOMER"}', '{}', now() FROM new CROSS JOIN head;

WITH last AS (
    SELECT DISTINCT ON (stream_id) stream_id AS id, version, position, type FROM event
    WHERE stream = 'order' ORDER BY stream_id, version DESC
), owned AS (
    SELECT last.*, first.customer_id FROM last JOIN (
        SELECT DISTINCT stream_id AS id, (data::json ->> 'customer_id')::uuid AS customer_id FROM event
        WHERE stream = 'order' AND type IN ('cart-opened', 'placed')
    ) AS first USING (id)
)
INSERT INTO customer (id, cart_id, last_order_id, last_version, orders_under_way)
SELECT customer_id,
    (array_agg(id ORDER BY position DESC) FILTER (WHERE type IN ('cart-opened', 'line-set', 'line-removed')))[1],
    (array_agg(id ORDER BY position DESC) FILTER (WHERE type NOT IN ('cart-opened', 'line-set', 'line-removed')))[1],
    (array_agg(version ORDER BY position DESC) FILTER (WHERE type NOT IN ('cart-opened', 'line-set', 'line-removed')))[1],
    count(*) FILTER (WHERE type IN ('placed', 'reserved', 'paid', 'packed', 'shipped', 'return-requested', 'returned'))
FROM owned GROUP BY customer_id;

DROP TABLE order_lines;
DROP TABLE orders;
