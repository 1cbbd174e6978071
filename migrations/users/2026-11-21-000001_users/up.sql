CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    locale text NOT NULL CHECK (char_length(locale) BETWEEN 2 AND 35),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- One account an address, whatever its letters' case.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));
-- The order of the users connection.
CREATE INDEX users_created_at_id_idx ON users (created_at, id);

CREATE TABLE addresses (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 50),
    recipient text NOT NULL CHECK (char_length(recipient) BETWEEN 1 AND 100),
    street text NOT NULL CHECK (char_length(street) BETWEEN 1 AND 200),
    city text NOT NULL CHECK (char_length(city) BETWEEN 1 AND 100),
    postal_code text NOT NULL CHECK (char_length(postal_code) BETWEEN 1 AND 20),
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- A user's addresses, in their order.
CREATE INDEX addresses_user_id_created_at_id_idx ON addresses (user_id, created_at, id);
