// The pay page's own script: load PortOne's SDK, open the pay window once, tell the till what came back.
//
// It never says that something was paid or was not: nobody has asked PortOne yet. Whether the window may be opened
// is asked of the till each time (POST …/begin), so a reload, a second tab or a dead ticket opens nothing.
(() => {
  "use strict";

  const SDK_WAIT_MS = 20_000;
  const QUIET_WAIT_MS = 20_000;
  const POST_WAIT_MS = 5_000;
  const POST_AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

  const order = JSON.parse(document.getElementById("order").textContent);
  const line = document.getElementById("status");
  const quote = document.getElementById("quote");
  const note = document.getElementById("note");
  const button = document.getElementById("retry");

  let sdk = null; // the promise of an IMP that is ready; null when it is to be loaded (again)
  let opened = order.begun; // whether this ticket ever opened a pay window
  let attempt = 0; // the newest attempt: an older one's timer says nothing any more

  // ---- words -------------------------------------------------------------------------------------------------

  function say(text, more = {}) {
    line.textContent = text;
    line.toggleAttribute("data-busy", Boolean(more.busy));
    quote.textContent = more.quote ? `결제창의 답: “${more.quote}”` : "";
    quote.hidden = !more.quote;
    note.textContent = more.note || "";
    note.hidden = !more.note;
    button.textContent = more.button || "";
    button.hidden = !more.button;
    button.onclick = more.button ? () => open(true) : null;
  }

  const opening = () => say("결제창을 여는 중…", { busy: true });

  const checking = (words) =>
    say("결제 결과를 직원 화면에서 확인하고 있습니다. 이 창은 닫아도 됩니다.", { quote: words });

  const answered = (words) =>
    say("결제창을 다시 열 수 있습니다.", {
      quote: words,
      note: "결제되었는지는 직원 화면에서 확인합니다.",
      button: "다시 시도",
    });

  const openedBefore = () =>
    say("결제창을 이미 열었습니다.", {
      note: "이미 결제했다면 이 창은 닫아도 됩니다. 결제창이 보이지 않을 때만 다시 열어 주세요.",
      button: "결제창 다시 열기",
    });

  const sdkMissing = () =>
    say("결제 모듈을 불러오지 못했습니다. 인터넷 연결을 확인하고 다시 시도해 주세요.", {
      // Only what is known: nothing was asked for unless a window was open before.
      note: opened ? "" : "결제창은 열리지 않았고, 이 화면에서 요청한 결제는 없습니다.",
      button: "다시 시도",
    });

  const tillMissing = () =>
    say("직원 화면과 연결되지 않아 결제창을 열지 않았습니다.", {
      note: "직원에게 알려 주세요.",
      button: "다시 시도",
    });

  // ---- the till ----------------------------------------------------------------------------------------------

  function post(path, body) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), POST_WAIT_MS);
    return fetch(order.base + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      keepalive: true, // so that closing the window does not lose it
      credentials: "omit",
      signal: stop.signal,
    }).finally(() => clearTimeout(timer));
  }

  // Tells the till, again and again with growing pauses. A message that is lost is no payment that is lost: the till
  // asks PortOne by itself, so nothing is said here about it. Returns the till's answer, or null.
  async function tell(body) {
    for (const wait of [0, ...POST_AGAIN_MS]) {
      if (wait) await new Promise((go) => setTimeout(go, wait));
      try {
        const response = await post("/result", body);
        if (response.ok) return await response.json();
        if (response.status < 500) return null;
      } catch {
        // the next turn tries again
      }
    }
    return null;
  }

  // "go" | "no" | "gone" | "lost"
  async function begin(again) {
    try {
      const response = await post("/begin", { again });
      if (response.ok) return (await response.json()).go ? "go" : "no";
      return response.status === 404 || response.status === 410 ? "gone" : "lost";
    } catch {
      return "lost";
    }
  }

  // ---- PortOne's SDK -----------------------------------------------------------------------------------------

  function loadSdk() {
    if (sdk) return sdk;
    sdk = new Promise((done, failed) => {
      const script = document.createElement("script");
      // A captive portal can leave a script hanging for ever.
      const timer = setTimeout(() => {
        // Should it come after all, the next try has a script of its own, and PortOne forbids a second `init`.
        script.onload = null;
        script.remove();
        failed();
      }, SDK_WAIT_MS);
      script.src = order.sdk;
      script.onerror = failed;
      script.onload = () => {
        clearTimeout(timer);
        try {
          window.IMP.init(order.userCode); // once for each script: PortOne forbids a second time
          done(window.IMP);
        } catch (error) {
          failed(error);
        }
      };
      document.head.append(script);
    });
    sdk.catch(() => {
      sdk = null;
    });
    return sdk;
  }

  // ---- paying ------------------------------------------------------------------------------------------------

  async function open(again) {
    attempt += 1;
    const mine = attempt;
    opening();

    let IMP;
    try {
      IMP = await loadSdk();
    } catch {
      sdkMissing();
      tell({ sdk_failed: true });
      return;
    }

    const may = await begin(again);
    if (may === "lost") return tillMissing();
    // The till knows more than this page by now: take its page.
    if (may === "gone") return location.replace(order.base);
    if (may === "no") return again ? location.replace(order.base) : openedBefore();

    opened = true;
    say("결제창의 안내에 따라 결제해 주세요.", { busy: true });
    setTimeout(() => {
      if (mine === attempt && note.hidden) {
        note.textContent = "결제창이 보이지 않으면 직원에게 알려 주세요.";
        note.hidden = false;
      }
    }, QUIET_WAIT_MS);

    try {
      // A copy: the SDK writes into what it is given, and the next attempt must ask for the same.
      IMP.request_pay(structuredClone(order.pay), heard);
    } catch (error) {
      heard({ error_code: "PAGE", error_msg: String(error) });
    }
  }

  // The SDK's callback. Whether the window may be opened again is for the till to say; until it has, the safe words
  // stand.
  async function heard(answer) {
    attempt += 1;
    const mine = attempt;
    const { imp_uid, merchant_uid, error_code, error_msg } = answer || {};
    const words = error_msg || error_code || "";
    const slow = setTimeout(() => checking(words), 500);
    const till = await tell({ imp_uid, merchant_uid, error_code, error_msg });
    clearTimeout(slow);
    if (mine !== attempt) return;
    if (till && till.again) answered(words);
    else checking(words);
  }

  // A page that comes back from the browser's memory is as old as the moment it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.replace(order.base);
  });

  if (order.answer && !order.answer.again) {
    checking(order.answer.words);
  } else if (order.answer || order.begun) {
    // Loaded now, so that a press of the button opens the window at once: a browser lets a popup through only
    // right after a press.
    loadSdk().catch(() => {});
    if (order.answer) answered(order.answer.words);
    else openedBefore();
  } else {
    open(false);
  }
})();
