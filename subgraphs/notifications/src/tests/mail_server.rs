//! A mail server in the test's process, which remembers what it took, and fails where it is told to.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What goes wrong in one conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It hangs up instead of answering to this command; `CONNECT` is the greeting, `TEXT` the mail's end.
    HangUpAt(&'static str),
    /// It answers this to that command.
    Answer(&'static str, &'static str),
    /// It takes the mail, and hangs up before it says so.
    TakeAndHangUp,
    /// It takes the mail, and never says so.
    TakeAndFallSilent,
}

/// A mail that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    faults: VecDeque<Fault>,
    conversations: usize,
}

/// A mail server on a port of its own.
pub struct MailServer {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, state) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(State::default())));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&shared)));
            }
        });
        Self { port, state, task }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What goes wrong in the next conversations, in turn; then nothing.
    pub fn script(&self, faults: &[Fault]) {
        self.state.lock().unwrap().faults.extend(faults);
    }

    pub fn conversations(&self) -> usize {
        self.state.lock().unwrap().conversations
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    /// The ids of the mails, each once: what a receiver that knows repetitions shows.
    pub fn shown(&self) -> BTreeSet<String> {
        self.taken().iter().map(|taken| header(&taken.text, "Message-ID")).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A header of a mail whose headers aren't folded.
pub fn header(text: &str, name: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("{name} in {text}")).to_owned()
}

/// One conversation; ends when anything is missing.
async fn converse(stream: TcpStream, state: Arc<Mutex<State>>) -> Option<()> {
    let fault = {
        let mut state = state.lock().unwrap();
        state.conversations += 1;
        state.faults.pop_front().unwrap_or(Fault::None)
    };
    let mut stream = BufReader::new(stream);
    answer(&mut stream, fault, "CONNECT", "220 test").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        let verb = line.split([' ', ':']).next()?;
        match verb {
            "EHLO" => answer(&mut stream, fault, "EHLO", "250-test\r\n250-8BITMIME\r\n250 SMTPUTF8").await?,
            "MAIL" => {
                from = line.split(['<', '>']).nth(1)?.to_owned();
                answer(&mut stream, fault, "MAIL", "250 ok").await?;
            }
            "RCPT" => {
                to.push(line.split(['<', '>']).nth(1)?.to_owned());
                answer(&mut stream, fault, "RCPT", "250 ok").await?;
            }
            "DATA" => {
                answer(&mut stream, fault, "DATA", "354 go on").await?;
                let text = text(&mut stream).await?;
                let is_taken = !matches!(fault, Fault::HangUpAt("TEXT") | Fault::Answer("TEXT", _));
                if is_taken {
                    let taken = Taken { from: from.clone(), to: to.clone(), text };
                    state.lock().unwrap().taken.push(taken);
                }
                match fault {
                    Fault::TakeAndHangUp => return None,
                    Fault::TakeAndFallSilent => std::future::pending().await,
                    fault => answer(&mut stream, fault, "TEXT", "250 taken").await?,
                }
            }
            "QUIT" => answer(&mut stream, fault, "QUIT", "221 bye").await?,
            _ => answer(&mut stream, Fault::None, verb, "502 what?").await?,
        }
    }
}

async fn answer(stream: &mut BufReader<TcpStream>, fault: Fault, at: &str, usual: &str) -> Option<()> {
    let text = match fault {
        Fault::HangUpAt(command) if command == at => return None,
        Fault::Answer(command, text) if command == at => text,
        _ => usual,
    };
    stream.write_all(format!("{text}\r\n").as_bytes()).await.ok()
}

/// The mail's text, up to the dot.
async fn text(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let start = text.len();
        if stream.read_line(&mut text).await.ok()? == 0 {
            return None;
        }
        let line = &text[start..];
        if line == ".\r\n" {
            text.truncate(start);
            return Some(text);
        }
        if line.starts_with('.') {
            text.remove(start);
        }
    }
}
