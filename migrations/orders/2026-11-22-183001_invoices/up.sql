-- Invoices of orders that are paid. Their documents are objects: what is personal in them can be taken away.
CREATE TABLE invoice (
    order_id uuid PRIMARY KEY,
    -- Shown as INV-00000042. Without gaps, and in the order in which invoices were made.
    number bigint NOT NULL UNIQUE CHECK (number > 0),
    customer_id uuid NOT NULL,
    issued_at timestamptz NOT NULL,
    -- The document; none while it is made, and once its customer is forgotten.
    object_key text COLLATE "C" CHECK (octet_length(object_key) <= 200)
);
CREATE INDEX invoice_by_customer ON invoice (customer_id);

-- The last number: one row, which is locked by whoever takes the next one.
CREATE TABLE invoice_number (
    is_it boolean PRIMARY KEY DEFAULT true CHECK (is_it),
    last bigint NOT NULL
);
INSERT INTO invoice_number (last) VALUES (0);
