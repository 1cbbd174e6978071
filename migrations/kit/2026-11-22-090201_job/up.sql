-- Work that is done in the background: what speaks to something outside, or takes long.
CREATE TABLE job (
    id uuid PRIMARY KEY,
    kind text COLLATE "C" NOT NULL CHECK (octet_length(kind) BETWEEN 1 AND 64),
    -- Of its kind: what is wanted twice under one key is done once. Who is asked outside gets it as idempotency key.
    key text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 256),
    -- JSON, byte for byte.
    payload text COLLATE "C" NOT NULL CHECK (octet_length(payload) <= 262144),
    state text COLLATE "C" NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    -- When it may be taken: that of a running one is the end of its lease, so that both are found by one index.
    due_at timestamptz NOT NULL,
    attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- Which runner has it, and the how-manieth lease that is: whoever has another number has lost it.
    lease_owner uuid,
    fence bigint NOT NULL DEFAULT 0,
    -- How far it is, and where to go on.
    done bigint CHECK (done >= 0),
    total bigint CHECK (total >= 0),
    resume text COLLATE "C" CHECK (octet_length(resume) <= 65536),
    -- JSON, of one that is done.
    result text COLLATE "C" CHECK (octet_length(result) <= 262144),
    -- Why the last attempt failed.
    error text CHECK (char_length(error) <= 2000),
    created_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,
    UNIQUE (kind, key),
    CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
    CHECK ((state IN ('waiting', 'running')) = (finished_at IS NULL))
) WITH (
    -- A queue dies as fast as it lives: what is dead is counted, not its share of the few rows that live.
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000
);

-- What may be taken, oldest first.
CREATE INDEX job_open ON job (kind, due_at) WHERE finished_at IS NULL;
-- Those waiting for someone.
CREATE INDEX job_failed ON job (id) WHERE state = 'failed';
-- For forgetting the oldest.
CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
