//! The command line: with which book to start, and where it lies.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use ledger::Mode;
use till::{EndpointChoice, StartMode};

/// Pointill: a shop's prepaid points. Without options it opens the book that was last in use.
#[derive(Debug, Default, Parser)]
#[command(name = "pointill", version)]
pub(crate) struct Args {
    /// Start in the practice book: a PortOne inside the app, no network, no account
    #[arg(long)]
    practice: bool,
    /// The folder of the books, in place of this account's own
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Start in this book
    #[arg(long, value_enum, value_name = "MODE")]
    mode: Option<Book>,
    /// A PortOne simulator on this machine for the test book; there is no live book then. Needs --data
    #[arg(long, value_name = "URL")]
    portone: Option<String>,
    /// Begin the register of staff anew where it was lost: the first owner is named again, and the books say when
    #[arg(long)]
    new_staff: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Book {
    /// Real money
    Live,
    /// PortOne's own test channels
    Test,
}

/// How to start.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Start {
    /// The folder that was named. `None`: this account's own.
    pub(crate) data: Option<PathBuf>,
    /// The book.
    pub(crate) mode: StartMode,
    /// Live can be entered.
    pub(crate) may_live: bool,
    /// Which PortOne.
    pub(crate) endpoint: EndpointChoice,
    /// A lost register of people is begun anew.
    pub(crate) new_people: bool,
}

/// Why the app does not start like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Practice is not live.
    PracticeLive,
    /// Practice is not the test book either.
    PracticeTest,
    /// A simulator has no say over real money.
    SimulatorLive,
    /// The keys would leave this machine.
    SimulatorElsewhere,
    /// The account's own books are not for trials.
    SimulatorWithoutData,
    /// A program drives the windows.
    AutomatedLive,
}

impl Refused {
    /// For whoever started it, in Korean and English.
    pub(crate) const fn sentence(self) -> &'static str {
        match self {
            Refused::PracticeLive => {
                "연습(--practice)은 실제 결제(--mode live)와 함께 쓸 수 없습니다. 시작하지 않았습니다.\n\
                 --practice cannot be used with --mode live. Nothing was started."
            }
            Refused::PracticeTest => {
                "--practice와 --mode test 가운데 하나만 쓸 수 있습니다. 시작하지 않았습니다.\n\
                 Use either --practice or --mode test. Nothing was started."
            }
            Refused::SimulatorLive => {
                "--portone은 실제 결제(--mode live)와 함께 쓸 수 없습니다. 시작하지 않았습니다.\n\
                 --portone cannot be used with --mode live. Nothing was started."
            }
            Refused::SimulatorElsewhere => {
                "--portone에는 이 컴퓨터의 주소(http://127.0.0.1:포트)만 쓸 수 있습니다. 시작하지 않았습니다.\n\
                 --portone takes an address on this machine only (http://127.0.0.1:PORT). Nothing was started."
            }
            Refused::SimulatorWithoutData => {
                "--portone은 --data와 함께 써야 합니다. 시작하지 않았습니다.\n\
                 --portone needs --data. Nothing was started."
            }
            Refused::AutomatedLive => {
                "프로그램이 창을 조종하는 동안(TAURI_AUTOMATION)에는 실제 결제를 시작할 수 없습니다.\n\
                 Live does not start while a program drives the windows (TAURI_AUTOMATION)."
            }
        }
    }
}

/// Whether a program drives the windows, by the variables that turn WebDriver on.
pub(crate) fn automated() -> bool {
    ["TAURI_AUTOMATION", "TAURI_WEBVIEW_AUTOMATION"].into_iter().any(|name| std::env::var_os(name).is_some())
}

impl Args {
    /// What these options mean together.
    ///
    /// # Errors
    /// When they do not go together, or are not allowed here.
    pub(crate) fn start(self, automated: bool) -> Result<Start, Refused> {
        let live = self.mode == Some(Book::Live);
        let refused = [
            (self.practice && live, Refused::PracticeLive),
            (self.practice && self.mode == Some(Book::Test), Refused::PracticeTest),
            (self.portone.is_some() && live, Refused::SimulatorLive),
            (self.portone.as_deref().is_some_and(|url| !on_this_machine(url)), Refused::SimulatorElsewhere),
            (self.portone.is_some() && self.data.is_none(), Refused::SimulatorWithoutData),
            (automated && live, Refused::AutomatedLive),
        ];
        if let Some((_, why)) = refused.into_iter().find(|(holds, _)| *holds) {
            return Err(why);
        }
        let mode = match (self.practice, self.mode) {
            (true, _) => StartMode::Practice,
            (false, Some(Book::Live)) => StartMode::Book(Mode::Live),
            (false, Some(Book::Test)) => StartMode::Book(Mode::Test),
            (false, None) => StartMode::LastUsed,
        };
        let endpoint = self.portone.map_or(EndpointChoice::Real, EndpointChoice::TestAt);
        Ok(Start {
            data: self.data,
            mode,
            may_live: !automated && endpoint == EndpointChoice::Real,
            endpoint,
            new_people: self.new_staff,
        })
    }
}

/// One V1 key serves test and live alike, so even a test book's keys go to no other machine.
fn on_this_machine(url: &str) -> bool {
    let Ok(url) = url.parse::<tauri::Url>() else { return false };
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    url.scheme() == "http" && loopback && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(words: &str, automated: bool) -> Result<Start, Refused> {
        let words = std::iter::once("pointill").chain(words.split_whitespace());
        Args::try_parse_from(words).unwrap().start(automated)
    }

    #[test]
    fn without_options_the_last_used_book_opens() {
        let start = start("", false).unwrap();
        assert_eq!(start.mode, StartMode::LastUsed);
        assert_eq!((start.data, start.may_live, start.endpoint), (None, true, EndpointChoice::Real));
    }

    #[test]
    fn practice_is_never_live() {
        assert_eq!(start("--practice --mode live", false), Err(Refused::PracticeLive));
        assert_eq!(start("--practice --mode test", false), Err(Refused::PracticeTest));
        assert_eq!(start("--practice --data /d", false).unwrap().mode, StartMode::Practice);
    }

    #[test]
    fn live_cannot_be_entered_while_a_program_drives_the_windows() {
        assert_eq!(start("--mode live", true), Err(Refused::AutomatedLive));
        assert!(!start("", true).unwrap().may_live);
        assert!(start("--mode live", false).unwrap().may_live);
    }

    #[test]
    fn a_simulator_is_for_test_books_on_this_machine() {
        let sim = start("--mode test --data /d --portone http://127.0.0.1:9000", false).unwrap();
        assert_eq!(sim.endpoint, EndpointChoice::TestAt("http://127.0.0.1:9000".to_owned()));
        assert!(!sim.may_live);
        assert_eq!(
            start("--mode live --data /d --portone http://127.0.0.1:9000", false),
            Err(Refused::SimulatorLive)
        );
        assert_eq!(start("--portone http://127.0.0.1:9000", false), Err(Refused::SimulatorWithoutData));
        for url in [
            "https://api.iamport.kr",
            "http://10.0.0.2:9000",
            "http://127.0.0.1.evil.example",
            "http://127.0.0.1@evil.example",
            "http://key@127.0.0.1:9000",
            "file:///etc/passwd",
            "127.0.0.1:9000",
        ] {
            let words = format!("--data /d --portone {url}");
            assert_eq!(start(&words, false), Err(Refused::SimulatorElsewhere), "{url}");
        }
    }
}
