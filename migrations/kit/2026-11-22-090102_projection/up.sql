-- How far each read model is, by generation: what is read, what is built beside it to take its place, and what had its
-- place and is to be dropped. Whoever works on one locks
-- its row.
CREATE TABLE projection (
    name text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    generation text COLLATE "C" NOT NULL CHECK (generation IN ('live', 'next', 'old')),
    -- Of the code that fills it.
    version integer NOT NULL CHECK (version >= 0),
    -- The last event in it.
    position bigint NOT NULL CHECK (position >= 0),
    started_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- Events a second of the last batch, while it was worked on.
    events_per_second double precision NOT NULL DEFAULT 0,
    -- Why it stands still, if it does.
    failure text CHECK (char_length(failure) <= 2000),
    PRIMARY KEY (name, generation)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
