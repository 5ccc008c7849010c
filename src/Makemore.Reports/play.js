// Shows what a model expects after the text in the box, and how it sees the text.
(() => {
  const data = document.getElementById("model");
  if (!data) return;
  const { model, nodes, size, last, run, logitsAt, softmax, next, split, show, percent, ranked, encode } = openModel(JSON.parse(data.textContent));

  const box = document.getElementById("play");
  const find = name => box.querySelector("[data-play=" + name + "]");
  const element = (name, text, style) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    return made;
  };

  const bars = p => {
    const rows = ranked(p).slice(0, 12).map(([share, token]) => {
      const row = element("tr"), bar = element("td");
      row.append(element("th", show(token)), bar, element("td", percent(share)));
      const fill = element("span", undefined, "bar");
      fill.style.width = 100 * share + "%";
      bar.append(fill);
      return row;
    });
    find("next").replaceChildren(...rows);
  };

  // −log2 of the probability of each character given those before it.
  const surprise = (tokens, values) => {
    const items = tokens.slice(1).map((token, t) => {
      const bits = -Math.log2(softmax(logitsAt(values, t))[token]);
      const item = element("li", undefined, "q" + Math.min(11, Math.floor(bits)) + (bits >= 6 ? " deep" : ""));
      item.append(element("b", show(token)), element("span", bits.toFixed(1)));
      return item;
    });
    find("surprise").replaceChildren(...items);
    find("surprise-title").hidden = items.length === 0;
  };

  // Softmax over as many columns as positions is attention: its rows tell where each position looks.
  const attention = (tokens, values) => {
    const maps = [], square = model.length ** 2;
    let layer = 0;
    nodes.forEach((node, i) => {
      if (node.operation !== "Softmax" || node.shape.slice(-2).some(n => n !== model.length)) return;
      layer++;
      for (let head = 0; head * square < values[i].length; head++)
        maps.push([layer, head + 1, values[i].subarray(head * square, (head + 1) * square)]);
    });
    find("attention").replaceChildren(...maps.map(([layer, head, weights]) => {
      const table = element("table");
      table.append(element("caption", "layer " + layer + ", head " + head));
      const top = element("tr");
      top.append(element("td"), ...tokens.map(token => element("th", show(token))));
      table.append(top);
      tokens.forEach((token, t) => {
        const row = element("tr");
        row.append(element("th", show(token)), ...tokens.map((other, s) => {
          const cell = element("td");
          if (s > t) return cell;
          const weight = weights[t * model.length + s];
          cell.className = "cell";
          cell.style.setProperty("--share", weight);
          cell.dataset.tip = show(token) + " looks at " + show(other) + ": " + weight.toFixed(2);
          return cell;
        }));
        table.append(row);
      });
      return table;
    }));
    find("attention-title").hidden = maps.length === 0 || tokens.length === 1;
  };

  // The activations of each layer at a position: part of a tensor (1, T, H), or one of the T results (1, H) of a recurrence.
  const layers = (() => {
    const found = new Map(), steps = new Map();
    nodes.forEach(({ name, shape }, i) => {
      const [, base] = /^(.*\.(?:add|tanh|sigmoid|relu|gelu))(:\d+)?$/.exec(name ?? "") ?? [], n = last(shape);
      if (base && shape.length === 3 && size(shape) === n * model.length) found.set(name, (values, t) => values[i].subarray(t * n, (t + 1) * n));
      else if (base && shape.length === 2 && size(shape) === n) steps.set(base, [...steps.get(base) ?? [], i]);
    });
    for (const [name, all] of steps) if (all.length === model.length) found.set(name, (values, t) => values[all[t]]);
    return found;
  })();

  const hidden = (tokens, values) => {
    const style = getComputedStyle(box), [above, below] = ["--s0", "--s1"].map(color => style.getPropertyValue(color));
    find("hidden").replaceChildren(...[...layers].map(([name, at]) => {
      const units = at(values, tokens.length - 1), most = units.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-9);
      const row = element("figure"), canvas = element("canvas");
      Object.assign(canvas, { width: 4 * units.length, height: 12 });
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", name + ": " + units.length + " units from " + Math.min(...units).toFixed(2) + " to "
        + Math.max(...units).toFixed(2));
      const picture = canvas.getContext("2d");
      units.forEach((value, unit) => {
        picture.globalAlpha = Math.abs(value) / most;
        picture.fillStyle = value > 0 ? above : below;
        picture.fillRect(4 * unit, 0, 4, 12);
      });
      row.append(element("figcaption", name + ", up to " + most.toPrecision(2)), canvas);
      return row;
    }));
    find("hidden-title").hidden = layers.size === 0;
  };

  // Levenshtein's distance between two lists, as far as it is at most a limit.
  const distance = (a, b, limit) => {
    let row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      let [corner, least] = [row[0], row[0] = i];
      for (let j = 1; j <= b.length; j++) {
        [corner, row[j]] = [row[j], Math.min(row[j] + 1, row[j - 1] + 1, corner + (a[i - 1] === b[j - 1] ? 0 : 1))];
        least = Math.min(least, row[j]);
      }
      if (least > limit) return limit + 1;
    }
    return row[b.length];
  };

  const words = model.words.map(word => [word, split(word)]);
  const nearest = (typed, count = 6) => {
    let best = [];
    for (const [word, parts] of words) {
      const limit = best.length < count ? Infinity : best[count - 1][0] - 1;
      if (Math.abs(parts.length - typed.length) > limit) continue;
      const edits = distance(typed, parts, limit);
      if (edits > limit) continue;
      best.push([edits, word]);
      best = best.sort((a, b) => a[0] - b[0]).slice(0, count);
    }
    return best;
  };

  const near = tokens => {
    const typed = tokens.slice(1).map(token => model.elements[token - 1]);
    find("near-title").hidden = words.length === 0 || typed.length === 0;
    find("near").replaceChildren(...(typed.length === 0 ? [] : nearest(typed)).map(([edits, word]) => {
      const item = element("li");
      item.append(element("bdi", word), edits === 0 ? " the same" : " " + edits + (edits === 1 ? " edit" : " edits"));
      return item;
    }));
  };

  // The likeliest ways to finish the word, [bits, tokens]: a beam search that keeps the best beginnings. Yields between steps,
  // so that the page can show what is typed meanwhile.
  function* likeliest(tokens, width = 6) {
    const best = entries => entries.sort((a, b) => a[0] - b[0]).slice(0, width);
    let [beams, done] = [[[0, tokens]], []];
    while (beams.length > 0) {
      const longer = [];
      for (const [bits, beam] of beams) {
        yield;
        for (const [share, token] of ranked(next(beam)).filter(([, token], rank) => token === 0 || rank < width)) {
          if (token === 0) done.push([bits - Math.log2(share), beam]);
          else if (beam.length < model.length) longer.push([bits - Math.log2(share), [...beam, token]]);
        }
      }
      done = best(done);
      beams = best(longer).filter(([bits]) => done.length < width || bits < done[width - 1][0]);
    }
    return done;
  }

  function* likely(tokens) {
    find("likely").replaceChildren(...(yield* likeliest(tokens)).map(([bits, word]) => {
      const item = element("li");
      item.append(element("bdi", word.slice(1).map(show).join("")), " " + percent(2 ** -bits));
      return item;
    }));
  }

  // What takes longer than a key press may: after the page has shown the rest, in pieces, until something else is typed.
  const follow = async (tokens, values, isCurrent) => {
    const painted = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    await painted();
    for (const view of [attention, hidden, near]) {
      if (!isCurrent()) return;
      view(tokens, values);
      await painted();
    }
    for (const _ of likely(tokens)) {
      await new Promise(resolve => setTimeout(resolve));
      if (!isCurrent()) return;
    }
  };

  // A token drawn by temperature, top-k and top-p with a uniform number, as the library's Choice.Draw draws it.
  const draw = (p, { temperature, k, mass }, uniform) => {
    const bound = k > 0 && k < p.length ? ranked(p)[k - 1][0] : 0;
    const shares = softmax(p.map(share => share < bound ? -Infinity : Math.log(share) / temperature));
    let sum = 0;
    for (const [share, token] of ranked(shares)) {
      if (sum >= mass) shares[token] = 0;
      sum += share;
    }
    let left = uniform * shares.reduce((total, share) => total + share, 0), last = 0;
    for (let token = 0; token < shares.length && left >= 0; token++)
      if (shares[token] > 0) {
        last = token;
        left -= shares[token];
      }
    return last;
  };

  // A word that begins with tokens, and whether it ends.
  const sampled = (tokens, options) => {
    const word = [...tokens];
    for (;;) {
      const token = draw(next(word), options, Math.random());
      if (token === 0 || word.length === model.length) return [word, token === 0];
      word.push(token);
    }
  };

  const sample = async () => {
    const [tokens] = encode(find("text").value), button = find("sample"), list = find("samples");
    const [temperature, k, mass] = ["temperature", "top-k", "top-p"].map(name => Number(find(name).value));
    button.disabled = true;
    list.replaceChildren();
    for (let n = 0; n < 10; n++) {
      const [word, isFinished] = sampled(tokens, { temperature, k, mass }), item = element("li");
      item.append(element("bdi", word.slice(1).map(show).join("") + (isFinished ? "" : "…")));
      list.append(item);
      await new Promise(resolve => setTimeout(resolve));
    }
    button.disabled = false;
  };

  let version = 0;
  const update = () => {
    const [tokens, problem] = encode(find("text").value), values = run(tokens), mine = ++version;
    find("note").textContent = problem;
    find("after").textContent = tokens.length > 1 ? "after “" + tokens.slice(1).map(show).join("") + "”" : "at the start of a word";
    bars(softmax(logitsAt(values, tokens.length - 1)));
    surprise(tokens, values);
    follow(tokens, values, () => mine === version);
  };

  for (const control of box.querySelectorAll("input[type=range]")) {
    const output = box.querySelector("output[for=" + control.id + "]");
    const tell = () => { output.textContent = control.value === "0" && control.dataset.zero ? control.dataset.zero : control.value; };
    control.addEventListener("input", tell);
    tell();
  }
  find("text").addEventListener("input", update);
  find("sample").addEventListener("click", sample);
  box.hidden = false;
  update();

  // For tests and the curious: makemore.next("em") in the console.
  globalThis.makemore = {
    next: text => Array.from(next(encode(text)[0])),
    nearest: text => nearest(split(text)),
    layers: text => {
      const [tokens] = encode(text), values = run(tokens);
      return Object.fromEntries([...layers].map(([name, at]) => [name, Array.from(at(values, tokens.length - 1))]));
    },
    draw: (text, options, uniform) => draw(next(encode(text)[0]), options, uniform),
    likeliest: text => {
      const steps = likeliest(encode(text)[0]);
      for (;;) {
        const { done, value } = steps.next();
        if (done) return value.map(([bits, word]) => ({ word: word.slice(1).map(token => model.elements[token - 1]).join(""), bits }));
      }
    },
  };
})();
