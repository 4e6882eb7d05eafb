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

// Rows that stack on a phone are no table to a browser: roles keep them one, and each cell names its
// column.
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

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".legwise-listing");
  if (root.legwiseBody !== data.body) {
    root.innerHTML = data.body;
    root.legwiseBody = data.body;
    root.querySelectorAll("label[data-device]").forEach(addBox);
    root.querySelectorAll("table").forEach(completeTable);
  }
  // Only the ticks change with a pick: the boxes stay, and with them the keyboard's focus.
  for (const box of root.querySelectorAll("input[data-device]")) {
    box.checked = data.picks.includes(box.dataset.device);
    box.disabled = !box.checked && data.full;
  }
  root.onchange = ({ target }) => {
    if (target.dataset.device) setTriggerValue("pick", [target.dataset.device, target.checked]);
  };
}
