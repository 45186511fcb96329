// Lines move in place and can be dragged. Without this each press of Up or Down is a page of its own, and lines are
// sorted by radio buttons; both stay, and dragging comes on top of them.
const TOUCHED = 6; // pixels that a finger may wander before it drags

// Follows one finger or mouse from a handle until it is let go; Escape and a lost pointer end it without a drop.
function drag(handle, { start, move, drop, end }) {
  handle.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    let dragging = false;
    const watch = new AbortController();
    const over = (dropped, event) => {
      watch.abort();
      if (dragging && dropped) drop(event);
      if (dragging) end();
    };
    const options = { signal: watch.signal };
    // On the document: a line that moves takes its handle out of it for a moment, and with it what the handle holds.
    document.addEventListener("pointermove", (event) => {
      if (!dragging && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < TOUCHED) return;
      if (!dragging) start(event);
      dragging = true;
      move(event);
    }, options);
    document.addEventListener("pointerup", (event) => over(true, event), options);
    document.addEventListener("pointercancel", () => over(false), options);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") over(false); }, options);
  });
}

// For a mouse or finger only: who uses keys or a screen reader has the buttons.
function handle() {
  const made = document.createElement("span");
  made.className = "drag-handle";
  made.setAttribute("aria-hidden", "true");
  return made;
}

for (const list of document.querySelectorAll("[data-order]")) {
  const lines = () => [...list.querySelectorAll("[data-order-line]")];
  const said = list.querySelector("[data-order-said]");

  const tidy = () => {
    const all = lines();
    for (const line of all) {
      line.querySelector("[data-way=up]").hidden = line === all[0];
      line.querySelector("[data-way=down]").hidden = line === all.at(-1);
    }
    // What was said of the order was of the one before.
    for (const about of list.parentElement.querySelectorAll("[data-order-about]")) about.remove();
  };
  const say = (line) => {
    const words = { line: line.querySelector("[data-order-words]").textContent, place: lines().indexOf(line) + 1, of: lines().length };
    said.textContent = list.dataset.moved.replace(/%\((line|place|of)\)s/g, (_whole, name) => words[name]);
  };

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-way]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("[data-order-line]");
    if (button.dataset.way === "up") line.previousElementSibling?.before(line);
    else line.nextElementSibling?.after(line);
    tidy();
    say(line);
    (button.hidden ? line.querySelector("[data-way]:not([hidden])") : button).focus();
  });

  for (const line of lines()) {
    const grip = handle();
    line.prepend(grip);
    let before = [];
    drag(grip, {
      start() { before = lines(); line.classList.add("order__line--dragged"); },
      move(event) {
        const other = lines().find((one) => {
          const box = one.getBoundingClientRect();
          return one !== line && event.clientY > box.top && event.clientY < box.bottom;
        });
        if (!other) return;
        const box = other.getBoundingClientRect();
        const isBelow = lines().indexOf(other) > lines().indexOf(line);
        if (isBelow && event.clientY > box.top + box.height / 2) other.after(line);
        if (!isBelow && event.clientY < box.top + box.height / 2) other.before(line);
      },
      drop() { before = []; tidy(); say(line); },
      end() {
        line.classList.remove("order__line--dragged");
        if (before.length) line.parentElement.append(...before);
      },
    });
  }
}

for (const block of document.querySelectorAll("[data-sort]")) {
  for (const line of block.querySelectorAll("[data-sort-line]")) {
    const radios = [...line.querySelectorAll("input[type=radio]")];
    const grip = handle();
    grip.title = block.dataset.drag;
    line.prepend(grip);
    let groups = null;
    const under = (event) => [...groups.children].find((group) => {
      const box = group.getBoundingClientRect();
      return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    });
    drag(grip, {
      start() {
        line.classList.add("sort__line--dragged");
        groups = document.createElement("div");
        groups.className = "sort__groups";
        groups.setAttribute("aria-hidden", "true");
        for (const radio of radios) {
          const group = document.createElement("div");
          group.className = "sort__group";
          group.textContent = radio.labels[0].textContent;
          groups.append(group);
        }
        document.body.append(groups);
      },
      move(event) {
        const here = under(event);
        for (const group of groups.children) group.classList.toggle("sort__group--under", group === here);
      },
      drop(event) {
        const place = [...groups.children].indexOf(under(event));
        if (place < 0) return;
        radios[place].checked = true;
        radios[place].dispatchEvent(new Event("change", { bubbles: true }));
      },
      end() {
        line.classList.remove("sort__line--dragged");
        groups.remove();
      },
    });
    // What was said of a line was of the group it lay in.
    line.addEventListener("change", () => line.querySelector("[data-sort-about]")?.remove());
  }
}
