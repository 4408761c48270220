//! The methods behind the figures: what each one means, by name and version.
use crate::{adoption, change, series};

/// How a kind of figure is worked out. A figure is published with the id and version of its method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method {
    /// The name by which figures refer to it.
    pub id: &'static str,
    /// Counted from 1; raised whenever the same facts would give another figure.
    pub version: i32,
    /// A heading for people.
    pub title: &'static str,
    /// What is counted, in plain words, with the formula and the names of the rules used.
    pub definition: &'static str,
}

/// Every method there is, in the order in which they are explained.
pub const METHODS: &[Method] = &[adoption::METHOD, series::METHOD, change::METHOD];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_its_own_name_and_says_which_rules_it_uses() {
        let ids: Vec<_> = METHODS.iter().map(|method| method.id).collect();
        assert_eq!(ids, ["adoption", "adoption-series", "adoption-change"]);
        for method in METHODS {
            assert!(method.version >= 1);
            assert!(method.definition.contains("AS_THEY_WERE"), "{}", method.id);
            assert!(method.definition.contains("OWN_ONLY"), "{}", method.id);
        }
    }
}
