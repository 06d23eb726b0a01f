//! What `-h` and `--help` say beside the options: `-h` fits a screen, `--help` adds examples, variables and where to read more.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Command};
use textwrap::{Options, WordSplitter};

use super::examples::examples_of;
use super::variables::VARIABLES;

/// Where the settings are documented.
pub const READ_MORE: &str = "https://docs.quickchat.ai/api-reference/conversations/conversation-rating/";

/// The widest line of a help text, in columns.
const WIDTH: usize = 80;
/// The options that `-h` shows where there are commands to show too. It only names the others.
const SHORT: &[&str] = &["profiles", "demo", "help"];
const TEMPLATE: &str = "{about}\n{usage-heading} {usage}\n\n{all-args}{after-help}\n";

/// Gives convrating its option `--version`. clap's own cannot be left out of one text.
pub(super) fn add_version(command: Command) -> Command {
    let option = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    command.disable_version_flag(true).arg(option.help("Print version").display_order(999))
}

/// Gives a command, and all commands in it, one layout and one option for both texts of help.
pub(super) fn add_help(command: Command) -> Command {
    let command = command.disable_help_flag(true).help_template(TEMPLATE).arg(help_option());
    command.mut_subcommands(add_help)
}

fn help_option() -> Arg {
    // Only this action has one layout for both texts: <https://docs.rs/clap/latest/clap/enum.ArgAction.html>.
    let option = Arg::new("help").short('h').long("help").action(ArgAction::HelpShort);
    option.help("Print help; --help adds examples and variables").display_order(998)
}

/// The definitions for `-h`: beside the commands there is no room for all options. A line names the others.
pub(super) fn shorten(command: Command) -> Command {
    // An option of all commands that is hidden here is hidden in each of them.
    let is_other = |option: &Arg| !option.is_global_set() && !SHORT.contains(&option.get_id().as_str());
    let others = command.get_arguments().filter(|option| is_other(option)).filter_map(Arg::get_long);
    let others: Vec<_> = others.map(|name| format!("--{name}")).collect();
    let others = textwrap::fill(&format!("More in --help: {}", others.join(" ")), wrapped());
    let command = command.mut_args(|option| if is_other(&option) { option.hide(true) } else { option });
    let command = command.mut_arg("demo", |option| option.help("Use the demo; --help names its agents"));
    // The word `help` on the command line asks for the long text, so this command is not used here.
    command.disable_help_subcommand(true).after_help(others)
}

/// The definitions for `--help`, with what it adds to each command.
pub(super) fn lengthen(command: Command) -> Command {
    lengthen_at(command, "")
}

fn lengthen_at(command: Command, path: &str) -> Command {
    let command = command.mut_subcommands(|inner| {
        let path = format!("{path} {}", inner.get_name()).trim_start().to_owned();
        lengthen_at(inner, &path)
    });
    command.after_help(render_extra(path))
}

fn render_extra(path: &str) -> String {
    let mut text = String::from("Examples:\n");
    for example in examples_of(path) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  # {}\n  {}\n", example.about, example.line);
    }
    text.push_str("Environment:\n");
    for variable in VARIABLES {
        text.push_str(&render_row(variable.names, variable.meaning));
    }
    let _ = write!(text, "\n{TOKEN_RULE}\n\nRead more:\n  {READ_MORE}");
    text
}

const TOKEN_RULE: &str = "A token is never given on the command line: use convrating login NAME, or the\n\
variable QUICKCHAT_API_TOKEN. convrating --demo needs none.";

/// A term and its meaning beside it, with the meaning's further lines below each other.
fn render_row(term: &str, meaning: &str) -> String {
    const COLUMN: usize = 30;
    let indent = " ".repeat(COLUMN);
    let term = format!("  {term:width$}", width = COLUMN - 2);
    textwrap::fill(meaning, wrapped().initial_indent(&term).subsequent_indent(&indent)) + "\n"
}

/// Lines of the terminal's width. Names with a hyphen are not broken.
fn wrapped() -> Options<'static> {
    Options::new(WIDTH).word_splitter(WordSplitter::NoHyphenation)
}
