// Runs before the first paint: the server renders in the colours that the cookie names, so it is told those of the system.
(() => {
  const cookie = (name) => document.cookie.split('; ').find((pair) => pair.startsWith(name + '='))?.split('=')[1];
  const set = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=strict`; };
  const isDark = () => (cookie('chosen-theme') ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const apply = () => {
    set('theme', isDark() ? 'dark' : 'light');
    document.documentElement.classList.toggle('dark', isDark());
  };
  apply();
  window.latentsync = {
    // Which colours the page has to have; from when it has them it answers, and is ready.
    start(dark) {
      if (dark === isDark()) {
        document.documentElement.dataset.ready = 'true';
      }
      return isDark();
    },
    setDark(dark) {
      set('chosen-theme', dark ? 'dark' : 'light');
      apply();
    },
    setLanguage(language) {
      set('lang', language);
      location.reload();
    },
  };
})();
