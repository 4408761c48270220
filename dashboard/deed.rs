//! Forms that change something: they are sent by `POST`, most by whoever is signed in, each with a key by which it is done
//! once.

use askama::Template;

use crate::form::Choice;
use crate::frame::PageContext;
use crate::sent::{Fields, Returned};
use crate::words::Word;

/// A form that changes something.
#[derive(Template)]
#[template(path = "deed.html")]
pub(crate) struct Deed {
    /// What it does, as the page that takes it knows it.
    does: &'static str,
    /// Sets it apart from the other forms of the page: the start of its ids.
    place: String,
    /// Where it is sent.
    action: String,
    /// `None` where nobody is signed in: few forms can be sent then.
    csrf: Option<String>,
    key: String,
    /// What it is about, and which version of it was seen.
    hidden: Vec<(&'static str, String)>,
    inputs: Vec<Input>,
    button: &'static str,
    /// Whom or what it is about, said to those who cannot see where the form stands.
    of: String,
    /// What the button cannot take back is marked so.
    grave: bool,
    /// What was wrong with it as a whole.
    wrong: Vec<String>,
    returned: bool,
}

/// One thing to fill in.
pub(crate) struct Input {
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    wrong: Option<String>,
    control: Control,
}

/// How it is filled in.
enum Control {
    Text {
        kind: &'static str,
        value: String,
    },
    /// Several lines.
    Area(String),
    Choice(Vec<Choice>),
    /// Several boxes or buttons under one legend: `checkbox` or `radio`.
    Options {
        kind: &'static str,
        options: Vec<Explained>,
    },
    /// One box with a sentence.
    Confirm(bool),
    /// A text that people do not see and leave empty, and programs that fill in everything do not.
    Trap,
}

/// An option with what it means.
struct Explained {
    value: &'static str,
    label: String,
    meaning: &'static str,
    checked: bool,
}

/// A fault of a form, and where to mend it.
pub(crate) struct Complaint {
    pub(crate) href: Option<String>,
    pub(crate) message: String,
}

/// What all forms of a page share.
pub(crate) struct Deeds<'a> {
    action: String,
    csrf: Option<String>,
    key: &'a str,
    returned: Option<&'a Returned<'a>>,
}

impl<'a> Deeds<'a> {
    /// The forms of the page at `action`; `None` when nobody is signed in to send any.
    pub(crate) fn of(
        context: &'a PageContext,
        action: &str,
        returned: Option<&'a Returned<'a>>,
    ) -> Option<Self> {
        context.account.as_ref()?;
        Some(Self::anyone(context, action, returned))
    }

    /// The forms of the page at `action` that anybody may send, signed in or not.
    pub(crate) fn anyone(
        context: &'a PageContext,
        action: &str,
        returned: Option<&'a Returned<'a>>,
    ) -> Self {
        let account = context.account.as_ref();
        Self {
            action: action.to_owned(),
            csrf: account.map(|account| account.csrf.clone()),
            key: &context.key,
            returned,
        }
    }

    /// A form that does something about the `nth` thing of its list. `hidden` says which; where the form came back, it
    /// has what was typed and what was wrong with it.
    pub(crate) fn deed(
        &self,
        does: &'static str,
        nth: usize,
        hidden: Vec<(&'static str, String)>,
        inputs: Vec<Input>,
    ) -> Deed {
        let place = format!("{does}-{nth}");
        let mut deed = Deed {
            does,
            action: self.action.clone(),
            csrf: self.csrf.clone(),
            key: format!("{}-{place}", self.key),
            place,
            hidden,
            inputs,
            button: "Send",
            of: String::new(),
            grave: false,
            wrong: Vec::new(),
            returned: false,
        };
        if let Some(returned) = self.returned.filter(|returned| deed.is(returned.fields)) {
            deed.fill(returned);
        }
        deed
    }
}

impl Deed {
    /// What its button says, and of whom or what it is where that can only be seen.
    pub(crate) fn button(mut self, button: &'static str, of: impl Into<String>) -> Self {
        self.button = button;
        self.of = of.into();
        self
    }

    /// Marks what cannot be taken back.
    pub(crate) fn grave(mut self) -> Self {
        self.grave = true;
        self
    }

    /// The id of what is filled in.
    fn id(&self, input: &Input) -> String {
        format!("{}-{}", self.place, input.name)
    }

    /// What its button says, for what it is folded under.
    pub(crate) fn says(&self) -> &'static str {
        self.button
    }

    /// Whether it came back, so that it has to be seen.
    pub(crate) fn returned(&self) -> bool {
        self.returned
    }

    /// What was wrong with it, each with the place to mend it.
    pub(crate) fn complaints(&self) -> Vec<Complaint> {
        let whole = self.wrong.iter().map(|message| Complaint {
            href: Some(format!("#{}", self.place)),
            message: message.clone(),
        });
        let inputs = self.inputs.iter().filter_map(|input| {
            Some(Complaint {
                href: Some(format!("#{}", self.id(input))),
                message: input.wrong.clone()?,
            })
        });
        whole.chain(inputs).collect()
    }

    /// Whether these fields are those of this form: what it does and what it is about. The version may have moved on.
    fn is(&self, fields: &Fields) -> bool {
        let about = self.hidden.iter().find(|(name, _)| *name == "about");
        let about = about.map_or("", |(_, id)| id.as_str());
        fields.typed("does") == self.does && fields.typed("about") == about
    }

    /// Has it show what was typed and what was wrong with that.
    pub(crate) fn fill(&mut self, returned: &Returned<'_>) {
        self.returned = true;
        for input in &mut self.inputs {
            input.control.fill(input.name, returned.fields);
            input.wrong = returned.wrong.of_field(input.name);
        }
        let named = |name: &str| self.inputs.iter().any(|input| input.name == name);
        let others = returned.wrong.fields.iter();
        let others = others.filter(|(field, _)| !named(field));
        self.wrong = returned.wrong.whole.clone();
        self.wrong
            .extend(others.map(|(_, message)| message.clone()));
    }
}

impl Control {
    fn fill(&mut self, name: &str, fields: &Fields) {
        match self {
            Self::Text { value, .. } | Self::Area(value) => fields.typed(name).clone_into(value),
            Self::Choice(options) => {
                for option in options {
                    option.selected = option.value == fields.typed(name);
                }
            }
            Self::Options { options, .. } => {
                for option in options {
                    option.checked = fields.all(name).any(|value| value == option.value);
                }
            }
            Self::Confirm(checked) => *checked = !fields.typed(name).is_empty(),
            // What fell into it is not to fall into it again.
            Self::Trap => {}
        }
    }
}

impl Input {
    pub(crate) fn text(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::typed("text", name, label, value)
    }

    /// A text that a browser helps to write: `email`, `tel` or `number`.
    pub(crate) fn typed(
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        value: &str,
    ) -> Self {
        let value = value.to_owned();
        Self::new(name, label, Control::Text { kind, value })
    }

    /// A text of several lines.
    pub(crate) fn area(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Control::Area(String::new()))
    }

    /// Why it is done, for the record.
    pub(crate) fn reason() -> Self {
        let hint = "Kept in the record with the change. You may leave it blank; do not write about anybody’s private matters.";
        Self::text("reason", "Reason", "").hint(hint)
    }

    /// A choice of one of some words.
    pub(crate) fn word<W: Word>(
        name: &'static str,
        label: &'static str,
        words: &[W],
        chosen: W,
    ) -> Self {
        let options = words.iter().map(|word| Choice {
            value: word.value().to_owned(),
            label: word.to_string(),
            selected: *word == chosen,
        });
        Self::new(name, label, Control::Choice(options.collect()))
    }

    /// A choice of one of several options.
    pub(crate) fn choice(name: &'static str, label: &'static str, options: Vec<Choice>) -> Self {
        Self::new(name, label, Control::Choice(options))
    }

    /// A choice of one of some words, each explained.
    pub(crate) fn one_of<W: Word>(
        name: &'static str,
        label: &'static str,
        words: &[W],
        chosen: Option<W>,
        meaning: fn(W) -> &'static str,
    ) -> Self {
        let checked = |word: W| chosen == Some(word);
        Self::options("radio", name, label, words, checked, meaning)
    }

    /// A choice of some of some words, each explained.
    pub(crate) fn some_of<W: Word>(
        name: &'static str,
        label: &'static str,
        words: &[W],
        checked: impl Fn(W) -> bool,
        meaning: fn(W) -> &'static str,
    ) -> Self {
        Self::options("checkbox", name, label, words, checked, meaning)
    }

    /// A box to tick before something that cannot be taken back.
    pub(crate) fn confirm(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Control::Confirm(false))
    }

    /// What nobody fills in but a program that fills in everything.
    pub(crate) fn trap(name: &'static str, label: &'static str) -> Self {
        Self::new(name, label, Control::Trap)
    }

    /// The same, filled in with what stands.
    pub(crate) fn holding(mut self, standing: &str) -> Self {
        match &mut self.control {
            Control::Text { value, .. } | Control::Area(value) => standing.clone_into(value),
            Control::Choice(options) => {
                for option in options {
                    option.selected = option.value == standing;
                }
            }
            Control::Options { .. } | Control::Confirm(_) | Control::Trap => {}
        }
        self
    }

    pub(crate) fn hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    fn options<W: Word>(
        kind: &'static str,
        name: &'static str,
        label: &'static str,
        words: &[W],
        checked: impl Fn(W) -> bool,
        meaning: fn(W) -> &'static str,
    ) -> Self {
        let options = words.iter().map(|word| Explained {
            value: word.value(),
            label: word.to_string(),
            meaning: meaning(*word),
            checked: checked(*word),
        });
        let options = options.collect();
        Self::new(name, label, Control::Options { kind, options })
    }

    fn new(name: &'static str, label: &'static str, control: Control) -> Self {
        Self {
            name,
            label,
            hint: None,
            wrong: None,
            control,
        }
    }

    /// What describes it: its hint and its fault, by the ids they have in a form.
    fn described(&self, place: &str) -> Option<String> {
        let hint = self.hint.map(|_| format!("{place}-{}-hint", self.name));
        let wrong = &self.wrong;
        let wrong = wrong
            .as_ref()
            .map(|_| format!("{place}-{}-wrong", self.name));
        match (wrong, hint) {
            (Some(wrong), Some(hint)) => Some(format!("{wrong} {hint}")),
            (one, other) => one.or(other),
        }
    }
}

/// What was wrong with the form that came back, each with the place to mend it. Where the page has that form no more,
/// there is nothing to mend.
pub(crate) fn complaints<'d>(
    deeds: impl IntoIterator<Item = &'d Deed>,
    returned: Option<&Returned<'_>>,
) -> Vec<Complaint> {
    let found: Vec<_> = deeds.into_iter().flat_map(Deed::complaints).collect();
    let Some(returned) = returned.filter(|_| found.is_empty()) else {
        return found;
    };
    let fields = returned.wrong.fields.iter().map(|(_, message)| message);
    let all = returned.wrong.whole.iter().chain(fields);
    let plain = |message: &String| Complaint {
        href: None,
        message: message.clone(),
    };
    all.map(plain).collect()
}
