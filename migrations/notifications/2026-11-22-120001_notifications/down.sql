DROP TABLE delivery_item;
DROP TABLE delivery;
DROP TABLE webhook;
DROP TABLE notification;
DROP TABLE recipient;
