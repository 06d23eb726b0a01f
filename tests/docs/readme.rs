//! The README says what the product does: its tables are those of the code, its figures those of the tests.

use std::fs;
use std::path::{Path, PathBuf};

use convrating::cli;
use convrating::demo::Demo;
use convrating::editor::{keymap, plain};
use convrating::words::EXITS;

use crate::support::cli::{Home, without_times};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).expect("a README")
}

/// The rows of the README's table under this heading, cells without their backquotes.
fn table(heading: &str) -> Vec<(String, String)> {
    let text = readme();
    let (_, section) = text.split_once(&format!("# {heading}\n")).expect("the heading");
    let section = section.split("\n#").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    let cell = |cell: &str| cell.trim().replace('`', "");
    rows.map(|row| {
        let mut cells = row.trim_matches('|').splitn(2, '|');
        (cell(cells.next().unwrap_or_default()), cell(cells.next().unwrap_or_default()))
    })
    .collect()
}

#[test]
fn its_keys_are_those_of_the_key_table() {
    let keys: Vec<_> = keymap::help().map(|(label, about)| (label.to_owned(), about.to_owned())).collect();
    assert_eq!(table("Keys"), keys);
}

/// The heading of the section on the editor line by line.
const LINES: &str = "Line by line, for screen readers and dumb terminals";

#[test]
fn its_words_are_those_of_the_table_of_words() {
    let words: Vec<_> = plain::commands::help().map(|(label, about)| (label, about.to_owned())).collect();
    assert_eq!(table(LINES), words);
}

#[test]
fn its_transcript_line_by_line_is_what_the_program_says() {
    let text = readme();
    let (_, section) = text.split_once(&format!("## {LINES}\n")).expect("the heading");
    let block = section.split("```").nth(1).expect("a transcript");
    let mut lines = block.lines().skip(1);
    let command = lines.next().and_then(|line| line.strip_prefix("$ convrating ")).expect("a command");
    let (typed, said): (Vec<_>, Vec<_>) = lines.partition(|line| line.starts_with("> "));
    let typed: Vec<_> = typed.iter().map(|line| &line[2..]).collect();
    let arguments: Vec<_> = command.split_whitespace().collect();
    let ran = Home::new().run_with_input(&arguments, &[], &typed.join("\n"));
    assert_eq!((ran.code, without_times(&ran.stdout)), (0, without_times(&(said.join("\n") + "\n"))));
}

#[test]
fn its_commands_are_those_of_the_command_line() {
    let definitions = cli::definitions();
    let commands: Vec<_> = definitions
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
        .map(|command| {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            (format!("convrating {}", command.get_name()), about)
        })
        .collect();
    assert_eq!(table("Commands"), commands);
}

#[test]
fn its_variables_are_those_of_the_table() {
    let rows = cli::VARIABLES.iter().map(|row| (row.names.to_owned(), row.meaning.to_owned()));
    assert_eq!(table("Environment"), rows.collect::<Vec<_>>());
}

#[test]
fn its_agents_of_the_demo_are_those_of_the_demo() {
    let demo = Demo::bind(0).expect("a demo");
    let agents: Vec<_> =
        demo.agents().iter().map(|agent| (agent.name().to_owned(), agent.description().to_owned())).collect();
    assert_eq!(table("The demo"), agents);
}

#[test]
fn its_exit_codes_are_those_of_the_table() {
    let codes: Vec<_> =
        EXITS.iter().map(|row| (row.exit.code().to_string(), row.meaning.to_owned())).collect();
    assert_eq!(table("Exit codes"), codes);
}

#[test]
fn the_developers_page_has_the_figures_that_the_tests_print() {
    let page = fs::read_to_string(root().join("CONTRIBUTING.md")).expect("a page for developers");
    let text = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in
        [crate::api::matrix::line(), crate::api::two_editors::line(), crate::terminal::ways_out::line()]
    {
        assert!(text.contains(&line), "CONTRIBUTING.md does not say: {line}");
    }
}

#[test]
fn the_developers_page_has_each_family_of_rows_of_the_benchmark() {
    let read = |name: &str| fs::read_to_string(root().join(name)).expect("a file");
    let (page, benchmark) = (read("CONTRIBUTING.md"), read("benches/speed.rs"));
    let rows = page.split("| family of rows |").nth(1).expect("the table").lines().skip(2);
    let listed: Vec<_> = rows.map_while(|row| row.strip_prefix("| `")?.split('`').next()).collect();
    let families: Vec<_> =
        benchmark.split("family(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(!families.is_empty(), "the families are found");
    assert_eq!(listed, families);
}

#[test]
fn its_test_command_is_what_ci_runs() {
    let ci = fs::read_to_string(root().join(".ci/run")).expect("a CI script");
    assert!(readme().contains("\ncargo test --locked\n"));
    assert!(ci.lines().any(|line| line == "cargo test --locked"));
}

#[test]
fn the_justfile_checks_with_what_ci_runs_and_has_the_recipes_that_the_readme_names() {
    let recipes = fs::read_to_string(root().join("justfile")).expect("a justfile");
    assert!(recipes.contains("\ncheck:\n    .ci/run\n"));
    let text = readme();
    let rest_of_words = text.split("`just ").skip(1);
    let names: Vec<_> = rest_of_words.filter_map(|rest| rest.split([' ', '`']).next()).collect();
    assert!(!names.is_empty(), "the README names a recipe");
    for name in names {
        let is_recipe = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ' ']));
        assert!(recipes.lines().any(is_recipe), "just {name}");
    }
}

/// The place of a heading in a link, as GitHub makes it: `## Try it!` is `try-it`.
fn anchor(heading: &str) -> String {
    let title = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
    title.chars().filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter)).collect()
}

#[test]
fn every_file_and_every_section_that_it_names_is_there() {
    let text = readme();
    let anchors: Vec<_> = text.lines().filter(|line| line.starts_with('#')).map(anchor).collect();
    for part in text.split("](").skip(1) {
        let target = part.split(')').next().unwrap_or_default();
        let is_there = match target.strip_prefix('#') {
            Some(name) => anchors.iter().any(|anchor| anchor == name),
            None => target.starts_with("http") || root().join(target).exists(),
        };
        assert!(is_there, "{target}");
    }
}
