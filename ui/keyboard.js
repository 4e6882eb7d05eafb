// Streamlit draws an open menu at the end of the document, so that Tab would walk the whole page
// before it. Here Tab goes from the button into its menu, and from its end on to what follows.
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';

function reachable(root) {
  return [...root.querySelectorAll(FOCUSABLE)].filter((element) => element.offsetParent !== null);
}

function next(event, doc) {
  const menu = doc.querySelector('[data-testid="stPopoverBody"]');
  const button = doc.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');
  if (!menu || !button) return null;
  const parts = reachable(menu);
  const here = doc.activeElement;
  if (here === button && !event.shiftKey) return parts[0];
  if (here === parts[0] && event.shiftKey) return button;
  if (here === parts[parts.length - 1] && !event.shiftKey) {
    const page = reachable(doc.body).filter((element) => !menu.contains(element));
    return page[page.indexOf(button) + 1];
  }
  return null;
}

export default function ({ parentElement }) {
  const doc = parentElement.ownerDocument;
  const walk = (event) => {
    const target = event.key === "Tab" && next(event, doc);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  doc.addEventListener("keydown", walk, true);
  return () => doc.removeEventListener("keydown", walk, true);
}
