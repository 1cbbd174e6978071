DROP TABLE payment_awaited_reply, payment_under_way;
