//! The demonstration catalogue.

use ::products::domain::{ProductFilter, ProductOrder};
use ::products::store::ProductStore as _;
use kit::seed::{Seed, SeedSize};
use kit::{PageBound, PageRequest};

use super::Mongo;

#[tokio::test(flavor = "multi_thread")]
async fn is_the_one_of_postgresql() {
    let Mongo(catalogue) = Mongo::fresh().await;
    let seed = Seed { size: SeedSize::Small, progress: &|_| {} };
    assert_eq!(crate::seed(&catalogue, seed).await.unwrap(), 60);
    assert_eq!(crate::seed(&catalogue, seed).await.unwrap(), 0);
    let page = PageRequest::parse(Some(100), None, None, None, PageBound::new("checked")).unwrap();
    let listed = async |in_stock| {
        let filter = ProductFilter { in_stock, ..ProductFilter::default() };
        catalogue.product_list(&filter, ProductOrder::Newest, &page).await.unwrap()
    };
    assert_eq!((listed(Some(true)).await.len(), listed(Some(false)).await.len()), (55, 5));
    let expected: Vec<_> = ::products::seeded_products(SeedSize::Small).map(|(product, _)| product).collect();
    let mut found = listed(None).await;
    found.reverse();
    assert_eq!(found, expected);
}
