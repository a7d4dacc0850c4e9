// Pages asked for without leaving the one in sight.
(() => {
  "use strict";
  /**
   * A way to ask for pages where only the last asked for counts: it gives the page, its address and whether
   * it was led there, `null` when another was asked for meanwhile, and throws when there is no page to give.
   */
  window.freshPages = () => {
    let underway = null;
    return async (address, options = {}) => {
      underway?.abort();
      const mine = new AbortController();
      underway = mine;
      try {
        const headers = { accept: "text/html", ...options.headers };
        const answer = await fetch(address, { ...options, headers, signal: mine.signal });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        return mine === underway ? { page, url: answer.url, redirected: answer.redirected } : null;
      } catch (error) {
        if (mine !== underway) return null;
        throw error;
      }
    };
  };
})();
