//! MongoDB as a store of products.

products::store_behaviour_tests!(super::Mongo::fresh);
