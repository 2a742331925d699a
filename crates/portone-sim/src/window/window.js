// The pay window. It tells its result to the page that opened it, and to no other origin.
(() => {
  'use strict';
  const { id, mode, pageOrigin } = JSON.parse(document.getElementById('sim-data').textContent);
  const choices = document.getElementById('sim-choices');
  const status = document.getElementById('sim-status');

  const say = (text, busy) => {
    choices.hidden = true;
    status.hidden = false;
    status.classList.toggle('busy', busy);
    status.textContent = text;
  };

  const tell = (message) => {
    const page = mode === 'popup' ? window.opener : mode === 'iframe' ? window.parent : null;
    if (!page || page === window) return false;
    page.postMessage({ from: 'portone-sim', id, ...message }, pageOrigin);
    return true;
  };

  const done = (choice, { result, redirect }) => {
    if (choice === 'hang') return say('PG사의 응답을 기다리고 있습니다…', true);
    if (choice === 'approve-silent') return say('승인되었습니다. 결과는 상점에 전달되지 않습니다.', false);
    if (mode === 'redirect') {
      if (redirect) return location.replace(redirect);
      return say('처리되었지만 돌아갈 주소(m_redirect_url)가 없습니다.', false);
    }
    if (!tell({ action: 'done', result })) return say('처리되었지만 상점 페이지를 찾을 수 없습니다.', false);
    say('상점으로 돌아갑니다…', true);
    if (mode === 'popup') window.close();
  };

  choices.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-choice]');
    if (!button) return;
    const buttons = choices.querySelectorAll('button');
    for (const each of buttons) each.disabled = true;
    try {
      const answer = await fetch(`/sim/window/${id}/choose`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ choice: button.dataset.choice }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      done(button.dataset.choice, await answer.json());
    } catch {
      // A fault on this path, or the simulator is gone: the customer may press again.
      for (const each of buttons) each.disabled = false;
      status.hidden = false;
      status.textContent = '결제 서버에 연결하지 못했습니다. 다시 눌러 주세요.';
    }
  });

  // The page took its window back (IMP.close).
  window.addEventListener('message', (event) => {
    if (event.origin !== pageOrigin || event.data?.from !== 'portone-sim-sdk') return;
    if (event.data.action === 'close') say('결제창이 닫혔습니다.', false);
  });

  tell({ action: 'ready' });
})();
