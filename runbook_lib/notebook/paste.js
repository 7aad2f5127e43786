// Takes pictures that are pasted, dropped or chosen, and hands their bytes to the kernel. What the kernel says is shown as text:
// nothing that comes from outside becomes markup. A view that missed a message, after a reload or in a second tab, asks.

const ASK = "ask";
const ADD = "add";
const KINDS = ["image/png", "image/jpeg"];

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function filesOf(transfer) {
  return transfer ? Array.from(transfer.files) : [];
}

function pictureItem(model, picture, removing) {
  const item = element("li");
  const image = element("img");
  if (picture.preview.startsWith("data:image/jpeg;base64,")) image.src = picture.preview;
  image.alt = picture.described;
  const remove = element("button", "rk-paste-remove", model.get("words").remove);
  remove.type = "button";
  remove.setAttribute("aria-label", picture.remove);
  remove.addEventListener("click", () => {
    removing();
    model.send({ remove: picture.number });
  });
  item.append(image, element("div", "", picture.about), remove);
  return item;
}

function render({ model, el }) {
  const words = model.get("words");
  const label = element("b", "", words.zone);
  const input = element("input");
  const choose = element("button", "rk-paste-choose", words.choose);
  const limits = element("p", "rk-paste-limits", words.limits);
  const said = element("div", "rk-paste-said");
  const list = element("ul");

  el.lang = model.get("language");
  el.tabIndex = 0;
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", `${words.zone}. ${words.how}`);
  choose.type = "button";
  input.type = "file";
  input.accept = KINDS.join(",");
  input.multiple = true;
  input.hidden = true;
  said.setAttribute("role", "status");
  said.setAttribute("aria-live", "polite");
  el.append(label, element("p", "", words.how), choose, input, limits, said, list);

  // What was not taken of several pictures stays to be read while the others come.
  let refused = [];
  let listed = "";

  function say(text) {
    said.textContent = [...refused, text].filter(Boolean).join(" ");
  }

  async function take(files) {
    const pictures = files.filter((file) => KINDS.includes(file.type));
    const small = pictures.filter((file) => file.size <= model.get("most_bytes"));
    refused = [];
    if (pictures.length < files.length || files.length === 0) refused.push(words["no-picture"]);
    if (small.length < pictures.length) refused.push(words["too-large"]);
    say(small.length ? words.sending : "");
    for (const file of small) model.send(ADD, undefined, [await file.arrayBuffer()]);
  }

  function show(content) {
    // What this page said itself after it had asked is newer than the answer.
    if (!content.asked || !said.textContent) say(content.said);
    // The same pictures stay where they are: a button would go from under the pointer.
    if (JSON.stringify(content.pictures) === listed) return;
    listed = JSON.stringify(content.pictures);
    const kept = Array.from(list.children).findIndex((item) => item.contains(document.activeElement));
    list.replaceChildren(...content.pictures.map((picture) => pictureItem(model, picture, () => (refused = []))));
    if (kept >= 0) {
      const next = list.children[Math.min(kept, list.children.length - 1)];
      (next ? next.querySelector("button") : choose).focus();
    }
  }

  // The browser fires `paste` where the selection is, which need not be where the focus is: so the whole page is listened to,
  // and it counts when the focus is in here.
  function onPaste(event) {
    if (!el.contains(document.activeElement)) return;
    event.preventDefault();
    event.stopPropagation();
    take(filesOf(event.clipboardData));
  }

  function onDrag(event) {
    event.preventDefault();
    event.stopPropagation();
    el.classList.toggle("rk-over", event.type === "dragenter" || event.type === "dragover");
  }

  function onDrop(event) {
    onDrag(event);
    take(filesOf(event.dataTransfer));
  }

  choose.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(Array.from(input.files)).finally(() => (input.value = ""));
  });
  for (const name of ["dragenter", "dragover", "dragleave"]) el.addEventListener(name, onDrag);
  el.addEventListener("drop", onDrop);
  document.addEventListener("paste", onPaste, true);
  model.on("msg:custom", show);
  model.send(ASK);
  return () => {
    document.removeEventListener("paste", onPaste, true);
    model.off("msg:custom", show);
  };
}

export default { render };
