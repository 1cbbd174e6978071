-- Payments with something left to happen: asked of the provider, authorised and not captured, in dispute. Who a payer is can't be
-- forgotten while there is one.
CREATE TABLE payment_under_way (
    payment_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    -- The provider's token of the means of payment, for as long as it is needed. It is personal, so it is in no event.
    method_token text CHECK (octet_length(method_token) BETWEEN 1 AND 255)
);
CREATE INDEX payment_under_way_by_customer ON payment_under_way (customer_id);

-- Commands that are answered once the provider has answered.
CREATE TABLE payment_awaited_reply (
    command_id uuid PRIMARY KEY,
    payment_id uuid NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    -- Who asked, and what: JSON.
    request text NOT NULL CHECK (octet_length(request) <= 65536),
    command text NOT NULL CHECK (octet_length(command) <= 65536)
);
CREATE INDEX payment_awaited_reply_by_payment ON payment_awaited_reply (payment_id);
