// Starts the CMS's widgets without inline scripts, which our policy refuses (docs/decisions/0014-policy-of-scripts.md).
//
// Where Wagtail's markup would end with a script, ours ends with <cms-start data-what="PageChooser" data-with='["id", {}]'>.
// A custom element starts at the very moment at which such a script would have run: when the browser reads it, and when
// the editor adds it to the page later. This file is a plain script in the page's head part, so it is there before them.
(function () {
  "use strict";

  // Nothing else can be started by who manages to put markup into a page.
  const MADE_WITH_NEW = [
    "InlinePanel",
    "MultipleChooserPanel",
    "Chooser",
    "PageChooser",
    "ImageChooser",
    "DocumentChooser",
    "SnippetChooser",
  ];
  const CALLED = [
    "createTaskChooser",
    "initDateChooser",
    "initTimeChooser",
    "initDateTimeChooser",
  ];

  class CmsStart extends HTMLElement {
    connectedCallback() {
      if (this.hasStarted) return; // moved, not new: a script would not run again either
      this.hasStarted = true;
      const what = this.dataset.what;
      const given = JSON.parse(this.dataset.with);
      if (MADE_WITH_NEW.includes(what)) {
        new window[what](...given);
      } else if (CALLED.includes(what)) {
        window[what](...given);
      } else {
        throw new TypeError(`${what} is not a widget that may be started.`);
      }
    }
  }

  customElements.define("cms-start", CmsStart);
})();
