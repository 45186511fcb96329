// Tells the translation editor where its choosers are: the package says it in an inline script, which our policy refuses.
(function () {
  "use strict";

  const { imageChooser, documentChooser, pageChooser } =
    document.currentScript.dataset;
  window.chooserUrls = window.chooserUrls || {
    imageChooser,
    documentChooser,
    pageChooser,
  };
})();
