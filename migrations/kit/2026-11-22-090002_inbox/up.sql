-- Which event each consumer has handled, written together with what handling it did.
CREATE TABLE inbox (
    consumer text COLLATE "C" NOT NULL CHECK (octet_length(consumer) BETWEEN 1 AND 65),
    event_id uuid NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);

-- For forgetting the oldest.
CREATE INDEX inbox_by_age ON inbox (handled_at);
