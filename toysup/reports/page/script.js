// What a reader may do with the page. Everything is readable without it: it filters, sorts, draws
// other seeds, puts two conditions side by side, and saves tables and figures.
"use strict";
const all = (what, where = document) => [...where.querySelectorAll(what)];
const data = JSON.parse(document.getElementById("seeds").textContent);
const table = document.getElementById("table");
const rows = all("tbody tr", table);
const rowOf = new Map(rows.map((row) => [row.dataset.id, row]));
const texts = (row) => [...row.cells].map((cell) => cell.textContent.trim());
const heads = texts(table.tHead.rows[0]);
all(".scripted").forEach((part) => { part.hidden = false; });

function make(tag, attributes, words) {
  const made = Object.assign(document.createElement(tag), attributes);
  if (words !== undefined) made.textContent = words;
  return made;
}

// Whether conditions have several sets of directions, with a verdict each.
const several = rows.some((row) => row.dataset.id.includes("-"));

// Rows by setting and label; cards and cells of the map follow.
const filters = all("#filters select");
function filter() {
  const wanted = filters.filter((one) => one.value !== "" || one.selectedIndex > 0);
  let count = 0;
  const shown = new Set();
  for (const row of rows) {
    const fits = wanted.every(
      (one) => row.cells[one.dataset.column].textContent.trim() === one.value);
    row.hidden = !fits;
    if (fits) { count += 1; shown.add(row.dataset.id); }
  }
  all(".cards .card").forEach((card) => { card.hidden = !shown.has(card.dataset.id); });
  all(".cards").forEach((cards) => {
    const empty = !all(".card:not([hidden])", cards).length;
    cards.hidden = empty;
    cards.previousElementSibling.hidden = empty;
  });
  all(".map td a").forEach((cell) => {
    cell.parentElement.classList.toggle("out", !shown.has(cell.hash.slice(1)));
  });
  if (crowded && wanted.length) document.getElementById("numbers").open = true;
  document.getElementById("matching").textContent =
    wanted.length ? count + " of " + rows.length + (several ? " verdicts" : " conditions") : "";
}
filters.forEach((one) => one.addEventListener("change", filter));
document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());

// Columns sort by their first number, or as texts; a second time the other way round.
const first = (text) => parseFloat(text.replace("\u2212", "-"));
all("th", table.tHead).forEach((head, column) => {
  const button = make("button", { type: "button" }, head.textContent);
  head.replaceChildren(button);
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    all("th", table.tHead).forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const keys = new Map(rows.map((row) => [row, row.cells[column].textContent.trim()]));
    const order = (a, b) => {
      const [x, y] = [first(keys.get(a)), first(keys.get(b))];
      if (isNaN(x) || isNaN(y)) {
        if (isNaN(x) !== isNaN(y)) return isNaN(x) ? 1 : -1;
        return (up ? 1 : -1) * keys.get(a).localeCompare(keys.get(b));
      }
      return (up ? 1 : -1) * (x - y);
    };
    table.tBodies[0].append(...rows.sort(order));
  });
});

function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
// A text that begins like a formula is kept from being one in a spreadsheet.
const field = (text) => {
  const plain = text.replaceAll("\u2212", "-");
  const safe = /^[=+@]/.test(plain) || /^-(?![\d.])/.test(plain) ? "'" + plain : plain;
  return '"' + safe.replaceAll('"', '""') + '"';
};
const csv = () => [heads, ...rows.filter((row) => !row.hidden).map(texts)]
  .map((cells) => cells.map(field).join(",")).join("\r\n");
document.getElementById("csv").addEventListener("click", () => save("conditions.csv", "text/csv", csv()));

// Figures, with the colours that the page has at the moment.
function standalone(svg) {
  const style = getComputedStyle(document.documentElement);
  const box = svg.viewBox.baseVal;
  const copy = svg.cloneNode(true);
  copy.setAttribute("width", 2 * box.width);
  copy.setAttribute("height", 2 * box.height);
  copy.style.maxWidth = "";
  copy.style.background = style.getPropertyValue("--paper");
  copy.style.fontFamily = "sans-serif";
  return new XMLSerializer().serializeToString(copy)
    .replace(/var\((--[\w-]+)\)/g, (whole, name) => style.getPropertyValue(name).trim());
}
function png(svg, name) {
  const picture = new Image();
  picture.onload = () => {
    const canvas = make("canvas", { width: picture.width, height: picture.height });
    canvas.getContext("2d").drawImage(picture, 0, 0);
    canvas.toBlob((blob) => save(name, "image/png", blob));
  };
  picture.src = "data:image/svg+xml," + encodeURIComponent(standalone(svg));
}
all("figure[data-name]").forEach((figure) => {
  const svg = figure.querySelector("svg");
  const name = figure.dataset.name.replace(/[^\w.-]+/g, "-");
  const buttons = make("div", { className: "buttons" });
  const kinds = {
    SVG: () => save(name + ".svg", "image/svg+xml", standalone(svg)),
    PNG: () => png(svg, name + ".png"),
  };
  for (const [kind, act] of Object.entries(kinds)) {
    const button = make("button", { type: "button" }, kind);
    button.setAttribute("aria-label", kind + " of " + figure.dataset.name + ", download");
    button.addEventListener("click", act);
    buttons.append(button);
  }
  figure.append(buttons);
});

// A matrix: bytes over a largest entry, row by row. A recorded path has one after another.
function matrix(own, text, record) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const W = new Int8Array(bytes.buffer);
  const start = record * own.m * own.n;
  return (row, column) => W[start + row * own.n + column];
}
// W of a seed, or what it was at a recorded step, with the length that is drawn as one.
function seen(card, own, place) {
  const slider = card.querySelector(".step");
  const last = own.recorded ? own.recorded.length - 1 : 0;
  const record = slider ? Number(slider.value) : last;
  const path = own.recorded && record < last && own.paths[place];
  if (slider) {
    slider.previousElementSibling.textContent = "step " + own.recorded[record].toLocaleString("en");
  }
  const W = path ? matrix(own, path, record) : matrix(own, own.W[place], 0);
  const longest = lengths(own, path ? matrix(own, path, last) : W);
  return [W, Math.max(...longest, 1e-30)];
}
function lengths(own, W) {
  return Array.from({ length: own.n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < own.m; k += 1) sum += W(k, i) ** 2;
    return Math.sqrt(sum);
  });
}
// A run that was recorded has a slider over its steps.
function steps(card, id) {
  const own = data.conditions[id];
  const picture = card.querySelector(".gram");
  if (!picture || !own || !own.recorded) return;
  const last = own.recorded.length - 1;
  const words = make("div", { className: "value" }, "step " + own.recorded[last].toLocaleString("en"));
  const slider = make("input", { type: "range", className: "step", min: 0, max: last, value: last });
  slider.setAttribute("aria-label", "Step of condition " + id.slice(1));
  slider.addEventListener("input", () => redraw(card, own));
  picture.before(words, slider);
}
function redraw(card, own) {
  const select = card.querySelector("select");
  draw(card, own, select ? Number(select.value) : 0);
}
const NEGATIVE = [42, 111, 187], POSITIVE = [232, 128, 43]; // the size is the opacity
function colour(value) {
  return [...(value < 0 ? NEGATIVE : POSITIVE), 255 * Math.min(1, Math.abs(value))];
}
const WIDTH = 120, HEIGHT = 46;
function gram(own, dot, largest) {
  const canvas = make("canvas", { width: own.n, height: own.n });
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(own.n, own.n);
  for (let i = 0; i < own.n; i += 1) {
    for (let j = 0; j < own.n; j += 1) {
      pixels.data.set(colour(dot(i, j) / largest), 4 * (i * own.n + j));
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}
function outline(shares, top) {
  const height = (share) => HEIGHT - Math.min(1, Math.sqrt(share / top)) * (HEIGHT - 2);
  const step = WIDTH / shares.length;
  const parts = shares.map((share, k) =>
    "V" + height(share).toFixed(1) + "H" + ((k + 1) * step).toFixed(1));
  return "M0 " + HEIGHT + parts.join("") + "V" + HEIGHT;
}
function histogram(own, dot, norms, kept) {
  const bins = data.nulls[own.m].length;
  const counts = new Array(bins).fill(0);
  let pairs = 0;
  for (let i = 0; i < own.n; i += 1) {
    for (let j = 0; j < own.n; j += 1) {
      if (i === j || !kept[i] || !kept[j]) continue;
      const cosine = dot(i, j) / (norms[i] * norms[j]);
      counts[Math.max(0, Math.min(bins - 1, Math.floor((cosine + 1) / 2 * bins)))] += 1;
      pairs += 1;
    }
  }
  return pairs ? counts.map((count) => count / pairs) : counts;
}
// Directions in two dimensions, or in three, turned and tilted; those at the back come first.
const TURN = 0.6, TILT = 0.35;
function projected(W, m, i, turn) {
  if (m === 2) return [W(0, i), W(1, i), 0];
  const x = W(0, i) * Math.cos(turn) + W(2, i) * Math.sin(turn);
  const away = W(2, i) * Math.cos(turn) - W(0, i) * Math.sin(turn);
  return [x, W(1, i) * Math.cos(TILT) - away * Math.sin(TILT),
    W(1, i) * Math.sin(TILT) + away * Math.cos(TILT)];
}
function arrow(i, x, y, look, labelled) {
  const length = Math.hypot(x, y) || 1e-9;
  const [a, b] = [x / length, y / length];
  const tip = [[0.03, 0], [-0.13, 0.065], [-0.13, -0.065]]
    .map(([u, v]) => (x + u * a - v * b).toFixed(3) + " " + (y + u * b + v * a).toFixed(3));
  const label = labelled && length > 0.15
    ? '<text x="' + (x + 0.14 * a) + '" y="' + (y + 0.14 * b) + '">' + i + "</text>" : "";
  return '<g class="' + look + '"><line class="arrow" x2="' + x + '" y2="' + y +
    '"></line><path class="tip" d="M' + tip.join("L") + 'Z"></path>' + label + "</g>";
}
function arrows(plane, own, W, longest, kept) {
  const turn = plane.dataset.turn === undefined ? TURN : Number(plane.dataset.turn);
  const ends = kept.map((_, i) => [i, ...projected(W, own.m, i, turn)]);
  ends.sort((one, two) => one[3] - two[3]);
  plane.innerHTML = '<circle class="circle" r="1"></circle>' + ends.map(([i, x, y, depth]) =>
    arrow(i, x / longest, -y / longest, kept[i] ? (depth < 0 ? "back" : "") : "lost",
      own.n <= 12)).join("");
}
// A sphere turns by a slider, or by a pointer that is drawn across it.
function turns(card, id) {
  const own = data.conditions[id];
  const plane = card.querySelector(".plane");
  if (!plane || !own || own.m !== 3) return;
  const slider = make("input", { type: "range", min: -3.15, max: 3.15, step: 0.05, value: TURN });
  slider.setAttribute("aria-label", "Turn the directions of condition " + id.slice(1));
  const turn = () => {
    plane.dataset.turn = slider.value;
    redraw(card, own);
  };
  slider.addEventListener("input", turn);
  plane.classList.add("turns");
  plane.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    const next = Number(slider.value) + event.movementX / 60;
    slider.value = next > 3.15 ? next - 6.3 : next < -3.15 ? next + 6.3 : next;
    turn();
  });
  plane.after(slider);
}

// One seed on a card: W^T W, directions in the plane, cosines, and its curve among the others.
const REPRESENTED = 0.3; // of the longest direction
function draw(card, own, place) {
  const seed = own.seeds[place];
  card.querySelector(".chosen").textContent = "seed " + seed + ", loss " + own.losses[place];
  all(".curves .seed", card).forEach((curve) => {
    curve.classList.toggle("best", curve.dataset.seed === String(seed));
  });
  if (!own.W[place]) return;
  const [W, longest] = seen(card, own, place);
  const dot = (i, j) => {
    let sum = 0;
    for (let k = 0; k < own.m; k += 1) sum += W(k, i) * W(k, j);
    return sum;
  };
  const norms = lengths(own, W);
  const kept = norms.map((norm) => norm > REPRESENTED * Math.max(...norms));
  const picture = card.querySelector(".gram");
  picture.src = gram(own, dot, longest ** 2);
  picture.alt = "W transposed times W, seed " + seed;
  const plane = card.querySelector(".plane");
  if (plane && own.m < 4) arrows(plane, own, W, longest, kept);
  const cosines = card.querySelector(".cosines");
  const shares = histogram(own, dot, norms, kept);
  const top = parseFloat(cosines.dataset.top) || Math.max(...shares, ...data.nulls[own.m]);
  cosines.querySelector(".observed").setAttribute("d", outline(shares, top));
  cosines.querySelector(".null").setAttribute("d", outline(data.nulls[own.m], top));
}
function choice(card, id) {
  const own = data.conditions[id];
  if (!own || own.seeds.length < 2 || !card.querySelector(".chosen")) return;
  const select = make("select");
  select.setAttribute("aria-label", "Seed of condition " + id.slice(1));
  own.seeds.forEach((seed, place) =>
    select.append(new Option("seed " + seed + (place ? "" : ", lowest"), place)));
  select.addEventListener("change", () => draw(card, own, Number(select.value)));
  card.querySelector(".loss").append(select);
}

// A card from the table and the seeds, on a page with too many conditions to draw them all.
const SVG = "http://www.w3.org/2000/svg";
function curves(card, own) {
  const plot = card.querySelector(".curves");
  own.curves.forEach((text, place) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("class", "seed");
    path.dataset.seed = own.seeds[place];
    path.setAttribute("d", "M" + [...bytes].map((byte, k) =>
      (k / (own.points - 1) * WIDTH).toFixed(1) + " " +
      (2 + (HEIGHT - 4) * (255 - byte) / 255).toFixed(1)).join("L"));
    plot.prepend(path);
  });
  for (const name of ["high", "low"]) plot.querySelector("." + name).textContent = own[name];
  plot.querySelector(".first").textContent = "1";
  plot.querySelector(".last").textContent = own.steps.toLocaleString("en");
}
function built(id) {
  const own = data.conditions[id];
  const card = document.getElementById("card").content.firstElementChild.cloneNode(true);
  const cells = [...rowOf.get(id).cells];
  const head = card.querySelector(".head");
  head.append(make("div", { className: "p" }, "Condition " + cells[0].textContent.trim()));
  cells.slice(1, heads.indexOf("verdict")).forEach((cell, k) => {
    if (cell.textContent) head.append(make("div", {}, heads[k + 1] + " " + cell.textContent));
  });
  head.append(cells[heads.indexOf("verdict")].firstElementChild.cloneNode(true));
  if (own.m !== 2 && own.m !== 3) card.querySelector(".plane").remove();
  curves(card, own);
  draw(card, own, 0);
  choice(card, id);
  turns(card, id);
  steps(card, id);
  return card;
}
function copied(id) {
  const card = document.getElementById(id).cloneNode(true);
  all("select, input, .compare", card).forEach((part) => part.remove());
  card.removeAttribute("id");
  choice(card, id);
  turns(card, id);
  steps(card, id);
  return card;
}

// The tray: one condition, or two side by side with the numbers in which they differ.
const tray = document.getElementById("tray");
const crowded = Boolean(document.getElementById("card"));
let chosen = [];
function show(id) {
  if (!rowOf.has(id)) return;
  chosen = [...chosen.filter((other) => other !== id), id].slice(-2);
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => { chosen = []; tray.hidden = true; });
  const pair = make("div", { className: "pair" });
  pair.append(...chosen.map(crowded ? built : copied));
  const numbers = make("table", { className: "plain" });
  const cells = chosen.map((one) => texts(rowOf.get(one)));
  heads.slice(0, -1).forEach((head, k) => {
    const row = numbers.insertRow();
    const name = make("th", { scope: "row" }, head);
    row.append(name);
    cells.forEach((own) => row.append(make("td", { className: "word" }, own[k])));
    row.classList.toggle("differs", new Set(cells.map((own) => own[k])).size > 1);
  });
  const words = chosen.length < 2 ? "Choose another condition to see it beside this one. " : "";
  const title = make("p", { className: "note" }, words);
  title.append(close);
  const beside = make("div", { className: "beside" });
  beside.append(pair, numbers);
  tray.replaceChildren(title, beside);
  tray.hidden = false;
}
all(".cards .card").forEach((card) => {
  choice(card, card.dataset.id);
  turns(card, card.dataset.id);
  steps(card, card.dataset.id);
  const button = make("button", { type: "button", className: "compare" }, "Compare");
  button.setAttribute("aria-label", "Compare condition " + card.dataset.id.slice(1));
  button.addEventListener("click", () => show(card.dataset.id));
  (card.querySelector(".loss") || card).append(button);
});
if (crowded) {
  // The map of so many has no words of its own for a pointer that rests on a cell.
  document.querySelector(".map").addEventListener("mouseover", (event) => {
    const cell = event.target.closest("a");
    const row = cell && rowOf.get(cell.hash.slice(1));
    if (row) cell.title = heads.map((head, k) => head + ": " + texts(row)[k]).join("\n");
  });
  const follow = () => show(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", follow);
  follow();
}
