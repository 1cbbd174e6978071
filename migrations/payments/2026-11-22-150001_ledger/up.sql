-- Double-entry book-keeping of money that moved. Debits are positive, credits negative; the entries of a transaction sum to
-- zero in each currency, which is checked when the database transaction that books them ends. Nothing is ever changed or
-- deleted: what was wrong is booked back.
CREATE TABLE ledger_account (
    name text COLLATE "C" PRIMARY KEY CHECK (name ~ '^[a-z_]{1,40}$'),
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('asset', 'income', 'expense'))
);
INSERT INTO ledger_account (name, kind) VALUES
    -- What customers owe, from the sale until the provider has taken it.
    ('customer_receivable', 'asset'),
    -- What the provider holds for us.
    ('provider_clearing', 'asset'),
    -- What banks have taken back and nobody has decided about.
    ('disputed_funds', 'asset'),
    -- What was sold.
    ('merchant_revenue', 'income'),
    -- What was given back of it.
    ('refunds', 'income'),
    -- What the provider keeps.
    ('provider_fees', 'expense'),
    -- What banks have taken back for good.
    ('dispute_losses', 'expense');

CREATE TABLE ledger_transaction (
    id uuid PRIMARY KEY,
    -- The event that it books: this version of this payment.
    payment_id uuid NOT NULL,
    payment_version integer NOT NULL CHECK (payment_version >= 1),
    kind text COLLATE "C" NOT NULL
        CHECK (kind IN ('captured', 'refunded', 'refund-failed', 'dispute-opened', 'dispute-won', 'dispute-lost')),
    -- How many entries it has, so that none is added later.
    entries smallint NOT NULL CHECK (entries >= 2),
    booked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ledger_transaction_event UNIQUE (payment_id, payment_version)
);

CREATE TABLE ledger_entry (
    transaction_id uuid NOT NULL REFERENCES ledger_transaction (id),
    number smallint NOT NULL CHECK (number >= 1),
    account text COLLATE "C" NOT NULL REFERENCES ledger_account (name),
    currency text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (transaction_id, number)
);
CREATE INDEX ledger_entry_by_account ON ledger_entry (account, currency);

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is never changed: what is wrong is booked back' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

CREATE FUNCTION ledger_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    booked uuid;
BEGIN
    IF TG_TABLE_NAME = 'ledger_transaction' THEN
        booked := NEW.id;
    ELSE
        booked := NEW.transaction_id;
    END IF;
    IF EXISTS (SELECT FROM ledger_entry WHERE transaction_id = booked GROUP BY currency HAVING sum(amount_minor) <> 0)
        OR (SELECT count(*) FROM ledger_entry WHERE transaction_id = booked)
            IS DISTINCT FROM (SELECT entries::bigint FROM ledger_transaction WHERE id = booked) THEN
        RAISE EXCEPTION 'ledger transaction % does not sum to zero or lacks entries', booked
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_must_balance';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER ledger_transaction_balances AFTER INSERT ON ledger_transaction
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_must_balance();

-- What the ledger has in an account, in each currency.
CREATE VIEW ledger_balance AS
    SELECT account, currency, sum(amount_minor) AS amount_minor FROM ledger_entry GROUP BY account, currency;

-- Holds the ledger against what has happened to payments, event by event. No row: they say the same.
CREATE FUNCTION ledger_differences()
    RETURNS TABLE (payment_id uuid, payment_version integer, difference text) LANGUAGE sql STABLE AS $$
    WITH moved AS (
        SELECT stream_id, version, data::jsonb AS data,
            CASE type
                WHEN 'dispute-closed' THEN CASE data::jsonb ->> 'outcome' WHEN 'WON' THEN 'dispute-won' ELSE 'dispute-lost' END
                ELSE type
            END AS kind
        FROM event
        WHERE stream = 'payment' AND type IN ('captured', 'refunded', 'refund-failed', 'dispute-opened', 'dispute-closed')
    ), expected AS (
        SELECT stream_id, version, kind, (data ->> 'ledger_transaction_id')::uuid AS transaction_id,
            data -> 'amount' ->> 'currency' AS currency,
            CASE kind
                WHEN 'captured' THEN 'merchant_revenue' WHEN 'refunded' THEN 'refunds'
                WHEN 'refund-failed' THEN 'refunds' ELSE 'disputed_funds'
            END AS account,
            CASE WHEN kind IN ('refunded', 'dispute-opened') THEN 1 ELSE -1 END
                * (data -> 'amount' ->> 'amount_minor')::numeric AS amount,
            coalesce((data -> 'fee' ->> 'amount_minor')::numeric, 0) AS fee
        FROM moved
    ), booked AS (
        SELECT t.id, t.payment_id, t.payment_version, t.kind, entry.currency,
            sum(amount_minor) FILTER (WHERE account IN ('merchant_revenue', 'refunds', 'disputed_funds')) AS amount,
            min(account) FILTER (WHERE account IN ('merchant_revenue', 'refunds', 'disputed_funds')) AS account,
            coalesce(sum(amount_minor) FILTER (WHERE account = 'provider_fees'), 0) AS fee,
            sum(amount_minor) AS total
        FROM ledger_transaction AS t LEFT JOIN ledger_entry AS entry ON entry.transaction_id = t.id
        GROUP BY t.id, t.payment_id, t.payment_version, t.kind, entry.currency
    )
    SELECT coalesce(stream_id, booked.payment_id), coalesce(version, booked.payment_version),
        CASE
            WHEN booked.id IS NULL THEN 'not booked'
            WHEN stream_id IS NULL THEN 'booked without an event'
            WHEN booked.total <> 0 THEN 'not balanced'
            ELSE 'booked otherwise'
        END
    FROM expected FULL JOIN booked ON booked.payment_id = stream_id AND booked.payment_version = version
    WHERE booked.id IS NULL OR stream_id IS NULL OR booked.total <> 0
        OR (booked.id, booked.kind, booked.currency, booked.account, booked.amount, booked.fee)
            IS DISTINCT FROM (transaction_id, expected.kind, expected.currency, expected.account, expected.amount, expected.fee)
$$;
