//! Processes of a test that end with it, however it ends.
//!
//! A shell that runs the script holds the other end of a pipe. It takes commands from it, a line each, answers each with a
//! line, and cleans up when the pipe is closed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use super::server;

/// A script that is running.
pub(super) struct Guarded {
    shell: Child,
    commands: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Guarded {
    /// Runs `script`, and waits until it says `ready`.
    pub fn run(script: &str, arguments: &[&Path]) -> Self {
        Self::run_by(Command::new("sh"), script, arguments)
    }

    /// Runs it as a user who may run PostgreSQL.
    pub fn run_as_postgres(script: &str, arguments: &[&Path]) -> Self {
        Self::run_by(server::shell(), script, arguments)
    }

    fn run_by(mut shell: Command, script: &str, arguments: &[&Path]) -> Self {
        let mut shell = shell
            .args(["-c", script, "sh"])
            .args(arguments)
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let answers = BufReader::new(shell.stdout.take().expect("the shell's output"));
        let commands = shell.stdin.take();
        let mut guarded = Self { shell, commands, answers };
        guarded.expect("ready");
        guarded
    }

    /// Has a command done.
    pub fn command(&mut self, command: &str) {
        let commands = self.commands.as_mut().expect("the shell's input");
        writeln!(commands, "{command}").expect("the shell takes commands");
        self.expect("done");
    }

    fn expect(&mut self, expected: &str) {
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("the shell's answer");
        assert_eq!(answer.trim(), expected, "the shell's answer");
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        drop(self.commands.take());
        drop(self.shell.wait());
    }
}
