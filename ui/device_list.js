// The list is drawn by the server; here its boxes are ticked and what was ticked is told.
export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".legwise-listing");
  if (root.legwiseBody !== data.body) {
    root.innerHTML = data.body;
    root.legwiseBody = data.body;
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
