// One line that says how things stand. Screen readers hear it when it changes; the seconds beside it, which change all the time, they do not.
// Python is told of every view that is drawn: the second one is that of a page that was loaded again, or of another tab. While a page
// loads, messages can get lost both ways, so it is told again until it says that it knows the view.

const FIRST_MILLISECONDS = 1500;
const MOST_MILLISECONDS = 60000;

function tell(view, model, again, milliseconds) {
  if (!model.get("known").includes(view) && milliseconds < MOST_MILLISECONDS) {
    model.send({ drawn: view });
    again.timer = setTimeout(() => tell(view, model, again, 2 * milliseconds), milliseconds);
  }
}

function render({ model, el }) {
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  const elapsed = document.createElement("span");
  elapsed.setAttribute("role", "timer");
  elapsed.className = "rk-elapsed";
  el.append(said, " ", elapsed);
  // Where the focus goes when what had it goes away: see buttons.js.
  el.classList.add("rk-rest");
  el.tabIndex = -1;
  const show = () => {
    said.textContent = model.get("said");
    elapsed.textContent = model.get("elapsed");
  };
  model.on("change:said", show);
  model.on("change:elapsed", show);
  show();
  const again = {};
  tell(`${Date.now()} ${Math.random()}`, model, again, FIRST_MILLISECONDS);
  return () => {
    clearTimeout(again.timer);
    model.off("change:said", show);
    model.off("change:elapsed", show);
  };
}

export default { render };
