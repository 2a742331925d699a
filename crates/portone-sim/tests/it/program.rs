use std::{process::Stdio, time::Duration};

use portone_sim::{DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::help::http;

const BOUND: Duration = Duration::from_secs(30);

fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portone-sim"));
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    command
}

/// The program, and the address that its first line tells.
async fn started(args: &[&str]) -> (Child, String) {
    let mut program = program(args).spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    timeout(BOUND, stdout.read_line(&mut line)).await.unwrap().unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    (program, said["url"].as_str().unwrap().to_owned())
}

/// What it says on stderr when it cannot start.
async fn refusal(args: &[&str]) -> String {
    let mut command = program(args);
    let output = timeout(BOUND, command.env("RUST_BACKTRACE", "1").output()).await.unwrap().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty(), "{args:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn the_program_says_where_it_listens_on_its_first_line() {
    let (_program, url) =
        started(&["--listen", "127.0.0.1:0", "--clock-offset-seconds", "-3600", "--no-control"]).await;
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with('/'));
    let body = json!({ "imp_key": DEFAULT_IMP_KEY, "imp_secret": DEFAULT_IMP_SECRET });
    let answer = http().post(format!("{url}/users/getToken")).json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(http().get(format!("{url}/_sim/log")).send().await.unwrap().status(), 404);
}

#[cfg(unix)]
#[tokio::test]
async fn whoever_has_read_the_first_line_may_ask_it_to_end_and_finds_a_plain_log() {
    for signal in ["-TERM", "-INT"] {
        let (mut program, url) = started(&["--listen", "localhost:0"]).await;
        let pid = program.id().unwrap().to_string();
        let kill = ["-c", "kill $1 $2", "sh", signal, &pid];
        assert!(Command::new("sh").args(kill).status().await.unwrap().success());
        let ended = timeout(BOUND, program.wait()).await.unwrap().unwrap();
        assert!(ended.success(), "{signal}: {ended}");
        let mut log = String::new();
        program.stderr.take().unwrap().read_to_string(&mut log).await.unwrap();
        assert!(log.contains(&url) && log.contains(DEFAULT_IMP_KEY), "{log}");
        assert!(!log.contains(DEFAULT_IMP_SECRET) && !log.contains('\u{1b}'), "{log}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn each_request_is_a_line_of_the_log_for_who_wants_it() {
    let mut command = program(&["--listen", "127.0.0.1:0"]);
    let mut program = command.env("RUST_LOG", "portone_sim=debug").spawn().unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.stdout.take().unwrap());
    timeout(BOUND, stdout.read_line(&mut line)).await.unwrap().unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let url = format!("{}/payments/find/m", said["url"].as_str().unwrap());
    assert_eq!(http().get(url).send().await.unwrap().status(), 401);
    let mut log = BufReader::new(program.stderr.take().unwrap()).lines();
    let found = async {
        while let Some(line) = log.next_line().await.unwrap() {
            if line.contains("GET") && line.contains("/payments/find/m") && line.contains("401") {
                return true;
            }
        }
        false
    };
    assert!(timeout(BOUND, found).await.unwrap());
}

#[tokio::test]
async fn a_start_that_fails_is_one_line_that_says_why() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refusal(&["--listen", &address]).await;
    assert!(said.starts_with("error: listening on") && said.lines().count() == 1, "{said}");
    let said = refusal(&["--listen", "127.0.0.1:0", "--font-file", "/no/such/font.woff2"]).await;
    assert!(said.starts_with("error: reading the font") && said.lines().count() == 1, "{said}");
    for (option, value) in [("--user-code", "imp1"), ("--user-code", "shop00000000"), ("--listen", "nowhere")]
    {
        let said = refusal(&[option, value]).await;
        assert!(said.starts_with("error: ") && said.contains(option), "{said}");
    }
}

#[tokio::test]
async fn the_help_names_the_default_key_and_secret() {
    let output = program(&["--help"]).output().await.unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for part in [DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET, "/_sim/faults", "TEST one is taken"] {
        assert!(help.contains(part), "{part}");
    }
}
