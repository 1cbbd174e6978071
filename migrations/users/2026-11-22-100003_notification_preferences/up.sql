-- Of what and how users want to be told. Who has no row has never said, and gets what the code takes for usual.
CREATE TABLE notification_preferences (
    user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    version integer NOT NULL DEFAULT 1,
    -- A name of the IANA time zone database.
    time_zone text NOT NULL CHECK (char_length(time_zone) BETWEEN 1 AND 64),
    orders text[] NOT NULL CHECK (cardinality(orders) <= 10),
    payments text[] NOT NULL CHECK (cardinality(payments) <= 10),
    account text[] NOT NULL CHECK (cardinality(account) BETWEEN 1 AND 10),
    quiet_from time,
    quiet_to time,
    digest text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL)),
    CHECK (quiet_from <> quiet_to)
);
