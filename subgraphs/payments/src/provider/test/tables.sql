-- Two processes may open the provider at once.
SELECT pg_advisory_xact_lock(7240953311);
CREATE SCHEMA IF NOT EXISTS test_provider;
-- What was asked under which key, and what was answered.
CREATE TABLE IF NOT EXISTS test_provider.call (
    key text PRIMARY KEY,
    body text NOT NULL,
    answer text,
    called_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- One for each authorisation that was asked for under a key of its own, whatever it is for: who charges twice has two.
CREATE TABLE IF NOT EXISTS test_provider.payment (
    reference text PRIMARY KEY,
    payment_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('kept', 'captured', 'gone', 'declined')),
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    captured_minor bigint NOT NULL DEFAULT 0,
    reason text
);
CREATE INDEX IF NOT EXISTS payment_by_id ON test_provider.payment (payment_id);
CREATE TABLE IF NOT EXISTS test_provider.refund (
    reference text PRIMARY KEY,
    refund_id uuid NOT NULL,
    payment text NOT NULL REFERENCES test_provider.payment,
    amount_minor bigint NOT NULL,
    has_failed boolean NOT NULL DEFAULT false
);
CREATE TABLE IF NOT EXISTS test_provider.dispute (
    reference text PRIMARY KEY,
    payment text NOT NULL REFERENCES test_provider.payment,
    amount_minor bigint NOT NULL,
    outcome text
);
CREATE TABLE IF NOT EXISTS test_provider.webhook (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event text NOT NULL,
    type text NOT NULL,
    object text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at timestamptz
);
-- How often each fault is still to happen.
CREATE TABLE IF NOT EXISTS test_provider.fault (
    name text PRIMARY KEY,
    remaining integer NOT NULL CHECK (remaining >= 0)
);
