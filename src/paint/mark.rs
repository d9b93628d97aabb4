//! One thing drawn.

use super::ink::Ink;
use super::shape::{Shape, Span};

/// What a mark stands for, in the caller's own numbering; [`Scene::hit`](super::Scene::hit) gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(pub u64);

/// A shape in ink. Later marks lie over earlier ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub shape: Shape,
    pub ink: Ink,
    pub tag: Option<Tag>,
    /// Said when a pointer rests on it, where the backend can: [`Scene::words`](super::Scene::words).
    pub title: Option<Span>,
}
