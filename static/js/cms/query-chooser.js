// The button beside a promoted search's words: choose from what people searched for.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    for (const place of document.querySelectorAll("[data-query-chooser]")) {
      const input = document.getElementById(place.dataset.queryChooser);
      const button = document.getElementById(`${place.dataset.queryChooser}-chooser`);
      button.addEventListener("click", () => {
        window.ModalWorkflow({
          url: place.dataset.url,
          onload: window.QUERY_CHOOSER_MODAL_ONLOAD_HANDLERS,
          responses: {
            queryChosen: (query) => {
              input.value = query.querystring;
            },
          },
        });
      });
    }
  });
})();
