use portone::{Channel, PortoneError};
use serde_json::json;

use crate::script::{Scripted, envelope, refusal};

const CHANNELS: &str = "GET /users/pg";

#[tokio::test]
async fn channels_are_read_and_one_that_cannot_be_named_is_left_out() {
    let portone = Scripted::start().await;
    portone.says(
        CHANNELS,
        200,
        envelope(json!([
            { "pg_provider": "kakaopay", "pg_id": "TC0ONETIME", "sandbox": true, "type": "payment",
              "channel_name": "카카오페이", "channel_key": "channel-key-1", "of_next_year": {} },
            { "pg_provider": "danal", "pg_id": "x", "sandbox": false, "type": "certification", "channel_key": null },
            { "pg_provider": "kcp", "pg_id": "T0000", "channel_key": "channel-key-2" },
        ])),
    );
    let channel = |key: &str, name: &str, pg_provider: &str, pg_id: &str, sandbox, kind: &str| Channel {
        key: key.to_owned(),
        name: name.to_owned(),
        pg_provider: pg_provider.to_owned(),
        pg_id: pg_id.to_owned(),
        sandbox,
        kind: kind.to_owned(),
    };
    assert_eq!(
        portone.client().channels().await.unwrap(),
        [
            channel("channel-key-1", "카카오페이", "kakaopay", "TC0ONETIME", Some(true), "payment"),
            channel("channel-key-2", "", "kcp", "T0000", None, ""),
        ]
    );
}

#[tokio::test]
async fn a_list_of_channels_that_is_not_there_is_not_an_empty_one() {
    let portone = Scripted::start().await;
    for (status, body) in
        [(404, refusal(-1, "없음")), (200, envelope(json!({}))), (200, envelope(json!("x")))]
    {
        portone.says(CHANNELS, status, body.clone());
        let error = portone.client().channels().await;
        assert!(matches!(error, Err(PortoneError::Odd { .. })), "{body}: {error:?}");
    }
    portone.says(CHANNELS, 200, envelope(json!([])));
    assert!(portone.client().channels().await.unwrap().is_empty());
}
