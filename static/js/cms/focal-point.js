// Wagtail's cropping tool finds out about touch by writing inline handlers, which our policy refuses. We tell it.
(function () {
  "use strict";

  window.jQuery.Jcrop.defaults.touchSupport = "ontouchstart" in window;
})();
