DROP TABLE invoice_number;
DROP TABLE invoice;
