-- Messages that were decided and not yet published. A row leaves once the bus has it, so the table is short while the
-- relay keeps up. Bounds are those of the bus: what stands here can be sent.
CREATE TABLE outbox (
    -- Hash of the key alone: messages of one key are in one lane, and leave in the order of their positions.
    lane smallint NOT NULL CHECK (lane BETWEEN 0 AND 15),
    position bigint GENERATED ALWAYS AS IDENTITY,
    topic text COLLATE "C" NOT NULL CHECK (topic ~ '^[a-z0-9-]{1,32}/[a-z-]{1,32}$'),
    key text COLLATE "C" NOT NULL CHECK (octet_length(key) <= 256),
    envelope text COLLATE "C" NOT NULL CHECK (octet_length(envelope) <= 262144),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (lane, position)
) WITH (
    -- A queue dies as fast as it lives: what is dead is counted, not its share of the few rows that live.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000
);
