"use strict";
// The rule of legwise/rules/verdicts.py, on the tables and words of #data. A test asks both for the
// same answers. Texts are only ever set as text.

const DATA = JSON.parse(document.getElementById("data").textContent);
const WORDS = DATA.words;
const LISTS = { populations: "population_group", designs: "design", directions: "direction" };

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const number = (value) => value.toLocaleString("en-US");
const count = (value, noun) => fill(WORDS.counts[noun][value === 1 ? 0 : 1], { n: number(value) });
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const before = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

// ---- Which findings count, and what follows from them

function keeps(finding, wanted) {
  const { level, year, kind } = finding;
  return (
    (wanted.max_level === 4 || (level !== null && level <= wanted.max_level)) &&
    (!wanted.direct || kind === "device_type") &&
    (wanted.year_from === null || (year !== null && year >= wanted.year_from)) &&
    Object.entries(LISTS).every(
      ([name, column]) => !wanted[name].length || wanted[name].includes(finding[column]),
    )
  );
}

function judge(subject, symptom, whole, findings, claims) {
  const levelled = findings.filter((finding) => finding.level !== null);
  const best = levelled.filter((finding) => finding.level <= 2);
  const deciding = best.length ? best : levelled;
  const votes = WORDS.directions
    .map((direction) => [direction, deciding.filter((one) => one.direction === direction).length])
    .filter(([, votes]) => votes);
  const people = new Map();
  for (const { source, participants } of levelled) {
    people.set(source, Math.max(participants, people.get(source) || 0));
  }
  const tier = levelled.length ? Math.min(3, ...levelled.map((finding) => finding.level)) : null;
  const direction = !tier ? null : votes.length === 1 ? votes[0][0] : "mixed";
  const claimed = (claims && DATA.claimed[`${subject.id}/${symptom.id}`]) || "";
  const hidden = whole.some((finding) => finding.level !== null);
  const state = subject.unsearched
    ? "unsearched"
    : tier ? "studied" : hidden ? "filtered" : claimed ? "claimed" : "searched";
  const participants = [...people.values()].reduce((sum, its) => sum + its, 0);
  const verdict = { subject, symptom, state, tier, direction, claimed, votes, participants };
  return { ...verdict, findings, studies: people.size };
}

/** Return the verdicts, one list per subject. */
function verdicts(wanted) {
  return DATA.subjects.map((subject) =>
    DATA.symptoms.map((symptom) => {
      const whole = DATA.findings.filter(
        (one) => one.kind === subject.kind && one.subject === subject.id && one.symptom === symptom.id,
      );
      const kept = whole.filter((finding) => keeps(finding, wanted));
      return judge(subject, symptom, whole, kept, wanted.claims);
    }),
  );
}

// ---- A verdict in words

const directionWords = (direction) => direction.replace("_", " ");
const sign = (verdict) => `${WORDS.glyphs[verdict.direction]} ${directionWords(verdict.direction)}`;
const step = (verdict) => (verdict.tier ? `tier${verdict.tier}` : verdict.state);
const mark = (verdict) =>
  verdict.tier ? `${WORDS.glyphs[verdict.direction]} ${verdict.studies}` : WORDS.marks[verdict.state];
const rank = ({ tier, direction, state }) =>
  direction === "benefit" ? tier : WORDS.ranks[direction || state] || WORDS.not_studied;

/** The values that the templates name. */
function values(verdict) {
  const people = verdict.participants
    ? fill(WORDS.lines.people, { people: count(verdict.participants, "person") })
    : "";
  const studies = count(verdict.studies, "study");
  const best = WORDS.tiers[verdict.tier];
  return { subject: verdict.subject.within, studies, people, best };
}

function words(verdict) {
  if (!verdict.tier) {
    const known = WORDS.states[verdict.state];
    return verdict.claimed === "general" ? known.replace("claimed", WORDS.in_general) : known;
  }
  const direction = directionWords(verdict.direction);
  const glyph = WORDS.glyphs[verdict.direction];
  return fill(WORDS.lines.studied, { ...values(verdict), direction, sign: glyph });
}

function reason(verdict) {
  const each = verdict.votes.map(([direction, votes]) => `${votes} ${directionWords(direction)}`);
  const total = verdict.votes.reduce((sum, [, votes]) => sum + votes, 0);
  return fill(WORDS.lines.reason, {
    ...values(verdict),
    direction: directionWords(verdict.direction),
    findings: count(total, "finding"),
    levels: verdict.tier < 3 ? "1 and 2" : "3 and 4",
    counts: each.join(", "),
  });
}

function sentence(verdict) {
  if (!verdict.tier) {
    const unstudied = ["claimed", "searched"].includes(verdict.state);
    const template = WORDS.sentences[unstudied ? verdict.claimed || "none" : verdict.state];
    return fill(template, values(verdict));
  }
  const [[direction, most], ...others] = [...verdict.votes].sort((one, other) => other[1] - one[1]);
  const total = verdict.votes.reduce((sum, [, votes]) => sum + votes, 0);
  const [says, counted] = WORDS.says[direction];
  const rest = others.map(([other, votes]) => `${votes} ${WORDS.says[other][1]}`).join(", ");
  const same = total === 1 ? "one" : total === 2 ? "both" : "all";
  const template = !others.length ? same : 2 * most > total ? "most" : "differ";
  const counts = `${most} ${counted}, ${rest}`;
  const result = fill(WORDS.sentences[template], { says, number: total, most, rest, counts });
  return fill(WORDS.sentences.studied, { ...values(verdict), result });
}

const heading = (verdict) =>
  `${verdict.subject.name}, ${verdict.symptom.name}: ${words(verdict)}`;

/** The verdicts of one symptom in the published order. */
const ordered = (cells) =>
  [...cells].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      before(one.subject.sorted, other.subject.sorted),
  );

// ---- The page

const form = document.getElementById("filters");
const dialog = document.getElementById("cell");
const buttons = [...document.querySelectorAll("#map td button")];
const width = DATA.symptoms.length;
const narrow = matchMedia("(max-width: 760px)");
let shown = [];

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function wanted() {
  const asked = new FormData(form);
  const year = asked.get("year_from");
  return {
    max_level: Number(asked.get("max_level")),
    direct: asked.has("direct"),
    claims: asked.has("claims"),
    year_from: year ? Number(year) : null,
    ...Object.fromEntries(Object.keys(LISTS).map((name) => [name, asked.getAll(name)])),
  };
}

function draw() {
  const asked = wanted();
  shown = verdicts(asked);
  shown.flat().forEach((verdict, place) => {
    const button = buttons[place];
    button.className = step(verdict);
    button.firstChild.data = mark(verdict);
    button.title = heading(verdict);
    button.setAttribute("aria-label", button.title);
  });
  DATA.symptoms.forEach((symptom, column) => drawSymptom(column, shown.map((row) => row[column])));
  const kept = new Set(DATA.findings.filter((one) => keeps(one, asked)).map((one) => one.id));
  for (const finding of document.querySelectorAll("#findings article")) {
    finding.hidden = !kept.has(finding.dataset.finding);
  }
  const total = DATA.findings.length;
  document.getElementById("kept").textContent = fill(WORDS.kept, {
    kept: number(kept.size),
    total: number(total),
  });
}

function opener(text, verdict, about = "") {
  const button = element("button", { type: "button", className: "link", textContent: text });
  if (about) button.setAttribute("aria-label", `${text}: ${about}`);
  button.onclick = () => openCell(verdict);
  return button;
}

function drawSymptom(column, cells) {
  const part = document.getElementById("list").children[column];
  const studied = cells.filter((verdict) => verdict.tier);
  const numbers = Object.keys(WORDS.glyphs)
    .map((direction) => studied.filter((verdict) => verdict.direction === direction))
    .filter((same) => same.length)
    .map((same) => `${sign(same[0])} ${same.length}`);
  const share = fill(WORDS.studied, { studied: studied.length, total: cells.length });
  part.querySelector("summary span").textContent = [share, ...numbers].join(" · ");
  const groups = new Map();
  const lines = [];
  for (const verdict of ordered(cells)) {
    const { name } = verdict.subject;
    if (verdict.tier) {
      const chip = element("span", { className: `chip ${step(verdict)}`, textContent: sign(verdict) });
      const about = `${name}, ${verdict.symptom.name}`;
      const text = element("span", {}, element("b", { textContent: name }), `: ${sentence(verdict)} `);
      text.append(opener(WORDS.findings, verdict, about));
      lines.push(element("li", {}, chip, text));
    } else {
      groups.set(words(verdict), [...(groups.get(words(verdict)) || []), verdict]);
    }
  }
  for (const [known, group] of groups) {
    const chip = element("span", { className: `chip ${step(group[0])}` }, mark(group[0]));
    const names = group.flatMap((verdict) => [" ", opener(verdict.subject.name, verdict)]);
    lines.push(element("li", {}, chip, element("span", { className: "names" }, `${capital(known)}:`, ...names)));
  }
  part.querySelector("ul").replaceChildren(...lines);
}

function openCell(verdict) {
  const [title, known, why, list] = ["h2", ".known", ".why", ".its"].map((one) =>
    dialog.querySelector(one),
  );
  title.textContent = heading(verdict);
  known.textContent = capital(sentence(verdict));
  why.textContent = verdict.tier ? reason(verdict) : "";
  list.replaceChildren(
    ...verdict.findings.map((finding) => {
      const copy = document.getElementById(`finding-${finding.id}`).cloneNode(true);
      copy.removeAttribute("id");
      return copy;
    }),
  );
  dialog.showModal();
  dialog.scrollTop = 0;
}

function view(name) {
  document.body.dataset.view = name;
  document.querySelector(`input[name=view][value=${name}]`).checked = true;
}

// One cell can be reached by Tab; arrow keys, Home and End move to the others.
function move(event) {
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -width, ArrowDown: width };
  const from = buttons.indexOf(event.target);
  const first = from - (from % width);
  const ends = { Home: first, End: first + width - 1 };
  const to = event.key in moves ? from + moves[event.key] : ends[event.key];
  const sideways = ["ArrowLeft", "ArrowRight"].includes(event.key);
  if (from < 0 || !buttons[to] || (sideways && (to < first || to >= first + width))) return;
  event.preventDefault();
  buttons[from].tabIndex = -1;
  buttons[to].tabIndex = 0;
  buttons[to].focus();
}

form.addEventListener("input", draw);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("all").onclick = () => {
  for (const input of form.elements) {
    if (input.name in LISTS || input.name === "direct") input.checked = false;
  }
  form.elements.claims.checked = true;
  form.elements.year_from.value = "";
  form.elements.max_level.value = "4";
  draw();
};
// A click elsewhere, and Escape, close a list of values.
const several = [...form.querySelectorAll("details")];
addEventListener("click", ({ target }) =>
  several.forEach((part) => part.contains(target) || part.removeAttribute("open")),
);
form.addEventListener("keydown", ({ key }) => {
  const part = several.find((one) => one.open);
  if (key === "Escape" && part) {
    part.removeAttribute("open");
    part.querySelector("summary").focus();
  }
});
document.getElementById("map").addEventListener("keydown", move);
buttons.forEach((button, place) => {
  button.tabIndex = place ? -1 : 0;
  button.onclick = () => openCell(shown[Math.floor(place / width)][place % width]);
});
for (const input of document.querySelectorAll("input[name=view]")) {
  input.onchange = () => {
    narrow.onchange = null;
    view(input.value);
  };
}
narrow.onchange = () => view(narrow.matches ? "list" : "map");
dialog.querySelector(".close").onclick = () => dialog.close();
// A click beside the dialog closes it.
dialog.onclick = (event) => event.target === dialog && dialog.close();
// On paper nothing can be opened.
const lists = [...document.querySelectorAll("#list details")];
addEventListener("beforeprint", () => lists.forEach((part) => part.toggleAttribute("open", true)));

document.body.classList.add("live");
narrow.onchange();
draw();
