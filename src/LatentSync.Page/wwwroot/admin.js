// What is measured for somebody who looks is not measured for a tab in the background: the server waits for this before it looks again.
export const seen = () =>
  document.hidden ? new Promise((resolve) => document.addEventListener('visibilitychange', () => resolve(), { once: true })) : undefined;
