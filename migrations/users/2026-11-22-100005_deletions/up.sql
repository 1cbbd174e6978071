-- An account that was forgotten stays as a row that names nobody, since orders still point to it.
ALTER TABLE users ADD COLUMN erased_at timestamptz;
ALTER TABLE users ADD CONSTRAINT users_erased_check CHECK (
    erased_at IS NULL
    OR (name = 'Erased user' AND email = id::text || '@erased.invalid' AND locale = 'und')
);

-- Those that were forgotten before this was taken back for a while.
UPDATE users SET erased_at = updated_at
    WHERE name = 'Erased user' AND email = id::text || '@erased.invalid' AND locale = 'und';

-- Code that knows nothing of erasure must not give a forgotten account an address either.
CREATE FUNCTION addresses_refuse_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM users WHERE id = NEW.user_id AND erased_at IS NOT NULL) THEN
        RAISE EXCEPTION 'the user is erased' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER addresses_of_nobody BEFORE INSERT ON addresses FOR EACH ROW
    EXECUTE FUNCTION addresses_refuse_erased();

-- How far the forgetting of an account is; the newest of a user is what counts.
CREATE TABLE account_deletions (
    -- The saga's id too.
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    status text NOT NULL CHECK (char_length(status) BETWEEN 1 AND 32),
    requested_at timestamptz NOT NULL DEFAULT now(),
    requested_by text NOT NULL CHECK (char_length(requested_by) BETWEEN 1 AND 200),
    -- An administrator's reason; gone with the account.
    reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
    -- Which domain is to answer, how often it was asked, and what it refused with last.
    waiting_for text,
    asked integer NOT NULL DEFAULT 0,
    refused_by text,
    refusal_code text CHECK (char_length(refusal_code) <= 64),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((refused_by IS NULL) = (refusal_code IS NULL))
);

CREATE INDEX account_deletions_user_id_requested_at_idx ON account_deletions (user_id, requested_at, id);
-- One at a time.
CREATE UNIQUE INDEX account_deletions_open_idx ON account_deletions (user_id)
    WHERE status NOT IN ('REFUSED', 'ERASED');
