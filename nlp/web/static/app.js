// Keys, hovering and sending of files. Every page works without it.
"use strict";

const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// Clauses and their boxes light up together, and a click on a box goes to the clause without loading the page again.
const clauses = all("[data-clause]");
const partners = (id) => all("[data-box], [data-clause]").filter((one) => (one.dataset.box || one.dataset.clause) === id);

function select(clause, follow) {
  for (const one of all(".current")) one.classList.remove("current");
  for (const one of partners(clause.dataset.clause)) one.classList.add("current");
  if (follow) {
    clause.focus({ preventScroll: true });
    clause.scrollIntoView({ block: "nearest" });
    const box = all("[data-box].current")[0];
    if (box) box.scrollIntoView({ block: "nearest" });
    history.replaceState(null, "", clause.querySelector("h3 a").href);
  }
}

for (const one of all("[data-box], [data-clause]")) {
  const id = one.dataset.box || one.dataset.clause;
  one.addEventListener("mouseenter", () => partners(id).forEach((other) => other.classList.add("hover")));
  one.addEventListener("mouseleave", () => partners(id).forEach((other) => other.classList.remove("hover")));
}
for (const box of all("[data-box]")) {
  box.addEventListener("click", (event) => {
    const clause = clauses.find((one) => one.dataset.clause === box.dataset.box);
    if (!clause || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    select(clause, true);
  });
}
for (const clause of clauses) clause.addEventListener("focusin", () => select(clause, false));
const chosen = clauses.find((one) => one.classList.contains("current"));
if (chosen) {
  chosen.focus({ preventScroll: true });
  chosen.scrollIntoView({ block: "nearest" });
}

// What was done is said aloud once the page stands: a live region that is there from the start is not read out by itself.
const flash = document.querySelector(".flash");
if (flash) setTimeout(() => { document.getElementById("said").textContent = (flash.querySelector("span") || flash).textContent; }, 300);

// A query that cannot be read is gone on with where reading stopped.
const stopped = document.querySelector("[data-stop]");
if (stopped) {
  stopped.focus();
  stopped.setSelectionRange(Number(stopped.dataset.stop), Number(stopped.dataset.stop));
}

// A table that does not fit says so.
for (const hint of all("[data-wide]")) {
  const wide = hint.nextElementSibling;
  const look = () => { hint.hidden = wide.scrollWidth <= wide.clientWidth + 1; };
  look();
  addEventListener("resize", look);
}

// On paper nothing can be unfolded.
addEventListener("beforeprint", () => { for (const run of all("details.run")) run.open = true; });

// Keys: whatever carries data-key is pressed by it, the current clause's own first.
function step(by) {
  const at = clauses.findIndex((one) => one.classList.contains("current"));
  const next = clauses[at < 0 ? (by > 0 ? 0 : clauses.length - 1) : at + by];
  if (next) select(next, true);
  else document.querySelector(by > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
}

function press(target) {
  if (target.matches("input, select, textarea")) target.focus();
  else target.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog[open]")) return;
  const typing = event.target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
  if (typing) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const help = document.getElementById("keys");
  if (event.key === "?" && help) help.showModal();
  else if (clauses.length && event.key === "j") step(1);
  else if (clauses.length && event.key === "k") step(-1);
  else if (clauses.length && event.key === "n") document.querySelector("a[rel=next]")?.click();
  else if (clauses.length && event.key === "p") document.querySelector("a[rel=prev]")?.click();
  else {
    const known = all("[data-key]").filter((one) => one.dataset.key === event.key);
    const target = known.find((one) => one.closest(".current")) || known.find((one) => !one.closest("[data-clause]"));
    if (!target) return;
    press(target);
  }
  event.preventDefault();
});

for (const opener of all("[data-opens]")) {
  opener.hidden = false;
  opener.addEventListener("click", () => document.getElementById(opener.dataset.opens).showModal());
}
for (const picker of all("[data-picks]")) {
  picker.addEventListener("click", () => {
    const box = all("input[name=labels]").find((one) => one.value === picker.dataset.picks);
    if (box) box.checked = !box.checked;
  });
}

// The page's text laid over its picture, unseen, so that it can be selected; it is fetched when it is asked for.
// To those who do not see the picture the same text stands beside it, so the layer is hidden from them.
async function layLines(button) {
  const sheet = document.querySelector(".sheet");
  const status = button.parentElement.querySelector("[role=status]");
  const shown = sheet.querySelector(".lines");
  if (shown) shown.remove();
  button.setAttribute("aria-pressed", String(!shown));
  status.textContent = "";
  if (shown) return;
  status.textContent = "The page is being read…";
  const answer = await fetch(button.dataset.lines);
  if (!answer.ok) {
    status.textContent = "The page’s text cannot be shown; see “Text only”.";
    button.setAttribute("aria-pressed", "false");
    return;
  }
  const { width, height, lines } = await answer.json();
  const layer = document.createElement("div");
  layer.className = "lines";
  layer.setAttribute("aria-hidden", "true");
  for (const [text, x0, top, x1, bottom] of lines) {
    const line = document.createElement("span");
    line.textContent = `${text}\n`;
    line.style.left = `${(100 * x0) / width}%`;
    line.style.top = `${(100 * top) / height}%`;
    line.style.fontSize = `${(100 * (bottom - top)) / width}cqw`;
    line.dataset.share = (x1 - x0) / width;
    layer.append(line);
  }
  sheet.append(layer);
  for (const line of layer.children) {
    line.style.transform = `scaleX(${(line.dataset.share * layer.clientWidth) / Math.max(1, line.offsetWidth)})`;
  }
  status.textContent = "Now the text on the page can be selected and copied.";
}

for (const button of all("[data-lines]")) {
  button.hidden = false;
  button.addEventListener("click", () => layLines(button));
}

// Files are sent one by one, so that each tells how far it is and one that fails costs only itself.
const drop = document.getElementById("drop");
if (drop) {
  const list = document.getElementById("tasks");
  const sending = document.getElementById("sending");
  const most = Number(drop.dataset.most);
  let events = null;

  // What the server sends is a piece of its own page, escaped there.
  function listen() {
    if (events) return;
    events = new EventSource("/upload/events");
    events.onmessage = (event) => { list.innerHTML = event.data; };
    events.addEventListener("end", (event) => {
      list.innerHTML = event.data;
      events.close();
      events = null;
    });
  }

  function told(file) {
    const line = document.createElement("p");
    const say = (text) => { line.textContent = `${file.name}: ${text}`; };
    sending.append(line);
    return { say, gone: () => line.remove() };
  }

  function send(file) {
    const line = told(file);
    if (file.size > most) {
      line.say(`is larger than the ${Math.round(most / 1048576)} MB that may be sent; split it into smaller files.`);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open("POST", "/api/files");
      request.upload.onprogress = (event) => line.say(`${Math.round((100 * event.loaded) / event.total)}% sent`);
      request.onload = () => {
        if (request.status === 202) line.gone();
        else line.say(request.status === 413 ? "is too large; split it into smaller files." : "was not taken; try again.");
        listen();
        resolve();
      };
      request.onerror = () => { line.say("could not be sent; is the server running?"); resolve(); };
      const form = new FormData();
      form.append("files", file);
      line.say("0% sent");
      request.send(form);
    });
  }

  async function sendAll(files) {
    sending.replaceChildren();
    for (const file of files) await Promise.race([send(file), new Promise((resolve) => setTimeout(resolve, 60000))]);
  }

  drop.addEventListener("submit", (event) => {
    event.preventDefault();
    sendAll([...drop.elements.files.files]);
    drop.reset();
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") sendAll([...event.dataTransfer.files]);
    });
  }
  if (list.querySelector("[data-busy=yes]")) listen();
}
