//! `man`: one manual page for all commands, from the definitions of the command line and the tables beside them.

use std::fmt::Write as _;
use std::io;

use clap_mangen::Man;
use textwrap::{Options, WordSplitter};

use super::console::Console;
use super::failure::Failure;
use crate::cli::{CommandExample, EXAMPLES, READ_MORE, VARIABLES, definitions};
use crate::words::EXITS;

/// The day on which the page last changed: year, month, day.
const DATE: &str = "2026-11-26";

/// The files that convrating uses, and what each holds.
const FILES: [(&str, &str); 5] = [
    (
        "$XDG_CONFIG_HOME/convrating/config.toml",
        "default_profile, and for each [profiles.NAME]: base_url, one of token_command, token_file and token_env, scenario_id, protected, read_only",
    ),
    (
        "$XDG_STATE_HOME/convrating/tokens/NAME",
        "a token that login stored, with the base URL and the agent it was checked for",
    ),
    ("$XDG_STATE_HOME/convrating/history.jsonl", "two lines for each save: intent and outcome"),
    (
        "$XDG_STATE_HOME/convrating/locks/",
        "an empty file for each host and agent, by which two saves to one agent take turns",
    ),
    ("$XDG_STATE_HOME/convrating/login.lock", "an empty file, by which two logins take turns"),
];

/// Prints the manual page. `keys` are the keys of the editor, and what each does.
///
/// # Errors
/// None in practice: the page is built in memory, and that cannot fail.
pub fn man(
    keys: impl Iterator<Item = (&'static str, &'static str)>,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let page = render_clap_sections()? + &render_tables(keys);
    console.write(tidy(&page).as_bytes());
    Ok(())
}

/// The sections that clap renders from the definitions.
fn render_clap_sections() -> io::Result<String> {
    let command = definitions().disable_help_subcommand(true).subcommand_value_name("COMMAND");
    let man = Man::new(command.clone()).title("CONVRATING").date(DATE).manual("convrating");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    page.extend(b".SH COMMANDS\n");
    for command in command.get_subcommands() {
        page.extend(section_of(command)?);
    }
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The page without what clap writes before each section again, the two lines that define an apostrophe, and without long lines.
fn tidy(page: &str) -> String {
    let is_preamble = |line: &&str| line.starts_with(".ie ") || line.starts_with(".el ");
    let preamble = page.lines().take_while(is_preamble).map(str::to_owned);
    let rest = page.lines().filter(|line| !is_preamble(line)).flat_map(wrap);
    preamble.chain(rest).map(|line| line + "\n").collect()
}

/// Breaks a line of text between words. A command of roff stays one line, and so does an example. No part begins with a full
/// stop: it would be a command.
fn wrap(line: &str) -> Vec<String> {
    if line.starts_with('.') || line.starts_with(NOTHING) {
        return vec![line.to_owned()];
    }
    let options = Options::new(MAX_LINE).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(line, options).iter().map(|part| escape_command(part)).collect()
}

/// Text that begins with a full stop, as text.
fn escape_command(text: &str) -> String {
    if text.starts_with('.') { format!("{NOTHING}{text}") } else { text.to_owned() }
}

/// The longest line of the page's source, as `mandoc -T lint` wants it.
const MAX_LINE: usize = 80;
/// Nothing, as roff writes it. What begins with it is text, and an example.
const NOTHING: &str = "\\&";

/// One command as a subsection: what it does, and its options.
fn section_of(command: &clap::Command) -> io::Result<Vec<u8>> {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut section = format!(".SS \"convrating {}\"\n{}.\n", command.get_name(), roff(&about)).into_bytes();
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
        let arguments: Vec<_> =
            inner.get_positionals().map(|place| place.get_id().as_str().to_uppercase()).collect();
        let line = format!("convrating {} {} {}", command.get_name(), inner.get_name(), arguments.join(" "));
        section.extend(format!(".TP\n\\fB{}\\fR\n{}\n", roff(&line), roff(&about)).into_bytes());
    }
    let mut options = Vec::new();
    Man::new(command.clone()).render_options_section(&mut options)?;
    let options = String::from_utf8_lossy(&options).replace(".SH OPTIONS\n", "");
    section.extend(options.as_bytes());
    Ok(section)
}

fn render_tables(keys: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let codes: Vec<_> = EXITS.iter().map(|row| (row.exit.code().to_string(), row.meaning)).collect();
    section("KEYS", keys)
        + &render_examples()
        + &section("ENVIRONMENT", VARIABLES.iter().map(|row| (row.names, row.meaning)))
        + &section("FILES", FILES)
        + &section("EXIT STATUS", codes.iter().map(|(code, meaning)| (code.as_str(), *meaning)))
        + &format!(".SH SEE ALSO\n.UR {READ_MORE}\nThe documentation of the settings\n.UE\n")
}

fn section<'t>(title: &str, rows: impl IntoIterator<Item = (&'t str, &'t str)>) -> String {
    let mut section = format!(".SH {title}\n");
    for (term, meaning) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(section, ".TP\n\\fB{}\\fR\n{}", roff(term), roff(meaning));
    }
    section
}

/// The examples: what each does, and below it the line as it is.
fn render_examples() -> String {
    let render = |CommandExample { about, line, .. }: &CommandExample| {
        format!("{}:\n.PP\n.in +4n\n.nf\n{NOTHING}{}\n.fi\n.in\n", roff(about), roff(line))
    };
    let examples: Vec<_> = EXAMPLES.iter().map(render).collect();
    format!(".SH EXAMPLES\n{}", examples.join(".PP\n"))
}

/// The characters that roff takes for something else, and how to write them: see
/// [groff_char(7)](https://man7.org/linux/man-pages/man7/groff_char.7.html).
const SPECIAL: [(&str, &str); 6] =
    [("\\", "\\e"), ("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("~", "\\(ti"), ("^", "\\(ha")];

/// Text as roff takes it literally.
fn roff(text: &str) -> String {
    let text = SPECIAL.iter().fold(text.to_owned(), |text, (letter, escape)| text.replace(letter, escape));
    escape_command(&text)
}
