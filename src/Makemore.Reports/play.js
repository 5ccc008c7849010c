// Computes a model in the page, and shows what it expects after the text in the box. The model is a graph: a list of operations,
// each from the results of those before it, on flat arrays in row-major order.
(() => {
  const data = document.getElementById("model");
  if (!data) return;
  const model = JSON.parse(data.textContent);

  // ---- The tensors ----------------------------------------------------------------------------------------------------

  const size = shape => shape.reduce((product, n) => product * n, 1);
  const last = shape => shape[shape.length - 1];

  // The weights in base64: float32 or float16, and integers.
  const bytes = Uint8Array.from(atob(model.weights), character => character.charCodeAt(0)).buffer;
  const half = bits => {
    const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023];
    return sign * (exponent === 0 ? 2 ** -24 * fraction
      : exponent === 31 ? (fraction ? NaN : Infinity) : 2 ** (exponent - 15) * (1 + fraction / 1024));
  };
  const read = ({ type, at, shape }) =>
    type === "int32" ? new Int32Array(bytes, at, size(shape))
    : type === "float32" ? new Float32Array(bytes, at, size(shape))
    : Float32Array.from(new Uint16Array(bytes, at, size(shape)), half);

  // An operand's place for each element of a result that it is broadcast to.
  const places = (shape, to) => {
    const result = new Int32Array(size(to)), strides = new Array(to.length).fill(0);
    for (let i = shape.length - 1, stride = 1; i >= 0; stride *= shape[i], i--)
      strides[to.length - shape.length + i] = shape[i] === 1 ? 0 : stride;
    const index = new Array(to.length).fill(0);
    for (let n = 0, place = 0; n < result.length; n++) {
      result[n] = place;
      for (let i = to.length - 1; i >= 0; i--) {
        place += strides[i];
        if (++index[i] < to[i]) break;
        place -= strides[i] * to[i];
        index[i] = 0;
      }
    }
    return result;
  };

  const cache = new Map();
  const placesOf = (shape, to) => {
    const key = shape + "|" + to;
    if (!cache.has(key)) cache.set(key, places(shape, to));
    return cache.get(key);
  };

  const floats = node => new Float32Array(size(node.shape));
  const like = (node, x) => x.values instanceof Int32Array ? new Int32Array(size(node.shape)) : floats(node);

  const map = f => (node, [x]) => {
    const y = floats(node);
    for (let i = 0; i < y.length; i++) y[i] = f(x.values[i], ...node.numbers);
    return y;
  };

  const zip = (f, make = floats) => (node, [x, y]) => {
    const z = make(node), a = placesOf(x.shape, node.shape), b = placesOf(y.shape, node.shape);
    for (let i = 0; i < z.length; i++) z[i] = f(x.values[a[i]], y.values[b[i]]);
    return z;
  };

  // The parts of a shape around an axis: how many rows of `length` elements, each `inner` apart.
  const around = (shape, axis) => [size(shape.slice(0, axis)), shape[axis], size(shape.slice(axis + 1))];

  const along = f => (node, [x]) => {
    const [outer, length, inner] = around(x.shape, node.numbers[0]), y = like(node, x);
    const to = node.shape[node.numbers[0]];
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++)
        f(k => x.values[(o * length + k) * inner + i], (k, value) => { y[(o * to + k) * inner + i] = value; }, length, node.numbers);
    return y;
  };

  const rows = f => (node, [x]) => {
    const y = floats(node), n = last(x.shape);
    for (let from = 0; from < y.length; from += n) f(x.values.subarray(from, from + n), y.subarray(from, from + n));
    return y;
  };

  const exponentials = (x, y) => {
    const max = x.reduce((a, b) => Math.max(a, b), -Infinity);
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += y[i] = Math.exp(x[i] - max);
    return [max, sum];
  };

  // Abramowitz and Stegun 7.1.26 has too few digits: the Taylor series where it converges fast, the continued fraction elsewhere.
  const erf = x => {
    const a = Math.abs(x);
    if (a > 6) return Math.sign(x);
    if (a < 2.5) {
      let [term, sum] = [x, x];
      for (let n = 1; Math.abs(term) > 1e-17; n++) {
        term *= -x * x / n;
        sum += term / (2 * n + 1);
      }
      return 2 / Math.sqrt(Math.PI) * sum;
    }
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / 2 / (a + fraction);
    return Math.sign(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
  };

  const tanhGelu = x => 0.5 * x * (1 + Math.tanh(0.7978845608 * (x + 0.044715 * x * x * x)));
  const whole = node => new Int32Array(size(node.shape));
  const integers = [
    (a, b) => a + b, (a, b) => a - b, Math.imul, (a, b) => Math.trunc(a / b), (a, b) => a % b, Math.min, Math.max,
    (a, b) => a === b ? 1 : 0, (a, b) => a > b ? 1 : 0,
  ];
  const nan = f => (a, b) => Number.isNaN(a) || Number.isNaN(b) ? NaN : f(a, b);

  const operations = {
    Add: zip((a, b) => a + b),
    Subtract: zip((a, b) => a - b),
    Multiply: zip((a, b) => a * b),
    Divide: zip((a, b) => a / b),
    Equal: zip((a, b) => a === b ? 1 : 0),
    Greater: zip((a, b) => a > b ? 1 : 0),
    Remainder: zip((a, b) => a % b),
    Minimum: zip(nan(Math.min)),
    Maximum: zip(nan(Math.max)),
    Integers: (node, operands) => zip(integers[node.numbers[0]], node.numbers[0] < 7 ? whole : floats)(node, operands),
    Where: (node, [mask, x, y]) => like(node, x).map((_, i) => mask.values[i] !== 0 ? x.values[i] : y.values[i]),
    Affine: map((x, scale, offset) => scale * x + offset),
    Exp: map(Math.exp),
    Log: map(Math.log),
    Tanh: map(Math.tanh),
    Sigmoid: map(x => 1 / (1 + Math.exp(-x))),
    Relu: map(x => Math.max(x, 0)),
    Gelu: map(tanhGelu),
    Softplus: map(x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    Sqrt: map(Math.sqrt),
    Power: map(Math.pow),
    Abs: map(Math.abs),
    Sign: map(Math.sign),
    Sin: map(Math.sin),
    Cos: map(Math.cos),
    Erf: map(erf),
    IsAtLeast: map((x, bound) => x >= bound ? 1 : 0),
    Convert: (node, [x]) => node.numbers[0] === 1
      ? whole(node).map((_, i) => Math.trunc(x.values[i])) : Float32Array.from(x.values),
    Sum: along((get, set, length) => {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += get(k);
      set(0, sum);
    }),
    Max: along((get, set, length) => {
      let max = -Infinity;
      for (let k = 0; k < length; k++) max = Math.max(max, get(k));
      set(0, max);
    }),
    CumulativeSum: along((get, set, length, [, isReverse]) => {
      for (let k = 0, sum = 0; k < length; k++) {
        const at = isReverse ? length - 1 - k : k;
        set(at, sum += get(at));
      }
    }),
    CumulativeMax: along((get, set, length) => {
      for (let k = 0, max = -Infinity; k < length; k++) set(k, max = Math.max(max, get(k)));
    }),
    Slice: along((get, set, _, [, start, length]) => {
      for (let k = 0; k < length; k++) set(k, get(start + k));
    }),
    Unslice: along((get, set, length, [, start]) => {
      for (let k = 0; k < length; k++) set(start + k, get(k));
    }),
    ArgSort: (node, [x]) => along((get, set, length, [, isDescending]) => {
      const order = Array.from({ length }, (_, k) => k).sort((a, b) => (isDescending ? get(b) - get(a) : get(a) - get(b)) || a - b);
      order.forEach((from, k) => set(k, from));
    })(node, [x]).map(Math.round),
    Softmax: rows((x, y) => {
      const [, sum] = exponentials(x, y);
      for (let i = 0; i < y.length; i++) y[i] /= sum;
    }),
    LogSoftmax: rows((x, y) => {
      const [max, sum] = exponentials(x, y);
      for (let i = 0; i < y.length; i++) y[i] = x[i] - max - Math.log(sum);
    }),
    MaskFuture: (node, [x]) => {
      const [t, s] = x.shape.slice(-2), y = Float32Array.from(x.values);
      for (let i = 0; i < y.length; i++) if (i % s - (s - t) > Math.floor(i / s) % t) y[i] = node.numbers[0];
      return y;
    },
    MatMul: (node, [x, y]) => {
      const [m, n] = node.shape.slice(-2), [isX, isY] = node.numbers, k = isX ? x.shape[x.shape.length - 2] : last(x.shape);
      const batch = node.shape.slice(0, -2), z = floats(node);
      const [left, right] = [placesOf(x.shape.slice(0, -2), batch), placesOf(y.shape.slice(0, -2), batch)];
      const [xRow, xColumn, yRow, yColumn] = [isX ? 1 : k, isX ? m : 1, isY ? 1 : n, isY ? k : 1];
      for (let b = 0; b < left.length; b++)
        for (let r = 0; r < m; r++)
          for (let c = 0; c < n; c++) {
            let sum = 0, from = left[b] * m * k + r * xRow, to = right[b] * k * n + c * yColumn;
            for (let i = 0; i < k; i++, from += xColumn, to += yRow) sum += x.values[from] * y.values[to];
            z[(b * m + r) * n + c] = sum;
          }
      return z;
    },
    Permute: (node, [x]) => {
      const y = like(node, x), strides = x.shape.map((_, i) => size(x.shape.slice(i + 1)));
      const index = new Array(node.shape.length).fill(0);
      for (let n = 0; n < y.length; n++) {
        y[n] = x.values[index.reduce((place, i, axis) => place + i * strides[node.numbers[axis]], 0)];
        for (let i = index.length - 1; i >= 0 && ++index[i] === node.shape[i]; i--) index[i] = 0;
      }
      return y;
    },
    Concat: (node, parts) => {
      const axis = node.numbers[0], [outer, length, inner] = around(node.shape, axis), y = like(node, parts[0]);
      let start = 0;
      for (const part of parts) {
        const width = part.shape[axis] * inner;
        for (let o = 0; o < outer; o++) y.set(part.values.subarray(o * width, (o + 1) * width), o * length * inner + start);
        start += width;
      }
      return y;
    },
    BroadcastTo: (node, [x]) => like(node, x).map((_, i) => x.values[placesOf(x.shape, node.shape)[i]]),
    Gather: (node, [table, ids]) => {
      const y = like(node, table), width = last(table.shape);
      ids.values.forEach((id, i) => y.set(table.values.subarray(id * width, (id + 1) * width), i * width));
      return y;
    },
    ScatterAdd: (node, [x, ids]) => {
      const y = floats(node), width = last(node.shape);
      ids.values.forEach((id, i) => { for (let c = 0; c < width; c++) y[id * width + c] += x.values[i * width + c]; });
      return y;
    },
    GatherAlong: (node, [x, ids]) => {
      const axis = node.numbers[0], [, length, inner] = around(node.shape, axis), from = x.shape[axis];
      return like(node, x).map((_, i) =>
        x.values[(Math.floor(i / (length * inner)) * from + ids.values[i]) * inner + i % inner]);
    },
    ScatterAddAlong: (node, [x, ids]) => {
      const [axis, to] = node.numbers, [, length, inner] = around(x.shape, axis), y = floats(node);
      x.values.forEach((value, i) => { y[(Math.floor(i / (length * inner)) * to + ids.values[i]) * inner + i % inner] += value; });
      return y;
    },
  };

  // A node is [operation, operands, numbers, shape]; an operand is a node's index, with another shape of the same size if any.
  const constants = new Map();
  const nodes = model.nodes.map(([operation, operands, numbers, shape], i) => {
    if (operation === "Constant") constants.set(i, read(numbers));
    return { operation, operands, numbers: Array.isArray(numbers) ? numbers.map(Number) : [], shape };
  });

  // All tensors for tokens, the last one padded.
  const run = tokens => {
    const ids = new Int32Array(model.length);
    ids.set(tokens);
    const values = [];
    nodes.forEach((node, i) => {
      values[i] = node.operation === "Input" ? ids
        : node.operation === "Constant" ? constants.get(i)
        : operations[node.operation](node, node.operands.map(operand => {
          const [from, shape] = Array.isArray(operand) ? operand : [operand, nodes[operand].shape];
          return { values: values[from], shape };
        }));
    });
    return values;
  };

  const logitsAt = (values, t) => values[model.output].subarray(t * model.tokens.length, (t + 1) * model.tokens.length);
  const softmax = logits => {
    const y = new Float64Array(logits.length), [, sum] = exponentials(logits, y);
    return y.map(value => value / sum);
  };

  // The probabilities of the tokens after some tokens, the first of which is the start.
  const next = tokens => softmax(logitsAt(run(tokens), tokens.length - 1));

  // ---- The page -------------------------------------------------------------------------------------------------------

  const box = document.getElementById("play");
  const find = name => box.querySelector("[data-play=" + name + "]");
  const element = (name, text, style) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    if (style) made.className = style;
    return made;
  };

  const segmenter = globalThis.Intl?.Segmenter ? new Intl.Segmenter() : null;
  const split = text => segmenter ? [...segmenter.segment(text)].map(part => part.segment) : [...text];
  const tokenOf = new Map(model.elements.map((text, i) => [text, i + 1]));
  const show = token => model.tokens[token];
  const percent = p => p >= 0.0995 ? Math.round(100 * p) + " %" : p >= 0.000095 ? (100 * p).toPrecision(2) + " %" : "< 0.01 %";
  const ranked = p => Array.from(p, (share, token) => [share, token]).sort((a, b) => b[0] - a[0]);

  // The tokens of the text, up to the first that the model does not know.
  const encode = text => {
    const tokens = [0];
    for (const part of split(text.normalize("NFC"))) {
      if (!tokenOf.has(part)) return [tokens, "The model does not know “" + part + "”."];
      if (tokens.length === model.length) return [tokens, "The model sees at most " + (model.length - 1) + " characters."];
      tokens.push(tokenOf.get(part));
    }
    return [tokens, ""];
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

  const finish = async (tokens, isCurrent) => {
    const steps = likeliest(tokens);
    let step;
    while (!(step = steps.next()).done) {
      await new Promise(resolve => setTimeout(resolve));
      if (!isCurrent()) return;
    }
    find("likely").replaceChildren(...step.value.map(([bits, word]) => {
      const item = element("li");
      item.append(element("bdi", word.slice(1).map(show).join("")), " " + percent(2 ** -bits));
      return item;
    }));
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
    attention(tokens, values);
    finish(tokens, () => mine === version);
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
