//! `man`: one manual page for all commands, from the definitions of the command line and the tables beside them.

use std::fmt::Write as _;
use std::io;

use clap_mangen::Man;

use super::console::Console;
use super::failure::Failure;
use crate::cli::definitions;
use crate::words::EXITS;

/// The environment variables that convrating reads, and what each is for.
pub const VARIABLES: [(&str, &str); 10] = [
    ("QUICKCHAT_API_TOKEN", "a token, used where no profile is named"),
    ("QUICKCHAT_BASE_URL", "where the API is, for a token without a profile"),
    ("CONVRATING_PROFILE", "the profile to use, where no --profile is given"),
    ("CONVRATING_CONFIG", "another path for the configuration file; a leading ~/ is the home"),
    ("NO_COLOR", "no colours, where --color does not say otherwise"),
    (
        "HTTPS_PROXY, https_proxy",
        "the proxy for https, http://[USER:PASSWORD@]HOST:PORT; loopback never goes through one",
    ),
    (
        "NO_PROXY, no_proxy",
        "the hosts that are reached without it, separated by commas: domains, addresses, host:port, CIDR, or * alone",
    ),
    (
        "SSL_CERT_FILE",
        "a file of trusted certificates, such as a company's own CA, in place of the platform's",
    ),
    (
        "SSL_CERT_DIR",
        "directories of trusted certificates, separated by colons; both variables count together",
    ),
    ("XDG_CONFIG_HOME, XDG_STATE_HOME", "where files are kept"),
];

/// The files that convrating uses, and what each holds.
pub const FILES: [(&str, &str); 3] = [
    (
        "$XDG_CONFIG_HOME/convrating/config.toml",
        "default_profile, and for each [profiles.NAME]: base_url, one of token_command, token_file and token_env, scenario_id, protected, read_only",
    ),
    (
        "$XDG_STATE_HOME/convrating/tokens/NAME",
        "a token that login stored, with the base URL and the agent it was checked for",
    ),
    ("$XDG_STATE_HOME/convrating/history.jsonl", "two lines for each save: intent and outcome"),
];

/// Prints the manual page.
///
/// # Errors
/// None in practice: the page is built in memory, and that cannot fail.
pub fn man(console: &mut Console<'_>) -> Result<(), Failure> {
    console.write(&page()?);
    Ok(())
}

fn page() -> io::Result<Vec<u8>> {
    let command = definitions().disable_help_subcommand(true);
    let man = Man::new(command.clone()).manual("convrating");
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
    page.extend(tables().as_bytes());
    Ok(with_one_preamble(&String::from_utf8_lossy(&page)).into_bytes())
}

/// The page with one copy of the two lines that define an apostrophe. clap writes them before each section.
fn with_one_preamble(page: &str) -> String {
    let is_preamble = |line: &str| line.starts_with(".ie ") || line.starts_with(".el ");
    let mut kept: Vec<&str> = page.lines().take_while(|line| is_preamble(line)).collect();
    kept.extend(page.lines().filter(|line| !is_preamble(line)));
    kept.join("\n") + "\n"
}

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

fn tables() -> String {
    let codes: Vec<_> = EXITS.iter().map(|row| (row.exit.code().to_string(), row.meaning)).collect();
    let codes: Vec<_> = codes.iter().map(|(code, meaning)| (code.as_str(), *meaning)).collect();
    section("ENVIRONMENT", &VARIABLES) + &section("FILES", &FILES) + &section("EXIT STATUS", &codes)
}

fn section(title: &str, rows: &[(&str, &str)]) -> String {
    let mut section = format!(".SH {title}\n");
    for (term, meaning) in rows {
        // Writing to a String cannot fail.
        let _ = writeln!(section, ".TP\n\\fB{}\\fR\n{}", roff(term), roff(meaning));
    }
    section
}

/// Text as roff takes it literally.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}
