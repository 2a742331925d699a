use portone::{Endpoint, PortoneError};

#[test]
fn a_simulator_may_only_be_on_this_machine() {
    for url in ["http://127.0.0.1:8788", "http://localhost:8788", "http://[::1]:8788", "http://127.0.0.2:1/"]
    {
        assert!(Endpoint::test_at(url).is_ok(), "{url}");
    }
    for url in [
        "https://api.iamport.kr",
        "http://192.168.0.10:8788",
        "http://127.0.0.1.example.com",
        "http://user@127.0.0.1",
        "http://127.0.0.1/path",
        "ftp://127.0.0.1",
        "127.0.0.1:8788",
        "",
    ] {
        assert!(matches!(Endpoint::test_at(url), Err(PortoneError::BadAddress { .. })), "{url}");
    }
    assert!(Endpoint::practice("10.0.0.1:80".parse().unwrap()).is_err());
}
