// Draws the opening panel and says what the operator does. Everything it shows is text: nothing that comes from outside becomes
// markup. What is wrong and what may be opened is decided in Python; a secret itself never leaves this page.

const SECRET = "secret-reference";
const REFERENCE = /^(env|keyring|keyvault|file|prompt|lab):/;
let drawn = 0;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(className, text, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

// A live region speaks whenever it is written to, so it is written to only when there is something new to say.
function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function isFocused(node) {
  return node === document.activeElement;
}

function options(select, pairs) {
  const wanted = JSON.stringify(pairs);
  if (select.dataset.pairs === wanted) return;
  select.dataset.pairs = wanted;
  select.replaceChildren(
    ...pairs.map(([value, text]) => {
      const made = element("option", "", text);
      made.value = value;
      return made;
    }),
  );
}

function control(field, id, words) {
  let input;
  if (field.kind === "choice") {
    input = element("select", "rk-opening-input");
    options(input, [["", words["not-chosen"]], ...field.choices]);
  } else if (field.kind === "list") {
    input = element("textarea", "rk-opening-input");
    input.rows = 2;
  } else {
    input = element("input", field.kind === "yes-no" ? "rk-opening-check" : "rk-opening-input");
    input.type = field.kind === "yes-no" ? "checkbox" : "text";
    if (field.kind === "number") input.inputMode = "numeric";
    input.placeholder = field.placeholder;
  }
  input.id = id;
  input.name = field.name;
  input.autocomplete = "off";
  input.spellcheck = false;
  return input;
}

// One field with its label, help, note and problems, tied together for whoever does not see them side by side.
function drawField(field, prefix, words, send) {
  const id = `${prefix}-${field.name}`;
  const input = control(field, id, words);
  const label = element("label", "rk-opening-label", field.label);
  label.htmlFor = id;
  const needed = element("span", "rk-opening-needed", words.needed);
  const help = element("div", "rk-opening-help", field.help);
  help.title = field.key;
  help.id = `${id}-help`;
  const note = element("div", "rk-opening-note");
  note.id = `${id}-note`;
  const problem = element("div", "rk-opening-problem");
  problem.id = `${id}-problem`;
  input.setAttribute("aria-describedby", `${help.id} ${note.id} ${problem.id}`);
  const row = element("div", `rk-opening-field rk-opening-${field.kind}`);
  const head = element("div", "rk-opening-head");
  const body = element("div", "rk-opening-body");
  if (field.kind === "yes-no") {
    head.append(input, label);
  } else {
    head.append(label, needed);
    body.append(input);
  }
  body.append(help, note, problem);
  row.append(head, body);

  const tell = (isLeft) => {
    if (field.kind === "yes-no") return send({ do: "edit", name: field.name, value: input.checked });
    const typed = input.value.trim();
    if (field.kind !== SECRET || !typed || REFERENCE.test(typed)) {
      return send({ do: "edit", name: field.name, value: input.value });
    }
    // Somebody is still typing the beginning of a reference, or has left a secret here.
    return send({ do: "edit", name: field.name, value: "", literal: isLeft });
  };
  if (field.kind !== "yes-no" && field.kind !== "choice") input.addEventListener("input", () => tell(false));
  input.addEventListener("change", () => tell(true));

  const apply = (state, isNewForm) => {
    const told = state.fields[field.name];
    const entry = state.entries[field.name];
    if (field.kind === "yes-no") input.checked = entry === true;
    else if (field.kind === "choice") input.value = field.choices.some(([value]) => value === entry) ? entry : "";
    else if ((isNewForm || !isFocused(input)) && input.value !== entry) input.value = entry;
    const isWrong = told.problems.length > 0 && !told.lacks;
    row.hidden = told.hidden;
    needed.hidden = !told.needed;
    if (field.kind !== "yes-no") input.required = told.needed;
    input.setAttribute("aria-invalid", String(isWrong));
    input.disabled = state.busy;
    row.classList.toggle("rk-opening-wrong", isWrong);
    say(note, told.note);
    say(problem, isWrong ? `✖ ${told.problems.join(" ")}` : "");
  };
  return { name: field.name, row, input, apply };
}

function drawSection(section, prefix, words, send) {
  const details = element("details", "rk-opening-section");
  const summary = element("summary", "rk-opening-summary");
  const held = element("span", "rk-opening-held");
  const count = element("span", "rk-opening-count");
  summary.append(element("span", "rk-opening-title", section.title), " ", count, " ", held);
  const fields = section.fields.map((field) => drawField(field, prefix, words, send));
  const grid = element("div", "rk-opening-fields");
  grid.append(...fields.map((field) => field.row));
  details.append(summary, grid);
  const apply = (state, isNewForm) => {
    for (const field of fields) field.apply(state, isNewForm);
    const troubled = section.fields.filter((field) => state.fields[field.name].problems.length > 0).length;
    say(count, troubled ? `⚠ ${troubled}` : "");
    say(held, state.summaries[section.name] || words.defaults);
    if (isNewForm) details.open = troubled > 0;
  };
  return { details, fields, apply };
}

// What is missing and what is wrong; each entry leads to its field.
function drawLists(lists, goTo) {
  return lists.flatMap((list) => {
    const all = element("ul", "rk-opening-items");
    for (const item of list.items) {
      const line = element("li", "");
      if (item.name) line.append(button("rk-opening-link", item.label, () => goTo(item.name)));
      if (item.text) line.append(element("span", "", item.name ? ` — ${item.text}` : item.text));
      all.append(line);
    }
    return [element("div", "rk-opening-list-heading", list.heading), all];
  });
}

function drawTop(words) {
  const summary = element("summary", "rk-opening-top");
  const badge = element("span", "rk-opening-badge");
  const tenant = element("span", "rk-opening-tenant");
  const place = element("span", "rk-opening-place");
  summary.append(element("span", "rk-opening-caption", words.title), " ", badge, " ", tenant, " ", place);
  const apply = (state) => {
    say(badge, state.badge);
    badge.dataset.profile = state.profile;
    say(tenant, state.tenant);
    say(place, state.place);
  };
  return { summary, apply };
}

function drawPicker(prefix, words, send) {
  const row = element("div", "rk-opening-picker");
  const label = element("label", "rk-opening-label", words.file);
  const select = element("select", "rk-opening-input rk-opening-files");
  select.id = `${prefix}-file`;
  label.htmlFor = select.id;
  select.addEventListener("change", () => send({ do: "choose", file: Number(select.value) }));
  const again = button("rk-opening-button rk-read-again", words["read-again"], () => send({ do: "read-again" }));
  row.append(label, select, again);
  const apply = (state) => {
    options(select, [["-1", words["no-file"]], ...state.files.map((name, index) => [String(index), name])]);
    select.value = String(state.file);
    select.disabled = again.disabled = state.busy;
  };
  return { row, apply };
}

function drawOpen(prefix, send) {
  const row = element("div", "rk-opening-actions");
  const confirm = element("label", "rk-opening-confirm");
  const check = element("input", "rk-opening-check rk-confirm-live");
  check.type = "checkbox";
  check.id = `${prefix}-confirm`;
  const text = element("span", "");
  confirm.append(check, text);
  check.addEventListener("change", () => send({ do: "confirm", on: check.checked }));
  const open = button("rk-opening-button rk-open", "", () => {
    open.disabled = true; // a second click has nothing to click on
    send({ do: "open" });
  });
  row.append(confirm, open);
  const apply = (state) => {
    confirm.hidden = !state.confirm;
    say(text, state.confirm);
    check.checked = state.confirmed;
    check.disabled = state.busy;
    say(open, state.open);
    open.dataset.profile = state.profile;
    open.disabled = !state.openable;
  };
  return { row, apply };
}

function drawSave(prefix, words, send) {
  const details = element("details", "rk-opening-section rk-opening-save");
  const row = element("div", "rk-opening-fields");
  const label = element("label", "rk-opening-label", words["save-name"]);
  const name = element("input", "rk-opening-input rk-save-name");
  name.id = `${prefix}-save-name`;
  name.autocomplete = "off";
  name.spellcheck = false;
  label.htmlFor = name.id;
  name.addEventListener("input", () => send({ do: "name", name: name.value }));
  const place = element("div", "rk-opening-help");
  place.id = `${prefix}-save-place`;
  name.setAttribute("aria-describedby", place.id);
  const replace = element("label", "rk-opening-confirm");
  const check = element("input", "rk-opening-check rk-save-replace");
  check.type = "checkbox";
  replace.append(check, element("span", "", words["save-replace"]));
  let state = null;
  const settle = () => {
    const isReady = state.ready && state.savePlace !== "" && !state.busy && !state.saveProblem;
    act.disabled = !isReady || (state.saveExists && !check.checked);
  };
  const act = button("rk-opening-button rk-save-parameters", words.save, () =>
    send({ do: "save", replace: check.checked }),
  );
  check.addEventListener("change", settle);
  row.append(label, name, place, replace, act);
  const title = element("summary", "rk-opening-summary");
  title.append(element("span", "rk-opening-title", words.save));
  details.append(title, row);
  const apply = (next) => {
    if (state && state.savePlace !== next.savePlace) check.checked = false;
    state = next;
    if (!isFocused(name) && name.value !== next.saveName) name.value = next.saveName;
    name.disabled = next.busy || !next.ready;
    say(place, next.saveProblem || next.savePlace || words["save-first"]);
    replace.hidden = !next.saveExists;
    settle();
  };
  return { details, apply };
}

function drawPanel(model, el) {
  const words = model.get("words");
  const prefix = `rk-opening-${(drawn += 1)}`;
  const send = (content) => model.send(content);
  const top = drawTop(words);
  const picker = drawPicker(prefix, words, send);
  const sections = model.get("form").map((section) => drawSection(section, prefix, words, send));
  const open = drawOpen(prefix, send);
  const save = drawSave(prefix, words, send);
  const sentence = element("div", "rk-opening-sentence");
  const notes = element("ul", "rk-opening-notes");
  const lists = element("div", "rk-opening-lists");
  lists.setAttribute("role", "status");
  const said = element("div", "rk-opening-said", words["asks-kernel"]);
  said.setAttribute("role", "status");
  const outer = element("details", "rk-opening-outer");
  outer.append(top.summary, sentence, picker.row, notes, lists, ...sections.map((each) => each.details), open.row, save.details);
  el.lang = model.get("language");
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", words.title);
  el.append(outer, said);

  const goTo = (name) => {
    const section = sections.find((each) => each.fields.some((field) => field.name === name));
    section.details.open = true;
    section.fields.find((field) => field.name === name).input.focus();
  };
  let turn = null;
  let wasInside = false;
  let listed = null;
  const todo = (state) => {
    if (state.lists.length) return drawLists(state.lists, goTo);
    const confirm = state.confirm && !state.confirmed ? ` ${words["confirm-first"]}` : "";
    return [element("div", "rk-opening-ready", `✔ ${words.ready}${confirm}`)];
  };
  return (state) => {
    const isNewForm = state.turn !== turn;
    turn = state.turn;
    // A button that is switched off loses the focus: what was inside then still counts.
    wasInside = outer.contains(document.activeElement) || (wasInside && document.activeElement === document.body);
    for (const part of [top, picker, ...sections, open, save]) part.apply(state, isNewForm);
    if (isNewForm) outer.open = !state.folded;
    if (isNewForm && state.folded && wasInside) top.summary.focus();
    el.dataset.profile = state.profile;
    say(sentence, state.sentence);
    notes.replaceChildren(...state.notes.map((text) => element("li", "", text)));
    const wanted = JSON.stringify([state.lists, state.confirm, state.confirmed]);
    if (listed !== wanted) {
      listed = wanted;
      lists.replaceChildren(...todo(state));
    }
    said.dataset.kind = state.kind;
    say(said, state.said);
  };
}

// JupyterLab's single keys cut and insert cells also while a button of ours has the focus. It looks at the very element that has
// it, so that is marked, before JupyterLab sees the key; keys with Ctrl, Alt or Cmd stay JupyterLab's.
function guard(event) {
  const target = event.target;
  if (target instanceof Element && target.closest(".rk-opening")) {
    target.toggleAttribute("data-lm-suppress-shortcuts", !(event.ctrlKey || event.metaKey || event.altKey));
  }
}

export default () => {
  let latest = null;
  const views = new Set();
  const hear = (content) => {
    if (!content || !content.entries) return;
    latest = content;
    for (const apply of views) apply(content);
  };
  return {
    initialize({ model }) {
      // Without its kernel nothing that is typed arrives anywhere.
      const end = () => {
        const said = model.get("words")["no-kernel"];
        if (latest) hear({ ...latest, busy: true, openable: false, ready: false, kind: "error", said });
      };
      model.on("msg:custom", hear);
      model.on("comm:close", end);
      model.on("comm_live_update", end);
    },
    render({ model, el }) {
      const apply = drawPanel(model, el);
      views.add(apply);
      window.addEventListener("keydown", guard, true);
      if (latest) apply(latest);
      model.send({ do: "ask" });
      return () => {
        views.delete(apply);
        if (!views.size) window.removeEventListener("keydown", guard, true);
      };
    },
  };
};
