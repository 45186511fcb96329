// Before a page is sent for translation: one box ticks all languages.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    const all = document.querySelector('[name="select_all"]');
    if (!all) return;
    all.addEventListener("change", () => {
      document
        .querySelectorAll('[name="locales"]')
        .forEach((box) => (box.checked = all.checked));
    });
  });
})();
