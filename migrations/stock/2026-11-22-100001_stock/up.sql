-- What there is of each product, or of each of its variants. `on_hand` and `reserved` are the sums of the item's movements: they
-- are changed by the statement that books a movement, and by no other.
CREATE TABLE stock_item (
    -- The variant's id, or the product's where it is sold as it is.
    id uuid PRIMARY KEY,
    product_id uuid NOT NULL,
    variant_id uuid,
    on_hand integer NOT NULL DEFAULT 0,
    reserved integer NOT NULL DEFAULT 0,
    -- The number of its last movement.
    movements bigint NOT NULL DEFAULT 0 CHECK (movements >= 0),
    -- Counts the changes of `on_hand`, for those who count pieces: reservations don't get in their way.
    version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    -- Sold no more; what was reserved before stays reserved.
    withdrawn_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT stock_item_is_the_variants CHECK (id = coalesce(variant_id, product_id)),
    -- Nothing is sold that isn't there, whatever a program does.
    CONSTRAINT stock_item_is_never_oversold CHECK (0 <= reserved AND reserved <= on_hand AND on_hand <= 1000000000)
) WITH (
    -- The row of what sells well is rewritten all the time: within its page, without touching an index.
    fillfactor = 50
);
CREATE INDEX stock_item_by_product ON stock_item (product_id);

-- The ledger: everything that ever moved, with its cause. It is the truth, of which `stock_item` is the sum.
CREATE TABLE stock_movement (
    item_id uuid NOT NULL REFERENCES stock_item,
    -- From 1, without a gap.
    number bigint NOT NULL CHECK (number >= 1),
    kind text COLLATE "C" NOT NULL,
    on_hand_change integer NOT NULL,
    reserved_change integer NOT NULL,
    -- What the item has after it.
    on_hand integer NOT NULL,
    reserved integer NOT NULL,
    -- What brought it about: `reservation:<uuid>`, `delivery:<key>`, `event:<uuid>`, `seed`.
    cause text COLLATE "C" NOT NULL CHECK (octet_length(cause) BETWEEN 1 AND 200),
    reservation_id uuid,
    order_id uuid,
    reason text COLLATE "C" CHECK (octet_length(reason) <= 64),
    actor text COLLATE "C" CHECK (octet_length(actor) <= 256),
    booked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (item_id, number),
    -- One cause moves an item once, should it come again past everything else.
    CONSTRAINT stock_movement_happens_once UNIQUE (item_id, cause, kind),
    CONSTRAINT stock_movement_is_of_its_kind CHECK (CASE kind
        WHEN 'received' THEN on_hand_change > 0 AND reserved_change = 0
        WHEN 'returned' THEN on_hand_change > 0 AND reserved_change = 0 AND order_id IS NOT NULL
        WHEN 'adjusted' THEN on_hand_change <> 0 AND reserved_change = 0 AND reason IS NOT NULL
        WHEN 'reserved' THEN on_hand_change = 0 AND reserved_change > 0 AND reservation_id IS NOT NULL
        WHEN 'released' THEN on_hand_change = 0 AND reserved_change < 0 AND reservation_id IS NOT NULL
        WHEN 'committed' THEN on_hand_change < 0 AND reserved_change = on_hand_change AND reservation_id IS NOT NULL
        ELSE false END)
);

CREATE FUNCTION stock_movement_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'movements are never changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER stock_movement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_movement
    FOR EACH STATEMENT EXECUTE FUNCTION stock_movement_is_append_only();

-- Who has spoken for what. One that was released before it was made is here too, without lines, so that it can't be made later; and
-- one that was refused, so that who asks again is answered the same.
CREATE TABLE reservation (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL,
    status text COLLATE "C" NOT NULL CHECK (status IN ('open', 'committed', 'released', 'expired', 'refused')),
    refusal_code text COLLATE "C",
    refusal_text text,
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_at timestamptz,
    CONSTRAINT reservation_open_or_closed CHECK ((closed_at IS NULL) = (status = 'open')),
    CONSTRAINT reservation_open_ends CHECK (status <> 'open' OR expires_at IS NOT NULL),
    CONSTRAINT reservation_refused_for_a_reason
        CHECK ((status = 'refused') = (refusal_code IS NOT NULL) AND (status = 'refused') = (refusal_text IS NOT NULL))
);
CREATE INDEX reservation_to_expire ON reservation (expires_at) WHERE status = 'open';

CREATE TABLE reservation_line (
    reservation_id uuid NOT NULL REFERENCES reservation,
    -- No reference: a refused line can be of a product that there isn't.
    item_id uuid NOT NULL,
    product_id uuid NOT NULL,
    variant_id uuid,
    quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
    PRIMARY KEY (reservation_id, item_id),
    CONSTRAINT reservation_line_is_the_variants CHECK (item_id = coalesce(variant_id, product_id))
);
