// Draws one request to sign in. Everything it shows is text: nothing that comes from outside becomes markup.
// The code comes in messages; a view that missed them, after a reload or in a second tab, asks for them.

const ASK = "ask";

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function clock(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function isSecureAddress(page) {
  try {
    return new URL(page).protocol === "https:";
  } catch {
    return false;
  }
}

function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

// Browsers offer a clipboard to https pages and to loopback only; elsewhere the old command may still do it.
async function copied(node) {
  try {
    await navigator.clipboard.writeText(node.textContent);
    return true;
  } catch {
    select(node);
    return document.execCommand("copy");
  }
}

function link(page, words) {
  if (!isSecureAddress(page)) return element("span", "rk-sign-in-page", page);
  const made = element("a", "rk-sign-in-page", words.open);
  made.href = page;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  made.append(element("span", "rk-sign-in-hidden", ` (${words["new-tab"]})`));
  return made;
}

function codePart(content, words, say) {
  const part = element("div", "rk-sign-in-row");
  const code = element("code", "rk-sign-in-code", content.code);
  const button = element("button", "rk-sign-in-copy", words.copy);
  button.type = "button";
  button.addEventListener("click", async () => {
    say("");
    say((await copied(code)) ? words.copied : words["not-copied"]);
  });
  part.append(element("span", "rk-sign-in-label", words.enter), code, button);
  return part;
}

function pagePart(content, words) {
  const part = element("div", "rk-sign-in-row");
  part.append(link(content.page, words), element("span", "rk-sign-in-address", content.page));
  return part;
}

// Counts down what is left of a request. `over` is called once, at its end.
function countdown(content, words, over) {
  const shown = element("div", "rk-sign-in-left");
  shown.setAttribute("role", "timer");
  const tick = () => {
    const left = content.until - Date.now();
    shown.textContent = words.left.replace("{time}", clock(left));
    if (left <= 0) over();
  };
  tick();
  return { shown, timer: setInterval(tick, 500) };
}

export default () => {
  let latest = { state: "over", said: "" };
  const views = new Set();

  // The same again, as the answer to another view, draws nothing anew: a button would go from under the pointer, and "copied" with it.
  const hear = (content) => {
    if (!content || !content.state) return;
    const isSame = ["state", "said", "code", "page", "again"].every((name) => content[name] === latest[name]);
    latest = isSame ? Object.assign(latest, content) : content;
    if (content.state === "waiting") latest.until = Date.now() + content.seconds * 1000;
    if (!isSame) for (const draw of views) draw();
  };

  return {
    initialize({ model }) {
      const end = () => {
        if (latest.state === "waiting") hear({ state: "over", said: model.get("words")["no-kernel"] });
      };
      model.on("msg:custom", hear);
      model.on("comm:close", end);
      model.on("comm_live_update", end);
    },

    render({ model, el }) {
      const words = model.get("words");
      const said = element("div", "rk-sign-in-said");
      said.setAttribute("aria-live", "polite");
      const say = (text) => {
        said.textContent = text;
      };
      const body = element("div", "");
      el.lang = model.get("language");
      el.setAttribute("role", "group");
      el.append(body, said);
      let timer = null;

      const expire = () => {
        hear({ state: "over", said: words.expired });
        model.send(ASK); // so that the code is forgotten there, too
      };

      const draw = () => {
        clearInterval(timer);
        const waits = latest.state === "waiting";
        el.classList.toggle("rk-sign-in-waits", waits);
        el.hidden = !waits && !latest.said;
        body.replaceChildren();
        say(waits ? "" : latest.said);
        if (!waits) return;
        const title = words[latest.again ? "title-again" : "title"];
        el.setAttribute("aria-label", title);
        body.append(element("div", "rk-sign-in-title", title));
        if (latest.code) body.append(pagePart(latest, words), codePart(latest, words, say));
        const counted = countdown(latest, words, expire);
        timer = counted.timer;
        body.append(element("div", "rk-sign-in-told", words[latest.code ? "waiting" : "waiting-browser"]), counted.shown);
      };

      const look = () => {
        if (!document.hidden) model.send(ASK);
      };
      views.add(draw);
      draw();
      document.addEventListener("visibilitychange", look);
      model.send(ASK);
      return () => {
        views.delete(draw);
        clearInterval(timer);
        document.removeEventListener("visibilitychange", look);
      };
    },
  };
};
