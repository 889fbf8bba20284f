// What all views share: the choice of the language, times in the reader's zone, and coming back after a lost connection.
document.addEventListener('click', (event) => {
  const language = event.target.closest?.('[data-language]')?.dataset.language;
  if (language) {
    window.latentsync.setLanguage(language);
  }
});

// Who wants to be told when a job has ended; the page tells it when it knows.
const awaited = new Set();
document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-notify]');
  if (!button) {
    return;
  }
  const job = button.dataset.notify;
  if (awaited.delete(job)) {
    button.setAttribute('aria-pressed', 'false');
  } else if ((await window.Notification?.requestPermission()) === 'granted') {
    awaited.add(job);
    button.setAttribute('aria-pressed', 'true');
  } else {
    button.disabled = true;
    button.title = button.dataset.refused;
  }
});
window.latentsync.ended = (job, title, text) => {
  if (awaited.delete(job)) {
    const notification = new Notification(title, { body: text, tag: job });
    notification.addEventListener('click', () => window.focus());
  }
};

customElements.define(
  'local-time',
  class extends HTMLElement {
    static observedAttributes = ['datetime'];

    attributeChangedCallback() {
      const time = new Date(this.getAttribute('datetime'));
      this.textContent = time.toLocaleString(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    }
  },
);

// The server was restarted and knows nothing of this page's circuit: a new one begins with the same address.
document.getElementById('components-reconnect-modal')?.addEventListener('components-reconnect-state-changed', (event) => {
  if (event.detail.state === 'rejected') {
    location.reload();
  }
});

document.addEventListener('click', async (event) => {
  const button = event.target.closest?.('[data-copy]');
  if (button) {
    await navigator.clipboard.writeText(button.parentElement.querySelector('pre').textContent);
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1500);
  }
});
