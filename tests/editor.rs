//! The editor without a terminal: what it shows, what it does, what it never does.

mod aborting;
mod aftermath;
mod anything;
mod bring_back;
mod conflict;
mod demo;
mod fields;
mod first_start;
mod history;
mod keys;
mod leaving;
mod looks;
mod new_connection;
mod profile_list;
mod profiles;
mod renewed_token;
mod screens;
mod search;
mod second_window;
mod secrets;
mod stopping;
mod unknown;
mod update;
mod whole;
