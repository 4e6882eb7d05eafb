// Streamlit draws an open menu at the end of the document, so that Tab would walk the whole page
// before it. Here Tab goes from the button into its menu, and from its end on to what follows. Escape
// closes a menu; the button has the focus then, also if it was drawn again meanwhile.
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

// Closing a menu asks the server, which draws the button again: it would lose the focus.
function keepFocus(doc, key, from, tries) {
  if (!tries) return;
  const here = doc.activeElement;
  const lost = !here || here === doc.body || here === from;
  const place = doc.querySelector(`.${key}`);
  const open = doc.querySelector('[data-testid="stPopoverBody"]');
  if (!open && !lost && !place?.contains(here)) return; // the reader went on
  if (!open && lost) place?.querySelector("button")?.focus();
  setTimeout(() => keepFocus(doc, key, from, tries - 1), 100);
}

export default function ({ parentElement }) {
  const doc = parentElement.ownerDocument;
  const walk = (event) => {
    const button = doc.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');
    const place = button?.closest('[class*="st-key-"]');
    if (event.key === "Escape" && place) {
      const key = [...place.classList].find((name) => name.startsWith("st-key-"));
      keepFocus(doc, key, doc.activeElement, 30);
    }
    const target = event.key === "Tab" && next(event, doc);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  doc.addEventListener("keydown", walk, true);
  return () => doc.removeEventListener("keydown", walk, true);
}
