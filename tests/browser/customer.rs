//! The page of a ticket as its customer uses it.

use crate::{helpers::Chromium, scene};

#[test]
fn the_page_shuts_nobody_out() {
    let trial = scene::trial();
    let page = Chromium::at(&trial.desk);
    page.open(&trial.hers);
    page.picture("customer-desktop");
    page.is_accessible("page");
    page.phone();
    page.reload();
    assert!(!page.is_too_wide());
    page.picture("customer-phone");
    page.is_accessible("page on a phone");
}
