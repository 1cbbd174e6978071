-- Messages that a consumer gave up, with what is needed to publish them again.
CREATE TABLE dead_letter (
    id uuid PRIMARY KEY,
    consumer text COLLATE "C" NOT NULL CHECK (octet_length(consumer) BETWEEN 1 AND 65),
    event_id uuid NOT NULL,
    topic text COLLATE "C" NOT NULL CHECK (octet_length(topic) <= 65),
    -- Where the message stood on the bus: two numbers of the broker's, unsigned there.
    partition integer NOT NULL CHECK (partition BETWEEN 0 AND 65535),
    position_major bigint NOT NULL,
    position_minor bigint NOT NULL,
    key text COLLATE "C" NOT NULL,
    text text COLLATE "C" NOT NULL,
    reason text NOT NULL CHECK (char_length(reason) <= 2000),
    attempts integer NOT NULL CHECK (attempts >= 0),
    given_up_at timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz
);

-- Those still waiting for someone, oldest first.
CREATE INDEX dead_letter_open ON dead_letter (id) WHERE replayed_at IS NULL;
-- For purging by age.
CREATE INDEX dead_letter_by_age ON dead_letter (given_up_at);
