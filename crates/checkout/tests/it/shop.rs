//! A checkout server of its own for each test, with a clock that is moved by hand.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use checkout::{ChannelChoice, Checkout, Clock, Hint, Options, Order, OsRandom, PayRequest};
use money::Won;
use reqwest::{Client, Method, RequestBuilder, Response};

#[derive(Default)]
pub(crate) struct HandClock(AtomicU64);

impl HandClock {
    pub(crate) fn move_to(&self, ms: u64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn monotonic_ms(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct Shop {
    pub(crate) checkout: Checkout,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) client: Client,
    told: Arc<Mutex<Vec<Hint>>>,
}

impl Shop {
    pub(crate) async fn new() -> Shop {
        Shop::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Shop {
        // Another test of this binary may have been first; that is as good.
        rustls::crypto::ring::default_provider().install_default().ok();
        let told = Arc::new(Mutex::new(Vec::new()));
        let clock = Arc::new(HandClock::default());
        let ear = Arc::clone(&told);
        let hand: Arc<HandClock> = Arc::clone(&clock);
        let hints = Arc::new(move |hint| ear.lock().unwrap().push(hint));
        let checkout = Checkout::start(hints, hand, Arc::new(OsRandom), options).await.unwrap();
        let client =
            Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Shop { checkout, clock, client, told }
    }

    /// What was told since the last call.
    pub(crate) fn told(&self) -> Vec<Hint> {
        std::mem::take(&mut *self.told.lock().unwrap())
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.checkout.addr())
    }

    pub(crate) async fn get(&self, url: &str) -> Response {
        self.client.get(url).send().await.unwrap()
    }

    /// As our own page asks.
    pub(crate) fn own(&self, method: Method, url: &str) -> RequestBuilder {
        self.client.request(method, url).header("origin", self.origin())
    }

    pub(crate) async fn result(&self, url: &str, body: &str) -> Response {
        self.own(Method::POST, &format!("{url}/result")).body(body.to_owned()).send().await.unwrap()
    }

    /// Whether the page may open the pay window.
    pub(crate) async fn begin(&self, url: &str, again: bool) -> bool {
        let body = format!("{{\"again\":{again}}}");
        let response = self.own(Method::POST, &format!("{url}/begin")).body(body).send().await.unwrap();
        json(response).await["go"].as_bool().unwrap()
    }
}

pub(crate) async fn json(response: Response) -> serde_json::Value {
    assert_eq!(response.status(), 200);
    serde_json::from_str(&response.text().await.unwrap()).unwrap()
}

/// What the page hands to its script.
pub(crate) fn data(page: &str) -> serde_json::Value {
    let (_, rest) = page.split_once("<script id=\"order\" type=\"application/json\">").unwrap();
    serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap()
}

pub(crate) const CHARGE: &str = "charge-0198f2c4";

pub(crate) fn order() -> Order {
    Order {
        charge: CHARGE.to_owned(),
        mode: "practice".to_owned(),
        sdk_url: "http://127.0.0.1:9/iamport.js".to_owned(),
        user_code: "imp00000000".to_owned(),
        pay: PayRequest {
            merchant_uid: "pt1a2b3c4d".to_owned(),
            won: Won::new(100_000).unwrap(),
            name: "포인트 충전".to_owned(),
            buyer_name: Some("김서연".to_owned()),
            buyer_tel: Some("010-1234-4821".to_owned()),
            buyer_email: None,
            pay_method: "card".to_owned(),
            channel: ChannelChoice::Key("channel-key-1".to_owned()),
            digital: true,
            custom_data: None,
        },
    }
}
