//! The cases that two sets of guarded rules decide differently, as few boxes.
//!
//! The dimensions are taken one after the other. In each, the values that no rule still in play tells
//! apart go together, and a set of rules that the two sides share is not looked into; what two paths
//! lead to is worked out once. So the work follows what the texts say, never the number of cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use terms::{Dimension, Guard};

use super::cases::{Cases, Days, Values, joined, merge};

/// Beyond so many sets of rules, the two texts are too entangled to be told apart.
const MOST_STATES: usize = 20_000;
/// Beyond so many boxes, nobody would read them.
const MOST_BOXES: u64 = 1_000;
/// Beyond so many rules times values, one question is not looked into.
const MOST_TOLD_APART: usize = 4_000_000;
/// What all the questions about two texts may cost together, in rules times values looked at.
const MOST_STEPS: usize = 40_000_000;

/// What copying a name into an axis costs beside looking at a value.
const STEPS_OF_A_NAME: usize = 32;

/// What is left to spend on telling cases apart: two contracts share one, whatever their questions.
#[derive(Debug)]
pub(super) struct Steps(usize);

impl Default for Steps {
    fn default() -> Steps {
        Steps(MOST_STEPS)
    }
}

impl Steps {
    pub fn spend(&mut self, steps: usize) -> Result<(), TooMany> {
        self.0 = self.0.checked_sub(steps).ok_or(TooMany)?;
        Ok(())
    }
}

/// A rule as far as deciding goes.
#[derive(Clone, Debug)]
pub(super) struct Ruled<'a> {
    pub when: &'a Guard,
    pub parent: Parent,
    /// Equal numbers on both sides say the same thing.
    pub answer: usize,
}

/// What a rule hangs from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// It excepts nothing.
    None,
    /// The rule at this place of the same list.
    At(usize),
    /// A rule that is not in the list, so this one never governs.
    Absent,
}

/// A box, and the rules that govern it on each side.
pub(super) type Differing = (Cases, (Option<usize>, Option<usize>));

/// There are too many cases to name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooMany;

/// The values that dimensions may take when the contract lists them all.
pub(super) type Closed = BTreeMap<Dimension, BTreeSet<String>>;

/// The boxes on which `before` and `after` answer differently.
pub(super) fn boxes(
    before: &[Ruled<'_>],
    after: &[Ruled<'_>],
    closed: &Closed,
    steps: &mut Steps,
) -> Result<Vec<Differing>, TooMany> {
    let axes = axes(before, after, closed, steps)?;
    let mut search = Search::new(before, after, &axes, steps);
    let root = search.node(0, vec![true; before.len() + after.len()])?;
    let Some(root) = root else { return Ok(Vec::new()) };
    if search.paths(root) > MOST_BOXES {
        return Err(TooMany);
    }
    let mut found = Vec::new();
    search.collect(root, &Cases::default(), &mut found);
    Ok(merge(found))
}

/// A dimension, or the days, cut into what guards can tell apart.
struct Axis {
    dimension: Option<Dimension>,
    values: Vec<Values>,
    /// Where each value that is named stands among them.
    places: BTreeMap<String, usize>,
    days: Vec<Days>,
}

impl Axis {
    fn len(&self) -> usize {
        self.values.len().max(self.days.len())
    }

    /// Which of its values a guard accepts; `None`: all.
    fn accepted(&self, guard: &Guard) -> Option<Vec<bool>> {
        match self.dimension {
            Some(dimension) => {
                let allowed = guard.values.get(&dimension)?;
                let mut accepted = vec![false; self.values.len()];
                for at in allowed.iter().filter_map(|value| self.places.get(value)) {
                    accepted[*at] = true;
                }
                Some(accepted)
            }
            None if guard.from.is_none() && guard.until.is_none() => None,
            None => {
                let inside = |d: &Days| {
                    guard.from.is_none_or(|from| d.from.is_some_and(|f| from <= f))
                        && guard.until.is_none_or(|until| d.until.is_some_and(|u| u <= until))
                };
                Some(self.days.iter().map(inside).collect())
            }
        }
    }
}

/// What a rule says, and where.
type Said<'a> = (&'a BTreeMap<Dimension, BTreeSet<String>>, Option<Date>, Option<Date>, usize);

/// The dimensions that guards name, those of rules that changed first, and the days last.
fn axes(
    before: &[Ruled<'_>],
    after: &[Ruled<'_>],
    closed: &Closed,
    steps: &mut Steps,
) -> Result<Vec<Axis>, TooMany> {
    fn said<'a>(rule: &Ruled<'a>) -> Said<'a> {
        (&rule.when.values, rule.when.from, rule.when.until, rule.answer)
    }
    let guards = || before.iter().chain(after).map(|r| r.when);
    let (mine, theirs): (BTreeSet<Said<'_>>, BTreeSet<Said<'_>>) =
        (before.iter().map(said).collect(), after.iter().map(said).collect());
    let lonely: Vec<&Guard> = before
        .iter()
        .filter(|a| !theirs.contains(&said(a)))
        .chain(after.iter().filter(|b| !mine.contains(&said(b))))
        .map(|r| r.when)
        .collect();
    let named: BTreeSet<Dimension> = guards().flat_map(|g| g.values.keys().copied()).collect();
    let mut order: Vec<Dimension> = named.into_iter().collect();
    order
        .sort_by_key(|d| (std::cmp::Reverse(lonely.iter().filter(|g| g.values.contains_key(d)).count()), *d));
    let mut axes: Vec<Axis> = Vec::new();
    for dimension in order {
        let mut named: BTreeSet<String> =
            guards().filter_map(|g| g.values.get(&dimension)).flatten().cloned().collect();
        let known = closed.get(&dimension);
        steps.spend((named.len() + known.map_or(0, BTreeSet::len)).saturating_mul(STEPS_OF_A_NAME))?;
        named.extend(known.into_iter().flatten().cloned());
        let mut values: Vec<Values> = named.iter().map(|v| Values::one(v)).collect();
        let places = named.iter().cloned().zip(0..).collect();
        if known.is_none() {
            values.push(Values { only: BTreeSet::new(), any_but: Some(named), unknown: true });
        }
        axes.push(Axis { dimension: Some(dimension), values, places, days: Vec::new() });
    }
    let days = spans(guards());
    if days.len() > 1 {
        axes.push(Axis { dimension: None, values: Vec::new(), places: BTreeMap::new(), days });
    }
    let rules = before.len() + after.len();
    let told_apart = rules.saturating_mul(axes.iter().map(Axis::len).sum());
    if told_apart > MOST_TOLD_APART {
        return Err(TooMany);
    }
    steps.spend(told_apart)?;
    Ok(axes)
}

/// The days, cut where guards begin and after they end.
fn spans<'a>(guards: impl Iterator<Item = &'a Guard>) -> Vec<Days> {
    let mut cuts: BTreeSet<Date> = BTreeSet::new();
    for guard in guards {
        cuts.extend(guard.from);
        cuts.extend(guard.until.and_then(|u| u.tomorrow().ok()));
    }
    let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
    let ends = cuts.iter().map(|c| c.yesterday().ok()).chain(std::iter::once(None));
    starts.zip(ends).map(|(from, until)| Days { from, until }).collect()
}

/// What a set of rules in play leads to, from one dimension on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Node {
    /// The rules that govern on each side: their answers differ.
    Leaf(Option<usize>, Option<usize>),
    /// Groups of values of an axis, and what each leads to; groups that decide alike are left out.
    Branch(usize, Vec<(Vec<usize>, usize)>),
}

struct Search<'a> {
    before: &'a [Ruled<'a>],
    after: &'a [Ruled<'a>],
    axes: &'a [Axis],
    steps: &'a mut Steps,
    /// By rule, then axis.
    accepted: Vec<Vec<Option<Vec<bool>>>>,
    /// The rules that each hangs from; `None`: it hangs from nothing.
    chains: Vec<Option<Vec<usize>>>,
    /// By axis, then rule: equal numbers stand for rules that are the same from that axis on.
    same: Vec<Vec<usize>>,
    known: BTreeMap<(usize, Vec<bool>), Option<usize>>,
    nodes: Vec<Node>,
    index: BTreeMap<Node, usize>,
}

impl<'a> Search<'a> {
    fn new(
        before: &'a [Ruled<'a>],
        after: &'a [Ruled<'a>],
        axes: &'a [Axis],
        steps: &'a mut Steps,
    ) -> Search<'a> {
        let rules = || before.iter().chain(after);
        let accepted: Vec<Vec<Option<Vec<bool>>>> =
            rules().map(|r| axes.iter().map(|axis| axis.accepted(r.when)).collect()).collect();
        let mut search = Search {
            before,
            after,
            axes,
            steps,
            accepted,
            chains: Vec::new(),
            same: Vec::new(),
            known: BTreeMap::new(),
            nodes: Vec::new(),
            index: BTreeMap::new(),
        };
        search.chains = (0..before.len() + after.len()).map(|at| search.ancestors(at)).collect();
        search.same = (0..=axes.len()).map(|level| search.classes(level)).collect();
        search
    }

    fn rule(&self, at: usize) -> &Ruled<'a> {
        if at < self.before.len() { &self.before[at] } else { &self.after[at - self.before.len()] }
    }

    /// The parent of a rule, by its place among the rules of both sides.
    fn parent(&self, at: usize) -> Parent {
        let base = if at < self.before.len() { 0 } else { self.before.len() };
        match self.rule(at).parent {
            Parent::At(parent) => Parent::At(parent + base),
            other => other,
        }
    }

    fn ancestors(&self, at: usize) -> Option<Vec<usize>> {
        let mut chain = Vec::new();
        let mut current = at;
        // Exceptions nest 32 deep at most, and the compiler refuses circles.
        for _ in 0..=32 {
            match self.parent(current) {
                Parent::None => return Some(chain),
                Parent::At(parent) => current = parent,
                Parent::Absent => return None,
            }
            chain.push(current);
        }
        None
    }

    fn classes(&self, level: usize) -> Vec<usize> {
        let count = self.before.len() + self.after.len();
        let own = |at: usize| (&self.accepted[at][level..], self.rule(at).answer);
        type Key<'k> = Vec<(&'k [Option<Vec<bool>>], usize)>;
        let mut seen: BTreeMap<Key<'_>, usize> = BTreeMap::new();
        (0..count)
            .map(|at| {
                let chain = self.chains[at].as_deref().unwrap_or_default();
                let key = std::iter::once(at).chain(chain.iter().copied()).map(own).collect();
                let next = seen.len();
                *seen.entry(key).or_insert(next)
            })
            .collect()
    }

    /// Rules that hang from one out of play are out of play.
    fn settle(&self, alive: &mut [bool]) {
        let dead: Vec<usize> = (0..alive.len())
            .filter(|at| alive[*at])
            .filter(|at| self.chains[*at].as_ref().is_none_or(|chain| chain.iter().any(|p| !alive[*p])))
            .collect();
        for at in dead {
            alive[at] = false;
        }
    }

    /// What the rules in play lead to from this axis on; `None`: the same on both sides.
    fn node(&mut self, level: usize, mut alive: Vec<bool>) -> Result<Option<usize>, TooMany> {
        self.steps.spend(alive.len())?;
        self.settle(&mut alive);
        if self.alike(level, &alive) {
            return Ok(None);
        }
        // An axis that no rule in play looks at is passed over.
        let looks = |axis: usize| (0..alive.len()).any(|at| alive[at] && self.accepted[at][axis].is_some());
        let Some(level) = (level..self.axes.len()).find(|axis| looks(*axis)) else {
            return Ok(self.leaf(&alive));
        };
        if let Some(known) = self.known.get(&(level, alive.clone())) {
            return Ok(*known);
        }
        if self.known.len() >= MOST_STATES {
            return Err(TooMany);
        }
        self.steps.spend(alive.len().saturating_mul(self.axes[level].len()))?;
        let mut groups: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
        for value in 0..self.axes[level].len() {
            let left = (0..alive.len())
                .map(|at| alive[at] && self.accepted[at][level].as_ref().is_none_or(|a| a[value]))
                .collect();
            groups.entry(left).or_default().push(value);
        }
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (left, values) in groups {
            if let Some(child) = self.node(level + 1, left)? {
                children.entry(child).or_default().extend(values);
            }
        }
        let mut children: Vec<(Vec<usize>, usize)> = children
            .into_iter()
            .map(|(child, mut values)| {
                values.sort_unstable();
                (values, child)
            })
            .collect();
        children.sort();
        let found = match &children[..] {
            [] => None,
            [(values, child)] if values.len() == self.axes[level].len() => Some(*child),
            _ => Some(self.keep(Node::Branch(level, children))),
        };
        self.known.insert((level, alive), found);
        Ok(found)
    }

    /// Whether both sides have the same rules in play.
    fn alike(&self, level: usize, alive: &[bool]) -> bool {
        let split = self.before.len();
        let of = |range: std::ops::Range<usize>| -> BTreeSet<usize> {
            range.filter(|at| alive[*at]).map(|at| self.same[level][at]).collect()
        };
        of(0..split) == of(split..alive.len())
    }

    fn leaf(&mut self, alive: &[bool]) -> Option<usize> {
        let split = self.before.len();
        let a = self.governing(0..split, alive);
        let b = self.governing(split..alive.len(), alive);
        let answer = |at: Option<usize>| at.map(|at| self.rule(at).answer);
        if answer(a) == answer(b) {
            return None;
        }
        Some(self.keep(Node::Leaf(a, b.map(|b| b - split))))
    }

    /// As `terms::governing`, on rules that hold whatever else is known.
    fn governing(&self, range: std::ops::Range<usize>, alive: &[bool]) -> Option<usize> {
        let find = |parent: Parent| range.clone().find(|at| alive[*at] && self.parent(*at) == parent);
        let mut current = find(Parent::None)?;
        for _ in 0..32 {
            match find(Parent::At(current)) {
                Some(next) => current = next,
                None => break,
            }
        }
        Some(current)
    }

    fn keep(&mut self, node: Node) -> usize {
        if let Some(known) = self.index.get(&node) {
            return *known;
        }
        self.nodes.push(node.clone());
        self.index.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// How many boxes lie under a node. Children are kept before their parents, so one pass tells.
    fn paths(&self, root: usize) -> u64 {
        let mut counts: Vec<u64> = Vec::with_capacity(root + 1);
        for node in &self.nodes[..=root] {
            counts.push(match node {
                Node::Leaf(..) => 1,
                Node::Branch(_, children) => {
                    children.iter().fold(0, |sum: u64, (_, child)| sum.saturating_add(counts[*child]))
                }
            });
        }
        counts[root]
    }

    fn collect(&self, node: usize, path: &Cases, out: &mut Vec<Differing>) {
        match &self.nodes[node] {
            Node::Leaf(a, b) => out.push((path.clone(), (*a, *b))),
            Node::Branch(axis, children) => {
                for (values, child) in children {
                    self.collect(*child, &narrowed(path, &self.axes[*axis], values), out);
                }
            }
        }
    }
}

/// The cases of a path that have one of these values of the axis.
fn narrowed(path: &Cases, axis: &Axis, values: &[usize]) -> Cases {
    let mut cases = path.clone();
    match axis.dimension {
        Some(dimension) => {
            if let Some(all) = Values::together(values.iter().map(|at| &axis.values[*at])) {
                cases.values.insert(dimension, all);
            }
        }
        None => cases.days = joined(values.iter().map(|at| axis.days[*at]).collect()),
    }
    cases
}
