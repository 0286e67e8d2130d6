// Runs before anything is painted, so that a kept theme and language are there from the first frame.
(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("fundtrail.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    const kept = localStorage.getItem("fundtrail.locale");
    const browser = navigator.languages.find((tag) => /^(?:en|ja)\b/i.test(tag)) ?? "en";
    root.lang = kept === "en" || kept === "ja" ? kept : browser.slice(0, 2).toLowerCase();
  } catch {
    // Storage is refused: the browser's own settings hold.
  }
})();
