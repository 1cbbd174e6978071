-- What was answered under which idempotency key, written together with what the answer tells of.
CREATE TABLE idempotency (
    -- Who asked for what: a key is somebody's own.
    scope text COLLATE "C" NOT NULL CHECK (octet_length(scope) BETWEEN 1 AND 128),
    key text COLLATE "C" NOT NULL CHECK (octet_length(key) BETWEEN 1 AND 255),
    -- SHA-256 of what was asked.
    body_hash bytea NOT NULL CHECK (octet_length(body_hash) = 32),
    -- JSON, byte for byte. Only who is at it sees a row without one: it is written in the same transaction.
    reply text COLLATE "C" CHECK (octet_length(reply) <= 262144),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key)
);

-- For forgetting the oldest.
CREATE INDEX idempotency_by_age ON idempotency (created_at);
