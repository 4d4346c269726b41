// A head on features: one softmax layer, trained to the end and without chance, and scored on photos
// that it has not learnt on.

const STEPS = 300;
const DECAY = 0.02; // of the weights, against learning few photos by heart
const Z = 1.959964; // of a 95 percent interval

/** Return mean and deviation of each feature over these rows. */
function scale(rows) {
  const width = rows[0].length;
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  for (const row of rows) row.forEach((value, k) => (mean[k] += value / rows.length));
  for (const row of rows) row.forEach((value, k) => (deviation[k] += (value - mean[k]) ** 2 / rows.length));
  return { mean, deviation: deviation.map((variance) => Math.max(Math.sqrt(variance), 1e-3)) };
}

/**
 * Train a head by accelerated gradient descent from zero: the loss is convex, so that the same photos
 * give the same head.
 *
 * @param {Float32Array[]} rows Features of each photo.
 * @param {number[]} labels Its class.
 * @returns {{kernel: Float64Array, bias: Float64Array, classes: number}} for features as they come:
 *   kernel[k * classes + c].
 */
export function train(rows, labels, classes) {
  const { mean, deviation } = scale(rows);
  const width = rows[0].length + 1; // the last is the bias
  const scaled = rows.map((row) => Float64Array.from({ length: width }, (_, k) => (k < row.length ? (row[k] - mean[k]) / deviation[k] : 1)));
  const share = shares(labels, classes);
  let now = new Float64Array(width * classes);
  let before = now;
  const rate = 1 / (0.5 * sharpest(scaled) + DECAY);
  for (let step = 1; step <= STEPS; step += 1) {
    const ahead = now.map((value, at) => value + ((step - 1) / (step + 2)) * (value - before[at]));
    const slope = slopes(scaled, labels, share, ahead, classes);
    before = now;
    now = ahead.map((value, at) => value - rate * slope[at]);
  }
  return unfolded(now, mean, deviation, classes);
}

/** Return the weight of each photo, so that every class counts the same, however many it has. */
function shares(labels, classes) {
  const count = new Array(classes).fill(0);
  labels.forEach((label) => (count[label] += 1));
  const present = count.filter(Boolean).length;
  return labels.map((label) => 1 / (present * count[label]));
}

/** Return a bound on how sharply the loss bends: no sharper than the longest row. */
function sharpest(rows) {
  return rows.reduce((most, row) => Math.max(most, row.reduce((sum, value) => sum + value * value, 0)), 0);
}

function slopes(rows, labels, share, weights, classes) {
  const slope = weights.map((value, at) => (at < weights.length - classes ? DECAY * value : 0));
  rows.forEach((row, index) => {
    const p = softmax(row, weights, classes);
    p[labels[index]] -= 1;
    for (let k = 0; k < row.length; k += 1) {
      for (let c = 0; c < classes; c += 1) slope[k * classes + c] += share[index] * row[k] * p[c];
    }
  });
  return slope;
}

function softmax(row, weights, classes, bias = null) {
  const logits = Array.from({ length: classes }, (_, c) => (bias ? bias[c] : 0));
  for (let k = 0; k < row.length; k += 1) {
    for (let c = 0; c < classes; c += 1) logits[c] += row[k] * weights[k * classes + c];
  }
  const top = Math.max(...logits);
  const powers = logits.map((value) => Math.exp(value - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((value) => value / sum);
}

/** Put the scaling of the features into the weights. */
function unfolded(weights, mean, deviation, classes) {
  const kernel = new Float64Array(mean.length * classes);
  const bias = weights.slice(mean.length * classes);
  mean.forEach((average, k) => {
    for (let c = 0; c < classes; c += 1) {
      kernel[k * classes + c] = weights[k * classes + c] / deviation[k];
      bias[c] -= kernel[k * classes + c] * average;
    }
  });
  return { kernel, bias, classes };
}

/** Return the probabilities of each class for one row of features. */
export const predict = (head, row) => softmax(row, head.kernel, head.classes, head.bias);

/**
 * Judge each photo by a head that has learnt on all others but it and its look-alikes.
 *
 * Look-alikes are one case: it is right where more than half of its photos are.
 *
 * @param {number[]} groups Of each photo; equal numbers look alike.
 * @returns {Promise<{right: number, total: number}>} cases; null where `stop` says so in between.
 */
export async function leaveOneOut(rows, labels, groups, classes, tell, stop) {
  const cases = [...new Set(groups)];
  let right = 0;
  for (const [done, group] of cases.entries()) {
    const rest = rows.map((_, index) => index).filter((index) => groups[index] !== group);
    const head = train(rest.map((index) => rows[index]), rest.map((index) => labels[index]), classes);
    const judged = rows.flatMap((row, index) => {
      const p = groups[index] === group ? predict(head, row) : null;
      return p ? [p.indexOf(Math.max(...p)) === labels[index]] : [];
    });
    if (judged.filter(Boolean).length > judged.length / 2) right += 1;
    tell(done + 1, cases.length);
    await new Promise((resolve) => setTimeout(resolve));
    if (stop()) return null;
  }
  return { right, total: cases.length };
}

/**
 * Return the Wilson score interval of a share, [low, high].
 *
 * Source: E. B. Wilson, Journal of the American Statistical Association 22, 1927.
 */
export function wilson(right, total) {
  const share = right / total;
  const middle = (share + (Z * Z) / (2 * total)) / (1 + (Z * Z) / total);
  const half = (Z * Math.sqrt((share * (1 - share)) / total + (Z * Z) / (4 * total * total))) / (1 + (Z * Z) / total);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
