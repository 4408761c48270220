//! Organisations: councils and the other bodies of the sector, their kinds, codes and lives.

use crate::{Error, Result, text_enum};

text_enum!(
    /// What a body is.
    pub enum OrganisationKind as "kind" {
        /// A principal council: county, district, unitary, borough.
        Council = "COUNCIL",
        /// A combined authority or other strategic authority of several councils.
        CombinedAuthority = "COMBINED_AUTHORITY",
        /// A department or agency of central or devolved government.
        CentralDepartment = "CENTRAL_DEPARTMENT",
        /// A company that sells to the sector.
        Supplier = "SUPPLIER",
        /// A charity.
        Charity = "CHARITY",
        /// A university.
        University = "UNIVERSITY",
        /// Anything else, such as a national park authority.
        Other = "OTHER",
    }
);

text_enum!(
    /// The tier of a council.
    pub enum Tier as "tier" {
        /// The upper of two tiers in England.
        County = "COUNTY",
        /// The lower of two tiers in England.
        District = "DISTRICT",
        /// A single-tier English council outside the conurbations.
        Unitary = "UNITARY",
        /// A single-tier council of an English metropolitan county.
        Metropolitan = "METROPOLITAN",
        /// A London borough or the City of London.
        London = "LONDON",
        /// A Scottish council.
        Scottish = "SCOTTISH",
        /// A Welsh council.
        Welsh = "WELSH",
        /// A Northern Irish district.
        NorthernIrish = "NORTHERN_IRISH",
    }
);

text_enum!(
    /// A nation of the United Kingdom.
    pub enum Nation as "nation" {
        /// England.
        England = "ENGLAND",
        /// Scotland.
        Scotland = "SCOTLAND",
        /// Wales.
        Wales = "WALES",
        /// Northern Ireland.
        NorthernIreland = "NORTHERN_IRELAND",
    }
);

impl Nation {
    /// The nation's name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::England => "England",
            Self::Scotland => "Scotland",
            Self::Wales => "Wales",
            Self::NorthernIreland => "Northern Ireland",
        }
    }
}

impl OrganisationKind {
    /// The kind's name in the plural, for a group of such bodies.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Council => "Councils",
            Self::CombinedAuthority => "Combined authorities",
            Self::CentralDepartment => "Central departments",
            Self::Supplier => "Suppliers",
            Self::Charity => "Charities",
            Self::University => "Universities",
            Self::Other => "Other bodies",
        }
    }
}

impl Tier {
    /// The tier's name in the plural, for a group of such councils.
    pub fn plural(self) -> &'static str {
        match self {
            Self::County => "County councils",
            Self::District => "District councils",
            Self::Unitary => "Unitary councils",
            Self::Metropolitan => "Metropolitan boroughs",
            Self::London => "London boroughs",
            Self::Scottish => "Scottish councils",
            Self::Welsh => "Welsh councils",
            Self::NorthernIrish => "Northern Irish districts",
        }
    }
}

/// The scheme of a body's ONS nine-character code.
pub const SCHEME_GSS: &str = "gss";
/// The scheme of a body's short code in the register it was imported from.
pub const SCHEME_REGISTER: &str = "register";

/// Checks the name of a code scheme: a slug, written in any case.
///
/// # Errors
/// [`Error::Invalid`] when it is not letters, digits and hyphens.
pub fn parse_scheme(raw: &str) -> Result<String> {
    crate::slug::check("scheme", &raw.trim().to_ascii_lowercase())
}

/// Checks a body's code in some scheme: 1 to 40 printable characters without blanks or colons.
///
/// # Errors
/// [`Error::Invalid`] when it is not.
pub fn parse_code(field: &'static str, raw: &str) -> Result<String> {
    let code = raw.trim();
    let fits =
        (1..=40).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_graphic() && b != b':');
    if fits {
        Ok(code.to_owned())
    } else {
        Err(Error::invalid(
            field,
            format!("`{code}` is not a code; use 1 to 40 characters without blanks or colons."),
        ))
    }
}

/// Tidies a name: no blanks at the ends, single blanks between words.
///
/// # Errors
/// [`Error::Invalid`] when nothing is left or it is longer than 200 characters.
pub fn parse_name(field: &'static str, raw: &str) -> Result<String> {
    let name = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        1..=200 => Ok(name),
        n => Err(Error::invalid(
            field,
            format!("A name has 1 to 200 characters; this one has {n}."),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_unknown_ones_say_what_is_known() {
        assert_eq!(
            "combined-authority".parse::<OrganisationKind>().unwrap(),
            OrganisationKind::CombinedAuthority
        );
        let error = "parish".parse::<OrganisationKind>().unwrap_err();
        assert!(
            error.to_string().contains("COUNCIL, COMBINED_AUTHORITY"),
            "{error}"
        );
    }

    #[test]
    fn names_are_tidied_and_codes_are_checked() {
        assert_eq!(
            parse_name("name", " Hull  City\tCouncil ").unwrap(),
            "Hull City Council"
        );
        assert!(parse_name("name", "  ").is_err());
        assert_eq!(parse_code("code", " E06000001 ").unwrap(), "E06000001");
        assert!(parse_code("code", "a b").is_err());
    }
}
