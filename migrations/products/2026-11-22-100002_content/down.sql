DROP TABLE page;
DROP TABLE category;
DROP TRIGGER product_has_its_sku ON products;
DROP FUNCTION product_has_its_sku();
DROP TABLE product_sku;
ALTER TABLE products DROP COLUMN withdrawn_at, DROP COLUMN blocks, DROP COLUMN variants;
