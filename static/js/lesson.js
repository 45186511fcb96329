// Remembers which part of a lesson is being read, so that "stop" and simply going away both keep the very place.
// Without this script the place is the part that was saved last.
const form = document.querySelector("[data-lesson]");
const blocks = form ? [...form.querySelectorAll("[data-block]")] : [];

if (form && blocks.length && "IntersectionObserver" in window) {
  const at = form.elements.at;
  const first = blocks[0].dataset.block;
  const seen = new Set();
  let leaving = false;
  let told = "";

  const observer = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target);
      else seen.delete(entry.target);
    }
    const top = blocks.find((block) => seen.has(block));
    if (top) at.value = top.dataset.block;
  }, { rootMargin: "-10% 0px -50% 0px" });
  for (const block of blocks) observer.observe(block);

  form.addEventListener("submit", () => { leaving = true; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "hidden" || leaving || !at.value || at.value === told) return;
    if (at.value === first && !told) return;
    told = at.value;
    const place = new FormData();
    place.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    place.set("at", at.value);
    place.set("place", "1");
    navigator.sendBeacon(form.action, place);
  });
}
