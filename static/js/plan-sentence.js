// The plan's sentence grows while somebody types. Without this the sentence stands on the plan's own page.
// <p data-plan-sentence="I will %(step)s." data-plan-parts="what how_much when how_often where_with">
for (const place of document.querySelectorAll("[data-plan-sentence]")) {
  const form = place.closest("form");
  const boxes = place.dataset.planParts.split(" ")
    .map((name) => form?.querySelector(`[name$="${name}"]`))
    .filter(Boolean);

  const write = () => {
    const parts = boxes.map((box) => box.value.trim().replace(/[.,;]+$/, "")).filter(Boolean);
    place.textContent = parts.length ? place.dataset.planSentence.replace("%(step)s", () => parts.join(", ")) : "";
  };

  for (const box of boxes) box.addEventListener("input", write);
  write();
}
