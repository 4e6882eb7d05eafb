// A link to another page loads it anew, which starts another visit: the list would be gone. While a
// list of the visitor's own is in use, such a link is followed as Back and Forward are, within the
// visit: Streamlit listens to the history of the browser.
export default function ({ parentElement }) {
  const doc = parentElement.ownerDocument;
  const view = doc.defaultView;
  const follow = (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.composedPath().find((part) => part.tagName === "A" && part.href);
    if (!link || link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.closest?.('[data-testid="stPageLink"]')) return;
    const where = new URL(link.href, view.location.href);
    if (where.origin !== view.location.origin || where.hash) return;
    if (where.pathname.split("/").pop().includes(".")) return;
    event.preventDefault();
    event.stopPropagation();
    view.history.pushState({}, "", where.href);
    view.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    view.scrollTo(0, 0);
  };
  doc.addEventListener("click", follow, true);
  return () => doc.removeEventListener("click", follow, true);
}
