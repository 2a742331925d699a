// window.IMP for the simulator. Written from PortOne's public documentation of the V1 SDK.
(() => {
  'use strict';
  const ORIGIN = new URL(document.currentScript.src).origin;
  const CHANNELS = /*CHANNELS*/ [];
  const MOBILE = /iPhone|iPad|iPod|Android|Mobile/i;
  const GIVEN_UP = { error_code: 'F400', error_msg: '[결제포기] 사용자가 결제를 취소하셨습니다' };

  let userCode = null;
  /** The window that is open, or null: { id, frameWindow, finish, close }. */
  let current = null;

  const init = (code) => {
    if (!/^imp\d{8}$/.test(String(code))) {
      console.error(`[portone-sim] IMP.init: "${code}" is not a merchant code (imp and 8 digits)`);
      return;
    }
    if (userCode !== null) console.warn('[portone-sim] IMP.init was called twice');
    userCode = code;
  };

  /** The channel that the parameters select, as far as it is known here; the server decides. */
  const channelOf = (params) => {
    if (params.channelKey) return CHANNELS.find((each) => each.key === params.channelKey);
    if (!params.pg) return CHANNELS[0];
    const [provider, mid] = String(params.pg).split('.');
    return CHANNELS.find((each) => each.provider === provider && (!mid || each.mid === mid));
  };

  const modeOf = (params, mobile) => {
    const channel = channelOf(params);
    if (mobile) return channel?.in_page_on_mobile ? 'iframe' : 'redirect';
    const wanted = params.popup ?? params.naverPopupMode ?? channel?.popup ?? false;
    return wanted === true ? 'popup' : 'iframe';
  };

  const post = async (path, body) => {
    const answer = await fetch(ORIGIN + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return answer.json();
  };

  // Styles are set one by one: a page's CSP may forbid style attributes, not this.
  const style = (element, rules) => {
    for (const [name, value] of Object.entries(rules)) element.style.setProperty(name, value);
  };

  const overlay = (url) => {
    const dialog = document.createElement('div');
    dialog.className = 'imp-dialog customizable';
    dialog.setAttribute('role', 'dialog');
    dialog.setAttribute('aria-modal', 'true');
    dialog.setAttribute('aria-label', '모의 결제창');
    style(dialog, {
      position: 'fixed', inset: '0', 'z-index': '2147483000', display: 'grid',
      'place-items': 'center', background: 'rgba(10, 12, 18, .55)',
    });
    const frame = document.createElement('iframe');
    frame.className = 'imp-frame';
    frame.title = '모의 결제창';
    frame.src = url;
    style(frame, {
      width: 'min(460px, 100%)', height: 'min(720px, 100%)', border: '0',
      'border-radius': window.innerWidth > 480 ? '18px' : '0',
      background: 'Canvas', 'color-scheme': 'light dark',
    });
    dialog.append(frame);
    document.body.append(dialog);
    frame.focus();
    return { target: () => frame.contentWindow, remove: () => dialog.remove() };
  };

  const watchPopup = (popup, id, finish) => {
    const timer = setInterval(async () => {
      if (!popup.closed) return;
      clearInterval(timer);
      try {
        const { result } = await post(`/sim/windows/${id}/closed`, {});
        if (result) finish(result);
      } catch (error) {
        console.error('[portone-sim] the closed popup could not be reported', error);
      }
    }, 100);
    return { target: () => popup, remove: () => { clearInterval(timer); popup.close(); } };
  };

  const request_pay = (params, callback) => {
    if (userCode === null) {
      alert('판매자 코드가 설정되지 않았습니다. IMP.init()함수를 먼저 호출하세요.');
      return;
    }
    const order = { merchant_uid: `nobody_${Date.now()}`, ...params };
    const mobile = MOBILE.test(navigator.userAgent);
    const mode = modeOf(order, mobile);
    const answer = (result) => { if (typeof callback === 'function') callback(result); };
    const refuse = (error_code, error_msg) => {
      const told = { imp_uid: null, merchant_uid: order.merchant_uid, error_code, error_msg };
      answer(channelOf(order)?.modern ? told : { success: false, ...told });
    };
    if (current !== null) close();

    // Now or never: outside the click, the browser blocks popups.
    const popup = mode === 'popup' ? window.open('about:blank', '_blank', 'width=480,height=740') : null;
    if (mode === 'popup' && !popup) return refuse('NOT READY', '팝업을 호출하는데 실패하였습니다.');

    post('/sim/windows', { user_code: userCode, mode, mobile, params: order }).then(
      ({ id, url, result }) => {
        if (result) {
          popup?.close();
          if (mode === 'redirect' && typeof callback !== 'function') return toRedirectUrl(order, result);
          return answer(result);
        }
        // At the address that this page knows us by (127.0.0.1 or localhost): it is the one that is listened to.
        const address = ORIGIN + new URL(url).pathname;
        if (mode === 'redirect') return location.assign(address);
        const finish = (result) => {
          if (current?.id !== id) return;
          current.view.remove();
          current = null;
          answer(result);
        };
        // Two quick clicks: the later window takes the place of the earlier one.
        if (current !== null) close();
        if (popup) popup.location.replace(address);
        current = { id, finish, view: popup ? watchPopup(popup, id, finish) : overlay(address) };
      },
      (error) => {
        popup?.close();
        console.error('[portone-sim] the pay window could not be opened', error);
        refuse('F500', '결제 서버에 연결하지 못했습니다.');
      },
    );
  };

  /** On a phone without a callback, a refusal is told to the page's own address. */
  const toRedirectUrl = (order, result) => {
    if (!/^https?:/.test(order.m_redirect_url ?? '')) return;
    const url = new URL(order.m_redirect_url);
    if ('success' in result) url.searchParams.set('imp_success', String(result.success));
    for (const name of ['merchant_uid', 'error_code', 'error_msg']) {
      if (result[name] != null) url.searchParams.set(name, result[name]);
    }
    location.assign(url);
  };

  window.addEventListener('message', (event) => {
    const data = event.data;
    if (event.origin !== ORIGIN || data?.from !== 'portone-sim' || data.id !== current?.id) return;
    if (event.source !== current.view.target()) return;
    if (data.action === 'done') current.finish(data.result ?? { ...GIVEN_UP, imp_uid: null });
  });

  /** Takes the window away. The callback is not called: nothing was decided. */
  const close = () => {
    if (current === null) return;
    current.view.target()?.postMessage({ from: 'portone-sim-sdk', action: 'close' }, ORIGIN);
    current.view.remove();
    current = null;
  };

  const deinit = () => { close(); userCode = null; };
  const agency = (code) => init(code);
  const certification = (params, callback) => callback?.({
    success: false, imp_uid: null, merchant_uid: params?.merchant_uid ?? null,
    error_code: 'NOT_READY', error_msg: '등록 된 PG 설정 정보를 찾을 수 없습니다.',
  });

  window.IMP = { init, agency, request_pay, certification, close, deinit };
})();
