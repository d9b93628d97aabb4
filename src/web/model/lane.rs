//! What stands beside the run that is played, and the figures of all.

use serde::Serialize;

use super::status::{ServedModel, VerdictModel, verdicts};
use crate::observe::figures::Row;
use crate::observe::measure::{REFUSED, UNANSWERED};
use crate::observe::series::Series;
use crate::run::Session;
use crate::run::lanes::{Against, Lane};

#[derive(Serialize)]
pub struct LaneLine {
    name: String,
    /// Its place in the list of branches, if it is one.
    branch: Option<usize>,
    verdicts: Vec<VerdictModel>,
    served: ServedModel,
}

impl LaneLine {
    pub fn of(lane: &Lane, session: &Session, waiting: bool) -> LaneLine {
        let (name, branch) = match &lane.against {
            Against::Variant(name) => (name.clone(), None),
            Against::Branch(place) => {
                let branch = session.branches().list().get(*place);
                (branch.map_or_else(String::new, |branch| branch.name.clone()), Some(*place))
            }
        };
        LaneLine {
            name,
            branch,
            verdicts: verdicts(&*lane.run),
            served: ServedModel::of(&*lane.run, waiting),
        }
    }
}

/// Where two runs part.
#[derive(Serialize)]
pub struct Parted {
    /// When, in µs.
    pub at: f64,
    /// What happens there in the one that is played, and in the other.
    pub here: String,
    pub there: String,
}

/// A figure: the value of each run, and how many times the first one's it is.
#[derive(Serialize)]
pub struct FigureLine {
    name: &'static str,
    sentence: &'static str,
    values: Vec<String>,
    ratios: Vec<Option<String>>,
}

impl FigureLine {
    pub fn of(row: &Row) -> FigureLine {
        let places = 0..row.values.len();
        FigureLine {
            name: row.figure.name,
            sentence: row.figure.sentence,
            values: places.clone().map(|place| row.show(place)).collect(),
            ratios: places.map(|place| row.ratio(place)).collect(),
        }
    }
}

/// Measurements over time.
#[derive(Serialize)]
pub struct SeriesModel {
    window: f64,
    at: Vec<f64>,
    answered: Vec<f64>,
    unserved: Vec<f64>,
    median: Vec<Option<f64>>,
    slowest: Vec<Option<f64>>,
    stale: Vec<f64>,
    messages: Vec<f64>,
    informed: Vec<f64>,
}

impl From<Series> for SeriesModel {
    fn from(series: Series) -> SeriesModel {
        let beyond = |value: f64| if value >= REFUSED { UNANSWERED } else { value };
        let known =
            |values: Vec<f64>| values.into_iter().map(|value| Some(beyond(value)).filter(|v| !v.is_nan()));
        SeriesModel {
            window: series.window as f64,
            at: series.at,
            answered: series.answered,
            unserved: series.unserved,
            median: known(series.median).collect(),
            slowest: known(series.slowest).collect(),
            stale: series.stale,
            messages: series.messages,
            informed: series.informed,
        }
    }
}
