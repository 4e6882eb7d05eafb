// A link that the browser follows loads the app again: seconds on a phone, and another visit, which
// has no list of the visitor's own. Links to pages of the app are followed as Back and Forward are,
// within the visit: Streamlit listens to the history of the browser. It takes this away for a moment
// when what stands before it on the page changes, so the document listens from then on.
function followLinks(doc, names) {
  if (doc.documentElement.dataset.legwiseFollows) return;
  doc.documentElement.dataset.legwiseFollows = "yes";
  const view = doc.defaultView;
  const pages = new Set(names);
  const follow = (event) => {
    if (event.defaultPrevented || event.button) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((part) => part.tagName === "A" && part.href);
    if (!link || link.target === "_blank" || link.hasAttribute("download")) return;
    if (link.closest('[data-testid="stPageLink"]')) return;
    const to = new URL(link.href, view.location.href);
    // A page is the last part of an address; what stands before it is where the app is served.
    const [folder, page] = split(to.pathname);
    const [here] = split(view.location.pathname);
    if (to.origin !== view.location.origin || to.hash || folder !== here || !pages.has(page)) return;
    event.preventDefault();
    event.stopPropagation();
    view.history.pushState({}, "", to.href);
    view.dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    doc.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
    // On a phone the menu lies over the page.
    if (link.closest(".legwise-menu") && view.matchMedia("(max-width: 768px)").matches)
      doc.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  };
  doc.addEventListener("click", follow, true);
}

function split(path) {
  const end = path.lastIndexOf("/") + 1;
  return [path.slice(0, end), path.slice(end)];
}
