-- The last position that was given out. A transaction that appends changes this row, as the last thing it does: until it ends nobody
-- else gets a position, so that positions have no gaps and become visible in their order.
CREATE TABLE event_head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    position bigint NOT NULL CHECK (position >= 0)
) WITH (
    -- The row is rewritten with each append: its dead versions are pruned within its page.
    fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000
);
INSERT INTO event_head (position) VALUES (0);

-- What has happened to the aggregates of this service. Nothing here is personal: what a person may want erased stands elsewhere.
CREATE TABLE event (
    position bigint PRIMARY KEY CHECK (position >= 1),
    -- The aggregate's kind and id, and which version of it this event made.
    stream text COLLATE "C" NOT NULL CHECK (octet_length(stream) BETWEEN 1 AND 64),
    stream_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    type text COLLATE "C" NOT NULL CHECK (octet_length(type) BETWEEN 1 AND 64),
    type_version smallint NOT NULL CHECK (type_version >= 1),
    -- JSON texts, byte for byte.
    data text COLLATE "C" NOT NULL CHECK (octet_length(data) <= 262144),
    metadata text COLLATE "C" NOT NULL CHECK (octet_length(metadata) <= 4096),
    recorded_at timestamptz NOT NULL,
    CONSTRAINT event_stream_version UNIQUE (stream_id, stream, version)
);

CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never changed nor deleted' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only();

-- States of aggregates, so that few events must be read again. May be deleted at any time.
CREATE TABLE snapshot (
    stream text COLLATE "C" NOT NULL,
    stream_id uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    -- The shape of the state: another one isn't read.
    schema_version integer NOT NULL,
    state text COLLATE "C" NOT NULL,
    PRIMARY KEY (stream_id, stream)
);
