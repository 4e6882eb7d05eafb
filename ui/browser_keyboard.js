// Streamlit draws an open menu at the end of the document, so that Tab would walk the whole page
// before it. Here Tab goes from the button into its menu, and from its end on to what follows. Escape
// closes a menu; the button has the focus then, also if it was drawn again meanwhile.
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select, textarea, summary, [tabindex="0"], [data-tabindex]';

// While the focus is outside of a menu, Streamlit makes what is in it unreachable, and keeps the
// tabindex of before in another attribute.
function reachable(root) {
  const tabIndex = (element) => Number(element.dataset.tabindex ?? element.tabIndex);
  const isReached = (element) => element.offsetParent !== null && tabIndex(element) >= 0;
  return [...root.querySelectorAll(FOCUSABLE)].filter(isReached);
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

// Closing a menu asks the server, which draws the button again, sooner or later: it would lose the
// focus. ``closed`` is the menu that Escape closed, and what had the focus then, until the reader goes on.
let closed = null;

function keepFocus(doc) {
  if (!closed) return;
  const here = doc.activeElement;
  const place = doc.querySelector(`.${closed.key}`);
  if (!doc.querySelector('[data-testid="stPopoverBody"]') && !place?.contains(here)) {
    const lost = !here || here === doc.body || here === closed.from;
    if (lost) place?.querySelector("button")?.focus();
    else closed = null;
  }
  setTimeout(() => keepFocus(doc), 100);
}

// Figures carry their text as their name, and a table beside them has their numbers: the marks and
// ticks of the picture, read one by one, say nothing.
function ready(doc) {
  const unread = ".main-svg:not([aria-hidden]), #js-plotly-tester:not([aria-hidden])";
  for (const picture of doc.querySelectorAll(unread)) picture.setAttribute("aria-hidden", "true");
  // Streamlit names a checkbox by the Markdown of its label, which would be read with its escapes.
  for (const box of doc.querySelectorAll('[data-testid="stCheckbox"] input[aria-label]')) {
    const text = box.closest("label")?.querySelector('[data-testid="stMarkdownContainer"]')?.textContent;
    if (text && text !== box.getAttribute("aria-label")) box.setAttribute("aria-label", text);
  }
  // A code that is wider than its box is scrolled by the arrow keys.
  for (const code of doc.querySelectorAll('[data-testid="stCode"] pre:not([tabindex])')) code.tabIndex = 0;
}

const schemeOf = (app) => getComputedStyle(app).colorScheme;

// Streamlit changes its theme without a run, and figures would keep the colours of the one before.
// ``drawn`` is the theme of the last run. A change before the page listened, or while Streamlit mounts it
// again, is seen a second later, and asked for once: a server that did not follow is not asked for ever.
let asked = "";
// Streamlit 1.67 calls the end of this only when the page is left, not before it begins anew.
let stop = () => {};

function follow(app, drawn, setTriggerValue) {
  stop();
  const root = app.ownerDocument.documentElement;
  app.dataset.legwiseTheme = drawn;
  // Open menus stand outside of the app.
  let scheme = (root.style.colorScheme = schemeOf(app));
  const watch = new MutationObserver(() => {
    if (schemeOf(app) === scheme) return;
    scheme = root.style.colorScheme = schemeOf(app);
    if (scheme === drawn) return;
    asked = scheme;
    setTriggerValue("scheme", scheme);
  });
  watch.observe(app, { attributes: true, attributeFilter: ["class"] });
  if (scheme === drawn) asked = "";
  const late = setTimeout(() => {
    const now = schemeOf(app);
    if (now === drawn || now === asked) return;
    asked = now;
    setTriggerValue("scheme", now);
  }, 1000);
  return (stop = () => {
    watch.disconnect();
    clearTimeout(late);
  });
}

// Listens for as long as the document is open: Streamlit takes this away for a moment when what stands
// before it on the page changes, and keys pressed then must not be lost.
function listen(doc) {
  if (doc.documentElement.dataset.legwiseListens) return;
  doc.documentElement.dataset.legwiseListens = "yes";
  // At once: what is drawn must not be without its name or its place among the keys for a moment.
  new MutationObserver(() => ready(doc)).observe(doc.body, {
    childList: true,
    characterData: true,
    subtree: true,
  });
  ready(doc);
  const goOn = () => (closed = null);
  const walk = (event) => {
    // The menu says Escape once more when it closes.
    if (event.key !== "Escape") goOn();
    const button = doc.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]');
    const place = button?.closest('[class*="st-key-"]');
    if (event.key === "Escape" && place) {
      const key = [...place.classList].find((name) => name.startsWith("st-key-"));
      const waits = closed;
      closed = { key, from: doc.activeElement };
      if (!waits) keepFocus(doc);
    }
    const target = event.key === "Tab" && next(event, doc);
    if (target) {
      event.preventDefault();
      target.focus();
    }
  };
  doc.addEventListener("keydown", walk, true);
  doc.addEventListener("pointerdown", goOn, true);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const doc = parentElement.ownerDocument;
  listen(doc);
  followLinks(doc, data.pages.split(" "));
  return follow(doc.querySelector(".stApp"), data.theme, setTriggerValue);
}
