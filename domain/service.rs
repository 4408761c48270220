//! The services of councils, in two levels: what a problem belongs to.

use crate::{Error, Result};

/// An area of services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The area as a service of its own, for what belongs to all of it.
    pub whole: Service,
    /// Its services.
    pub services: &'static [Service],
}

/// A service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    /// Its code, such as `homelessness`.
    pub code: &'static str,
    /// What it is called.
    pub name: &'static str,
}

macro_rules! areas {
    ($($area:literal $area_name:literal { $($code:literal $name:literal),+ $(,)? })+) => {
        /// Every area, with its services.
        pub const AREAS: &[Area] = &[$(Area {
            whole: Service { code: $area, name: $area_name },
            services: &[$(Service { code: $code, name: $name }),+],
        }),+];
    };
}

areas! {
    "adult-social-care" "Adult social care" {
        "care-assessments" "Assessments and care plans",
        "care-providers" "Care homes and home care",
        "carers" "Support for carers",
        "safeguarding-adults" "Safeguarding of adults",
    }
    "children" "Children and families" {
        "childrens-social-care" "Children's social care",
        "early-help" "Early help and family hubs",
        "fostering-and-adoption" "Fostering and adoption",
        "safeguarding-children" "Safeguarding of children",
        "youth-services" "Youth services",
    }
    "education" "Education and learning" {
        "school-admissions" "School admissions",
        "school-transport" "School transport",
        "special-educational-needs" "Special educational needs",
        "adult-learning" "Adult learning",
    }
    "housing" "Housing" {
        "homelessness" "Homelessness",
        "housing-register" "Housing register and allocations",
        "council-homes" "Council homes and repairs",
        "private-renting" "Private renting and licensing of landlords",
    }
    "planning" "Planning and building" {
        "planning-applications" "Planning applications",
        "local-plans" "Local plans",
        "building-control" "Building control",
        "land-charges" "Land charges and searches",
        "conservation" "Conservation and heritage",
    }
    "waste" "Waste and recycling" {
        "household-collections" "Household collections",
        "recycling" "Recycling",
        "fly-tipping" "Fly-tipping and litter",
    }
    "transport" "Streets and transport" {
        "highways" "Roads and repairs",
        "parking" "Parking",
        "public-transport" "Public transport",
        "street-works" "Street works",
        "walking-and-cycling" "Walking and cycling",
    }
    "environment" "Environment and climate" {
        "air-quality" "Air quality and noise",
        "climate" "Climate and energy",
        "flooding" "Flooding and drainage",
        "parks" "Parks and open spaces",
        "trees" "Trees and biodiversity",
    }
    "public-protection" "Public protection" {
        "licensing" "Licences",
        "food-safety" "Food safety",
        "trading-standards" "Trading standards",
        "community-safety" "Community safety",
        "emergency-planning" "Emergency planning",
    }
    "public-health" "Public health" {
        "health-protection" "Health protection",
        "healthy-living" "Healthy living",
        "drugs-and-alcohol" "Drugs and alcohol",
    }
    "revenues-and-benefits" "Revenues and benefits" {
        "council-tax" "Council tax",
        "business-rates" "Business rates",
        "benefits" "Benefits and hardship",
        "debt" "Debt and collection",
    }
    "culture" "Culture and leisure" {
        "libraries" "Libraries",
        "leisure" "Leisure and sport",
        "museums-and-archives" "Museums and archives",
    }
    "economy" "Economy and regeneration" {
        "business-support" "Support for businesses",
        "employment" "Jobs and skills",
        "regeneration" "Regeneration",
    }
    "democracy" "Democracy and registration" {
        "elections" "Elections",
        "council-meetings" "Council meetings and decisions",
        "registrars" "Births, deaths and marriages",
        "bereavement" "Cemeteries and crematoria",
    }
    "corporate" "Running the council" {
        "customer-contact" "Contact with customers",
        "data-and-insight" "Data and insight",
        "digital" "Digital and technology",
        "finance" "Finance",
        "information-governance" "Information governance",
        "people" "Staff and workforce",
        "procurement" "Procurement",
        "property" "Property and assets",
    }
}

impl Area {
    /// The area itself and its services.
    pub fn all(&self) -> impl Iterator<Item = Service> + '_ {
        std::iter::once(self.whole).chain(self.services.iter().copied())
    }
}

/// The service or area with this code.
///
/// # Errors
/// [`Error::Invalid`] when there is none.
pub fn find(code: &str) -> Result<Service> {
    let wanted = code.trim().to_ascii_lowercase();
    let mut all = AREAS.iter().flat_map(Area::all);
    all.find(|one| one.code == wanted).ok_or_else(|| {
        let told = format!("`{code}` is no service; `services` lists their codes.");
        Error::invalid("service", told)
    })
}

/// The area to which this code belongs: itself, if it is an area's.
pub fn area_of(code: &str) -> Option<Area> {
    let holds = |area: &&Area| area.all().any(|one| one.code == code);
    AREAS.iter().find(holds).copied()
}

/// The codes that a filter by this code lets through: a service alone, an area with all of its services.
pub fn within(code: &str) -> Vec<&'static str> {
    match AREAS.iter().find(|area| area.whole.code == code) {
        Some(area) => area.all().map(|one| one.code).collect(),
        None => find(code).ok().map(|one| one.code).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_a_slug_of_its_own() {
        let codes: Vec<&str> = AREAS
            .iter()
            .flat_map(Area::all)
            .map(|one| one.code)
            .collect();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len());
        for code in codes {
            assert!(crate::slug::check("service", code).is_ok(), "{code}");
            assert_eq!(find(code).unwrap().code, code);
        }
        assert!(find("juggling").is_err());
    }

    #[test]
    fn an_area_holds_its_services_and_a_service_itself() {
        assert_eq!(within("homelessness"), ["homelessness"]);
        assert_eq!(
            within("waste"),
            ["waste", "household-collections", "recycling", "fly-tipping"]
        );
        assert_eq!(within("juggling"), [""; 0]);
        assert_eq!(area_of("recycling").unwrap().whole.code, "waste");
        assert_eq!(area_of("waste").unwrap().whole.code, "waste");
        assert!(area_of("juggling").is_none());
    }
}
