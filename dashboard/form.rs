//! Forms that choose what a page shows. They are sent by `GET`, so what is chosen is in the address.

use crate::show::Day;
use crate::words::Word;

/// A form, rendered by `form.html`.
pub(crate) struct Form {
    /// Where it is sent: a path, with a fragment if the answer is further down the page.
    pub(crate) action: String,
    /// What the form is for, said to those who cannot see where it stands.
    pub(crate) label: &'static str,
    pub(crate) fields: Vec<Field>,
    /// What was chosen elsewhere on the page and stays so.
    pub(crate) kept: Vec<(&'static str, String)>,
    pub(crate) button: &'static str,
}

/// One field with its label.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) hint: Option<&'static str>,
    pub(crate) control: Control,
}

/// What a field is filled in with.
pub(crate) enum Control {
    Text(String),
    Date {
        value: String,
        latest: Option<String>,
    },
    Choice(Vec<Choice>),
}

/// One option of a choice.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) selected: bool,
}

impl Form {
    /// What was chosen elsewhere, without what was not.
    pub(crate) fn keep(pairs: &[(&'static str, Option<String>)]) -> Vec<(&'static str, String)> {
        let chosen = |(name, value): &(&'static str, Option<String>)| Some((*name, value.clone()?));
        pairs.iter().filter_map(chosen).collect()
    }
}

impl Field {
    pub(crate) fn text(name: &'static str, label: &'static str, value: Option<&str>) -> Self {
        Self::new(
            name,
            label,
            Control::Text(value.unwrap_or_default().to_owned()),
        )
    }

    pub(crate) fn date(name: &'static str, label: &'static str, value: Option<Day>) -> Self {
        let value = value.map(|day| day.iso()).unwrap_or_default();
        Self::new(
            name,
            label,
            Control::Date {
                value,
                latest: None,
            },
        )
    }

    /// A date that can be no later than a day.
    pub(crate) fn date_until(
        name: &'static str,
        label: &'static str,
        value: Day,
        latest: Day,
    ) -> Self {
        let control = Control::Date {
            value: value.iso(),
            latest: Some(latest.iso()),
        };
        Self::new(name, label, control)
    }

    /// A choice of one word, with a name for choosing none if that can be.
    pub(crate) fn word<W: Word>(
        name: &'static str,
        label: &'static str,
        none: Option<&str>,
        chosen: Option<W>,
    ) -> Self {
        let words = W::ALL.iter().map(|word| Choice {
            value: word.value().to_owned(),
            label: word.to_string(),
            selected: chosen == Some(*word),
        });
        Self::choice(name, label, none, words)
    }

    /// A choice of one option, with a name for choosing none if that can be.
    pub(crate) fn choice(
        name: &'static str,
        label: &'static str,
        none: Option<&str>,
        options: impl IntoIterator<Item = Choice>,
    ) -> Self {
        let none = none.map(|label| Choice {
            value: String::new(),
            label: label.to_owned(),
            selected: false,
        });
        Self::new(
            name,
            label,
            Control::Choice(none.into_iter().chain(options).collect()),
        )
    }

    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    fn new(name: &'static str, label: &'static str, control: Control) -> Self {
        Self {
            name,
            label,
            hint: None,
            control,
        }
    }
}
