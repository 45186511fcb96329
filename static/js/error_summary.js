// After a form came back: take the reader to the list of what to check; its links go to the boxes themselves.
export function focusErrorSummary(root = document) {
  const summary = root.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const box = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!box) return;
    event.preventDefault();
    // The question, not only its box, should be in view.
    const group = box.closest("fieldset") || box.closest(".nhsuk-form-group") || box;
    group.scrollIntoView();
    box.focus({ preventScroll: true });
  });
}
