"use strict";
const main = document.querySelector("main"), state = document.getElementById("state");
let shown = "";

async function update() {
  try {
    const answer = await fetch("/runs");
    const html = await answer.text();
    // An open table of data, a selection or a tooltip stays as long as nothing has changed.
    if (html !== shown) {
      const open = [...main.querySelectorAll("details")].map(details => details.open);
      main.innerHTML = shown = html;
      main.querySelectorAll("details").forEach((details, i) => details.open = open[i] ?? false);
    }
    state.textContent = "as of " + new Date().toLocaleTimeString();
  } catch {
    state.textContent = "watch.csx has ended";
  }
  setTimeout(update, document.hidden ? 5000 : 1000);
}

update();
