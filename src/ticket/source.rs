//! Where an issue comes from.

use crate::domain::words::word;

/// The four sources of issues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Source {
    /// A customer's mail; the gate is on.
    #[default]
    Customer,
    /// The product owner or another listed stakeholder.
    ProductOwner,
    /// A security list or vendor advisory; never answered.
    SecurityList,
    /// Monitoring and other machines; never answered.
    System,
}

word!(Source, "source", {
    Customer => "customer",
    ProductOwner => "product-owner",
    SecurityList => "security-list",
    System => "system",
});
