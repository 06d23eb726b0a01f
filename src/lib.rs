//! A terminal editor for one settings page of Quickchat AI: Conversation Rating.

pub mod demo;
