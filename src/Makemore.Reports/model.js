// A model that computes in the page. It is a graph: a list of operations, each from the results of those before it, on flat arrays in
// row-major order.
const openModel = model => {
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

  // A node is [operation, operands, numbers, shape, name]; an operand is a node's index, with another shape of the same size if any.
  const constants = new Map();
  const nodes = model.nodes.map(([operation, operands, numbers, shape, name], i) => {
    if (operation === "Constant") constants.set(i, read(numbers));
    return { operation, operands, numbers: Array.isArray(numbers) ? numbers.map(Number) : [], shape, name };
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

  // ---- Texts ----------------------------------------------------------------------------------------------------------

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

  return { model, nodes, size, last, run, logitsAt, softmax, next, split, show, percent, ranked, encode };
};
