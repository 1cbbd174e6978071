DROP TABLE reservation_line;
DROP TABLE reservation;
DROP TABLE stock_movement;
DROP FUNCTION stock_movement_is_append_only();
DROP TABLE stock_item;
