use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use portone_sim::{DEFAULT_IMP_KEY, DEFAULT_IMP_SECRET};
use serde_json::{Value, json};

use crate::help::http;

#[tokio::test]
async fn the_program_says_where_it_listens_on_its_first_line() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_portone-sim"))
        .args(["--listen", "127.0.0.1:0", "--clock-offset-seconds", "-3600", "--no-control"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let said: Value = serde_json::from_str(&line).unwrap();
    let url = said["url"].as_str().unwrap();
    let body = json!({ "imp_key": DEFAULT_IMP_KEY, "imp_secret": DEFAULT_IMP_SECRET });
    let answer = http().post(format!("{url}/users/getToken")).json(&body).send().await;
    let control = http().get(format!("{url}/_sim/log")).send().await;
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(url.starts_with("http://127.0.0.1:") && !url.ends_with('/'));
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(control.unwrap().status(), 404);
}

#[test]
fn the_help_names_the_default_key_and_secret() {
    let output = Command::new(env!("CARGO_BIN_EXE_portone-sim")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    assert!(
        help.contains(DEFAULT_IMP_KEY) && help.contains(DEFAULT_IMP_SECRET) && help.contains("/_sim/faults")
    );
}
