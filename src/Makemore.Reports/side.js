// Shows what several models expect after the same text, side by side.
(() => {
  const data = document.getElementById("models");
  if (!data) return;
  const models = JSON.parse(data.textContent).map(openModel);
  const box = document.getElementById("side"), [input, note, body] = ["input", "[role=status]", "tbody"].map(name => box.querySelector(name));
  const cell = (name, text) => Object.assign(document.createElement(name), { textContent: text });

  // Of each model, the probability of every token after the text, by the token's text, and the bits of the text itself.
  const read = (model, text) => {
    const [tokens, problem] = model.encode(text), values = model.run(tokens);
    const at = t => model.softmax(model.logitsAt(values, t));
    const bits = tokens.slice(1).reduce((sum, token, t) => sum - Math.log2(at(t)[token]), 0);
    return { problem, bits, next: new Map(Array.from(at(tokens.length - 1), (share, token) => [model.show(token), share])) };
  };

  const update = () => {
    const found = models.map(model => read(model, input.value));
    const mean = token => found.reduce((sum, { next }) => sum + (next.get(token) ?? 0), 0) / found.length;
    const tokens = [...new Set(found.flatMap(({ next }) => [...next.keys()]))].sort((a, b) => mean(b) - mean(a)).slice(0, 12);
    note.textContent = found.find(({ problem }) => problem)?.problem ?? "";
    body.replaceChildren(...tokens.map(token => {
      const row = document.createElement("tr");
      row.append(cell("th", token), ...found.map(({ next }, i) => {
        const share = next.get(token), data = cell("td", share === undefined ? "–" : models[i].percent(share));
        data.className = "cell";
        data.style.setProperty("--share", share ?? 0);
        return data;
      }));
      return row;
    }));
    const total = document.createElement("tr");
    total.append(cell("th", "bits so far"), ...found.map(({ bits }) => cell("td", bits.toFixed(1))));
    body.append(total);
  };

  input.addEventListener("input", update);
  box.hidden = false;
  update();
})();
