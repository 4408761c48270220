//! The methods behind the figures.

use analytics::method::METHODS;
use async_graphql::SimpleObject;

/// How a kind of figure is worked out.
#[derive(SimpleObject, Clone)]
pub struct Method {
    /// The name by which figures refer to it.
    id: String,
    /// Counted from 1; raised whenever the same facts would give another figure.
    version: i32,
    /// A heading for people.
    title: String,
    /// What is counted, in plain words, with the formula and the names of the rules used.
    definition: String,
}

impl From<&analytics::method::Method> for Method {
    fn from(method: &analytics::method::Method) -> Self {
        Self {
            id: method.id.to_owned(),
            version: method.version,
            title: method.title.to_owned(),
            definition: method.definition.to_owned(),
        }
    }
}

impl Method {
    /// The method of a kept figure, in the version of that time.
    pub(crate) fn kept(id: &str, version: i32) -> Self {
        match METHODS.iter().find(|method| method.id == id) {
            Some(method) if method.version == version => method.into(),
            today => Self {
                id: id.to_owned(),
                version,
                title: today.map_or(id, |method| method.title).to_owned(),
                definition:
                    "This version is no longer in use; the figure stands as it was worked out then."
                        .to_owned(),
            },
        }
    }

    /// Every method, in the order in which they are explained.
    pub(crate) fn all() -> Vec<Self> {
        METHODS.iter().map(Self::from).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_figure_names_the_version_it_was_worked_out_by() {
        let current = &METHODS[0];
        assert_eq!(
            Method::kept(current.id, current.version).definition,
            current.definition
        );
        let older = Method::kept(current.id, 0);
        assert_eq!((older.version, older.title.as_str()), (0, current.title));
        assert_ne!(older.definition, current.definition);
        assert_eq!(Method::kept("gone", 3).title, "gone");
    }
}
