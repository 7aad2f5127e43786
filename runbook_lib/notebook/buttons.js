// A row of buttons, and the field in which a confirmation is typed. A confirmation carries what was drawn here when it was given;
// the kernel compares. Buttons that are off keep the focus, and what goes away hands it on: it is never lost.

const ASK = "ask";
const SIGNS = { recheck: "↻", apply: "▶", resume: "▶", stop: "■", attest: "✎" };

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function turn(node, isOn) {
  node.setAttribute("aria-disabled", String(!isOn));
}

function isOn(node) {
  return node.getAttribute("aria-disabled") === "false";
}

function button(name, words, press) {
  const made = element("button", `rk-button rk-${name}`);
  const sign = element("span", "", SIGNS[name]);
  sign.setAttribute("aria-hidden", "true");
  made.type = "button";
  made.title = words[`${name}-tip`];
  made.append(sign, ` ${words[name]}`);
  made.addEventListener("click", () => isOn(made) && press());
  // A key that is held down presses once: Enter in the field leads here.
  made.addEventListener("keydown", (event) => event.repeat && event.preventDefault());
  return made;
}

function render({ model, el }) {
  const words = model.get("words");
  const confirms = model.get("confirms");
  const label = element("label", `rk-typed ${model.get("css")}`);
  const asked = element("span", "");
  const input = element("input", "");
  const gone = element("span", "rk-buttons-gone", words.gone);
  const buttons = {};
  let drawn = { number: -1, button: "", of: "", ready: false, busy: true, stop: false };
  let offered = ""; // the button that is there, also while something goes on

  const isConfirmed = () => input.value.trim().toLowerCase() === model.get("step");
  const arm = () => {
    for (const name of confirms) {
      turn(buttons[name], name === drawn.button && drawn.ready && !drawn.busy && isConfirmed());
    }
  };
  const confirm = () => {
    const { button: name, of, number } = drawn;
    model.send({ button: name, of, number, typed: input.value });
    input.value = "";
    arm();
  };

  for (const name of ["recheck", ...confirms, "stop"].filter((each) => words[each])) {
    buttons[name] = button(name, words, confirms.includes(name) ? confirm : () => model.send(name));
    turn(buttons[name], false);
  }
  el.lang = model.get("language");
  input.type = "text";
  input.autocomplete = "off";
  input.spellcheck = false;
  input.addEventListener("input", arm);
  // Enter applies nothing: it leads to the button that does.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && offered && isOn(buttons[offered])) {
      event.preventDefault();
      buttons[offered].focus();
    }
  });
  label.append(asked, input);
  gone.hidden = true;
  const { recheck, stop, ...confirming } = buttons;
  el.append(...[recheck, confirms.length ? label : null, ...Object.values(confirming), stop, gone].filter(Boolean));

  const draw = () => {
    offered = drawn.button || (drawn.busy ? offered : "");
    asked.textContent = words[`${offered || confirms[0]}-typed`];
    label.hidden = !offered;
    input.readOnly = drawn.busy || !drawn.button;
    turn(input, !input.readOnly);
    for (const name of confirms) buttons[name].hidden = name !== offered;
    if (recheck) turn(recheck, !drawn.busy);
    if (stop) {
      turn(stop, drawn.stop);
      stop.hidden = !drawn.stop;
    }
    arm();
  };
  // What is hidden under the keyboard loses the focus: the line that says what became of it takes it over.
  const drawAnew = () => {
    const active = el.contains(document.activeElement) ? document.activeElement : null;
    draw();
    if (active?.closest("[hidden]")) rest(el.closest(".rk-panel"));
  };
  // So it does when the whole row goes, as that of a form that is signed.
  let panel = null;
  el.addEventListener("focusin", () => (panel = el.closest(".rk-panel")));
  el.addEventListener("focusout", (event) => event.relatedTarget && (panel = null));
  const hear = (content) => {
    if (!content || typeof content.number !== "number") return;
    if (content.number !== drawn.number) input.value = "";
    drawn = content;
    gone.hidden = true;
    drawAnew();
  };
  const end = () => {
    drawn = { ...drawn, button: "", busy: true, stop: false };
    drawAnew();
    gone.hidden = false;
  };

  draw();
  model.on("msg:custom", hear);
  model.on("comm:close", end);
  model.on("comm_live_update", end);
  model.send(ASK);
  return () => {
    model.off("msg:custom", hear);
    model.off("comm:close", end);
    model.off("comm_live_update", end);
    if (document.activeElement === document.body) rest(panel);
  };
}

function rest(panel) {
  panel?.querySelector(".rk-rest")?.focus({ preventScroll: true });
}

export default { render };
