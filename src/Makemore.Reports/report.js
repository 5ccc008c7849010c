// Shows the tooltip of a mark when it is pointed at, touched, or reached with the arrow keys inside its chart.
(() => {
  const tip = document.getElementById("tip");
  let current = null;

  const show = (mark, x, y) => {
    current?.classList.remove("on");
    current = mark;
    tip.hidden = !mark;
    if (!mark) return;
    mark.classList.add("on");
    tip.textContent = mark.dataset.tip;
    const left = x + 14 + tip.offsetWidth > innerWidth ? x - 14 - tip.offsetWidth : x + 14;
    tip.style.left = Math.max(4, left) + "px";
    tip.style.top = Math.max(4, y - tip.offsetHeight - 10) + "px";
  };

  const point = event => show(event.target.closest?.("[data-tip]"), event.clientX, event.clientY);
  addEventListener("pointermove", point);
  addEventListener("pointerdown", point);
  addEventListener("scroll", () => show(null), { passive: true, capture: true });
  addEventListener("focusout", () => show(null));
  addEventListener("keydown", event => {
    if (event.key === "Escape") return show(null);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches?.("svg[role=img]")) return;
    event.preventDefault();
    const marks = [...event.target.querySelectorAll("[data-tip]")];
    const at = marks.includes(current) ? marks.indexOf(current) : step > 0 ? -1 : 0;
    const next = marks[(at + step + marks.length) % marks.length];
    const box = next.getBoundingClientRect();
    show(next, box.right, box.top);
  });

  // The browser's own tooltip would cover ours; screen readers read the aria-label.
  document.querySelectorAll("svg[role=img] > title").forEach(title => title.remove());
})();
