//! The table that the benchmark prints: each figure with its budget, and whether it is within.

/// What was measured so far.
#[derive(Default)]
pub struct Table {
    over: usize,
}

impl Table {
    /// A count. More than `budget` makes the benchmark fail.
    pub fn gate(&mut self, what: &str, figure: usize, budget: usize) {
        let is_within = figure <= budget;
        self.over += usize::from(!is_within);
        print(what, &figure.to_string(), &format!("<= {budget}"), if is_within { "within" } else { "over" });
    }

    /// A ratio of counts, to the floor program's of the same run. More than `budget` makes the benchmark fail.
    pub fn gate_ratio(&mut self, what: &str, (figure, floor): (usize, usize), budget: f64) {
        let ratio = to_float(figure) / to_float(floor);
        let is_within = ratio <= budget;
        self.over += usize::from(!is_within);
        let figure = format!("{ratio:.3} x ({figure} : {floor})");
        print(what, &figure, &format!("<= {budget} x"), if is_within { "within" } else { "over" });
    }

    /// How many figures are over their budgets.
    pub fn count_over(&self) -> usize {
        self.over
    }
}

/// Prints a time, or another figure that depends on what else the machine does. It makes nothing fail.
pub fn tell(what: &str, figure: &str, budget: &str) {
    print(what, figure, budget, "told");
}

fn print(what: &str, figure: &str, budget: &str, verdict: &str) {
    println!("{what:<58} {figure:>30}   {budget:<12} {verdict}");
}

fn to_float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
