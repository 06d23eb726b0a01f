//! The environment variables, in one table: `--help`, the manual page and the README show it.

/// Variables for one purpose.
#[derive(Debug)]
pub struct VariableRow {
    /// Their names, separated by commas.
    pub names: &'static str,
    /// What they are for.
    pub meaning: &'static str,
}

const fn row(names: &'static str, meaning: &'static str) -> VariableRow {
    VariableRow { names, meaning }
}

/// The environment variables that convrating reads, and what each is for.
pub const VARIABLES: &[VariableRow] = &[
    row("QUICKCHAT_API_TOKEN", "a token, used where no profile is named"),
    row("QUICKCHAT_BASE_URL", "where the API is, for a token without a profile"),
    row("CONVRATING_PROFILE", "the profile to use, where no --profile is given"),
    row("CONVRATING_CONFIG", "another path for the configuration file; a leading ~/ is the home"),
    row("ACCESSIBLE", "the editor goes line by line where this is anything but 0, as with --plain"),
    row("NO_COLOR", "no colours, where --color does not say otherwise"),
    row(
        "HTTPS_PROXY, https_proxy",
        "the proxy for https, http://[USER:PASSWORD@]HOST:PORT; loopback never goes through one",
    ),
    row(
        "NO_PROXY, no_proxy",
        "the hosts that are reached without it, separated by commas: domains, addresses, host:port, CIDR, or * alone",
    ),
    row(
        "SSL_CERT_FILE",
        "a file of trusted certificates, such as a company's own CA, in place of the platform's",
    ),
    row(
        "SSL_CERT_DIR",
        "directories of trusted certificates, separated by colons; both variables count together",
    ),
    row("XDG_CONFIG_HOME", "where the configuration file is kept, in place of ~/.config"),
    row("XDG_STATE_HOME", "where tokens and the history are kept, in place of ~/.local/state"),
    row("HOME", "the home directory"),
    row("LC_ALL, LC_CTYPE, LANG", "the locale: nothing but ASCII is drawn where it is not UTF-8"),
    row("TERM", "the kind of terminal: on dumb the editor goes line by line"),
    row("TMUX", "set inside tmux: a command is copied by tmux there"),
    row("TZ", "the time zone of the times that are shown"),
    row("USER, LOGNAME", "who saved, in the history"),
    row("SSH_CONNECTION, SSH_CLIENT", "the address that the user came from, in the history"),
    row("GPG_TTY", "the terminal of a token_command that asks; set for it where it is not set"),
    row("COMPLETE", "the shell that asks for completions; the script of convrating completions sets it"),
];
