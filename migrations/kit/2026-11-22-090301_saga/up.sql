-- Sagas: each a matter that takes several commands, by its kind and id. Whoever takes a step locks the row.
CREATE TABLE saga (
    kind text COLLATE "C" NOT NULL CHECK (kind ~ '^[a-z][a-z0-9-]{0,31}$'),
    id uuid NOT NULL,
    -- Steps taken. Ids of commands are made of it.
    version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
    status text COLLATE "C" NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'stuck', 'retrying', 'ended')),
    -- JSON texts: what the saga knows, and the commands whose replies it waits for.
    state text COLLATE "C" NOT NULL DEFAULT 'null' CHECK (octet_length(state) <= 65536),
    awaited text COLLATE "C" NOT NULL DEFAULT '[]' CHECK (octet_length(awaited) <= 65536),
    -- When it is to be woken, by this database's clock.
    deadline timestamptz,
    -- Why it is stuck.
    reason text CHECK (char_length(reason) <= 2000),
    -- Whose wish it is, and the span in which it began.
    actor text,
    traceparent text,
    begun_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, id)
) WITH (fillfactor = 70);

-- Those that are to be woken, soonest first.
CREATE INDEX saga_due ON saga (kind, deadline) WHERE status = 'active' AND deadline IS NOT NULL;
-- Those that somebody has to look at, or has.
CREATE INDEX saga_stuck ON saga (kind, status, id) WHERE status IN ('stuck', 'retrying');
-- For forgetting those that ended longest ago.
CREATE INDEX saga_ended ON saga (updated_at) WHERE status = 'ended';

-- What sagas were told while they were stuck, in its order.
CREATE TABLE saga_input (
    kind text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    number bigint GENERATED ALWAYS AS IDENTITY,
    source text COLLATE "C" NOT NULL CHECK (source IN ('local', 'event', 'reply')),
    -- An envelope, or the JSON of a local input.
    text text COLLATE "C" NOT NULL CHECK (octet_length(text) <= 262144),
    -- Who told a local input, and why: JSON.
    metadata text COLLATE "C" NOT NULL DEFAULT '{}' CHECK (octet_length(metadata) <= 4096),
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (kind, id, number),
    FOREIGN KEY (kind, id) REFERENCES saga ON DELETE CASCADE
);
