//! The table that the benchmark prints: each figure with its unit, its budget, and whether it is within.

use std::time::Duration;

/// One row.
pub struct Row {
    what: String,
    figure: f64,
    unit: &'static str,
    budget: Option<f64>,
    note: String,
    is_gate: bool,
}

impl Row {
    /// A count. Where it is over its budget the benchmark fails.
    pub fn count(what: &str, figure: usize, unit: &'static str) -> Self {
        Self { is_gate: true, ..Self::time(what, to_float(figure), unit) }
    }

    /// A count beside the floor program's: the figure is their ratio.
    pub fn ratio(what: &str, figure: usize, floor: usize) -> Self {
        let ratio = to_float(figure) / to_float(floor);
        Self { is_gate: true, ..Self::time(what, ratio, "x") }.note(format!("{figure} : {floor}"))
    }

    /// A figure that depends on what else the machine does. It is told, and makes nothing fail.
    pub fn time(what: &str, figure: f64, unit: &'static str) -> Self {
        Self { what: what.to_owned(), figure, unit, budget: None, note: String::new(), is_gate: false }
    }

    pub fn budget(self, budget: f64) -> Self {
        Self { budget: Some(budget), ..self }
    }

    pub fn note(self, note: impl Into<String>) -> Self {
        Self { note: note.into(), ..self }
    }

    fn is_over(&self) -> bool {
        self.budget.is_some_and(|budget| self.figure > budget)
    }

    fn print(&self) {
        let budget = self.budget.map(|budget| format!("<= {budget} {}", self.unit)).unwrap_or_default();
        let verdict = match (self.budget, self.is_over()) {
            (None, _) => "",
            (_, true) => "over",
            (_, false) => "within",
        };
        let kind = if self.is_gate || verdict.is_empty() { "" } else { ", told" };
        let figure = format!("{} {}", shown(self.figure), self.unit);
        let verdict = format!("{verdict}{kind}");
        println!("  {:<62} {figure:>14}  {budget:<14} {verdict:<13} {}", self.what, self.note);
    }
}

/// What was measured so far.
#[derive(Default)]
pub struct Table {
    over: Vec<String>,
    over_told: Vec<String>,
}

impl Table {
    pub fn head(title: &str) {
        println!("\n{title}");
    }

    pub fn add(&mut self, row: Row) {
        row.print();
        if row.is_over() {
            let list = if row.is_gate { &mut self.over } else { &mut self.over_told };
            list.push(row.what);
        }
    }

    /// A row that cannot be measured here, because this program is not installed.
    pub fn miss(what: &str, program: &str) {
        println!("  {what:<62} not measured: {program} is not installed");
    }

    /// Prints what is over its budget. True where no count is.
    pub fn close(&self) -> bool {
        for (list, kind) in [(&self.over, "counts"), (&self.over_told, "times, which make nothing fail")] {
            println!("\nOver their budgets, {kind}: {}", list.len());
            for what in list {
                println!("  {what}");
            }
        }
        self.over.is_empty()
    }
}

/// Three digits, and all of a whole number.
fn shown(figure: f64) -> String {
    match figure {
        _ if figure.fract() == 0.0 => format!("{figure:.0}"),
        _ if figure < 1.0 => format!("{figure:.3}"),
        _ if figure < 100.0 => format!("{figure:.2}"),
        _ => format!("{figure:.0}"),
    }
}

pub fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The middle one.
pub fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<_> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
