-- Who changed what of whom, when and from where; which fields, never what they held. Only ever added to.
CREATE TABLE audit_trail (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    -- Whose account; accounts are emptied, never deleted.
    user_id uuid NOT NULL REFERENCES users (id),
    at timestamptz NOT NULL DEFAULT now(),
    -- A user's global id, or service:<name>.
    actor text NOT NULL CHECK (char_length(actor) BETWEEN 1 AND 200),
    -- Through whom the change came in: router, service:<name>, commands:<domain>.
    origin text NOT NULL CHECK (char_length(origin) BETWEEN 1 AND 100),
    action text NOT NULL CHECK (action ~ '^[A-Z][A-Z_]{0,63}$'),
    -- What else it is about: an address's global id.
    about text CHECK (char_length(about) BETWEEN 1 AND 200),
    fields text[] NOT NULL DEFAULT '{}' CHECK (cardinality(fields) <= 50)
);

-- One account's trail, page by page.
CREATE INDEX audit_trail_user_id_id_idx ON audit_trail (user_id, id);

CREATE FUNCTION audit_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is only ever added to' USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER audit_trail_keep BEFORE UPDATE OR DELETE ON audit_trail FOR EACH ROW
    EXECUTE FUNCTION audit_trail_refuse();
CREATE TRIGGER audit_trail_keep_all BEFORE TRUNCATE ON audit_trail FOR EACH STATEMENT
    EXECUTE FUNCTION audit_trail_refuse();
