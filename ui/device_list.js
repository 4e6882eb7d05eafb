// The list is drawn by the server. Here its rows get what they repeat, its boxes are ticked, and what
// was ticked is told.
const ROLES = { THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

// A name stands first in its row or card.
const nameOf = (row) => row.querySelector("a").textContent;

function addBox(label) {
  const box = label.ownerDocument.createElement("input");
  box.type = "checkbox";
  box.dataset.device = label.dataset.device;
  box.ariaLabel = `${label.textContent}: ${nameOf(label.closest("tr, li"))}`;
  label.firstElementChild.ariaHidden = "true";
  label.prepend(box, " ");
}

// Rows that stack are no table to a browser: roles keep them one, and each cell names its column.
function completeTable(table) {
  for (const part of table.querySelectorAll("thead, tbody, tr, td")) part.role = ROLES[part.tagName];
  for (const head of table.querySelectorAll("th")) {
    head.role = head.scope === "col" ? "columnheader" : "rowheader";
  }
  const titles = [...table.tHead.rows[0].cells].map((head) => head.dataset.title);
  for (const cell of table.querySelectorAll("tbody tr:not(.told) td")) {
    const title = titles[cell.cellIndex];
    if (!title) continue;
    const name = table.ownerDocument.createElement("span");
    name.className = "head";
    name.textContent = `${title}: `;
    cell.prepend(name);
  }
  for (const row of table.querySelectorAll(".told")) {
    row.lastElementChild.ariaLabel = `About ${nameOf(row.previousElementSibling)}`;
  }
}

// Narrower, in pixels, columns are hard to read even where they fit.
const LEAST_ROOM = 800;

// A list stays a table while its columns fit beside each other; only the browser knows how wide they
// are.
function stackWhereNarrow(root) {
  root.classList.remove("stacked");
  const narrow = root.clientWidth < LEAST_ROOM || root.scrollWidth > root.clientWidth;
  root.classList.toggle("stacked", narrow);
}

// Returns what stops it. On paper each row is a paragraph.
function watchRoom(root) {
  const view = root.ownerDocument.defaultView;
  const fit = () => stackWhereNarrow(root);
  const stack = () => root.classList.add("stacked");
  const observer = new view.ResizeObserver(fit);
  observer.observe(root);
  view.addEventListener("beforeprint", stack);
  view.addEventListener("afterprint", fit);
  return () => {
    observer.disconnect();
    view.removeEventListener("beforeprint", stack);
    view.removeEventListener("afterprint", fit);
  };
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".legwise-listing");
  if (root.legwiseBody !== data.body) {
    root.innerHTML = data.body;
    root.legwiseBody = data.body;
    root.querySelectorAll("label[data-device]").forEach(addBox);
    root.querySelectorAll("table").forEach(completeTable);
    stackWhereNarrow(root);
  }
  root.legwiseWatch ??= watchRoom(root);
  // Only the ticks change with a pick: the boxes stay, and with them the keyboard's focus.
  for (const box of root.querySelectorAll("input[data-device]")) {
    box.checked = data.picks.includes(box.dataset.device);
    box.disabled = !box.checked && data.full;
  }
  root.onchange = ({ target }) => {
    if (target.dataset.device) setTriggerValue("pick", [target.dataset.device, target.checked]);
  };
  return () => {
    root.legwiseWatch();
    delete root.legwiseWatch;
  };
}
