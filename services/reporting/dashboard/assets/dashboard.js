// Moves the page through time and through the tree without loading it anew. The address always says what is shown, and
// everything here can also be done by the page's own links and form.
"use strict";

const view = () => document.getElementById("view");
const failed = document.getElementById("failed");
let under_way = null;
let wanted = location.href;

async function show(address, { keep = false } = {}) {
  clearTimeout(waiting);
  under_way?.abort();
  const mine = (under_way = new AbortController());
  wanted = address;
  view().setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    const told = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine.signal.aborted) return;
    if (answer.status === 503 || !told.getElementById("view")) throw new Error(`status ${answer.status}`);
    replace(told, keep);
  } catch (error) {
    if (mine.signal.aborted) return;
    failed.firstElementChild.textContent =
      "Chưa lấy được số liệu: dịch vụ thống kê hoặc mạng đang gián đoạn. Số liệu trên trang là của lần xem trước.";
    failed.hidden = false;
  } finally {
    if (!mine.signal.aborted) view().removeAttribute("aria-busy");
  }
}

function replace(told, keep) {
  const focused = document.activeElement?.id;
  const open = new Set([...document.querySelectorAll("details[open][id]")].map((one) => one.id));
  document.title = told.title;
  failed.hidden = true;
  // The slider that is being moved stays as it is: taken out for a moment, it would be let go.
  const parts = keep && told.getElementById("figures") ? ["heading", "figures"] : ["view"];
  for (const id of parts) {
    document.getElementById(id).replaceChildren(...told.getElementById(id).childNodes);
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  prepare();
  const again = focused && document.getElementById(focused);
  if (again && again !== document.activeElement) again.focus({ preventScroll: true });
  const said = document.getElementById("told");
  if (said.textContent !== document.title) said.textContent = document.title;
}

function go(address) {
  sliding = false;
  history.pushState(null, "", address);
  show(address).then(() => {
    if (document.activeElement === document.body) view().focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
}

// Months are counted from year 0, so that a slider's place, a month and a day become one another by arithmetic.
const month_of = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const two = (number) => String(number).padStart(2, "0");

function last_day(month, today) {
  if (month >= month_of(today)) return today;
  const year = Math.floor(month / 12);
  const of_year = (month % 12) + 1;
  return `${String(year).padStart(4, "0")}-${two(of_year)}-${two(new Date(Date.UTC(year, of_year, 0)).getUTCDate())}`;
}

function address_of(form, day) {
  const asked = new URLSearchParams();
  const unit = form.elements.unit?.value;
  if (unit) asked.set("unit", unit);
  if (day !== form.dataset.today) asked.set("as_of", day);
  const known_on = form.elements.known_on.value;
  if (known_on && known_on < form.dataset.today) asked.set("known_on", known_on);
  const query = asked.toString();
  return query ? `/?${query}` : "/";
}

let waiting = 0;
let sliding = false; // a walk through time is one step back, however many months it passed

function move(form, month) {
  const { first, today } = form.dataset;
  pass(form, last_day(Math.max(month, month_of(first)), today));
}

function pass(form, day) {
  form.elements.as_of.value = day;
  set_slider(form);
  const address = address_of(form, day);
  history[sliding ? "replaceState" : "pushState"](null, "", address);
  sliding = true;
  clearTimeout(waiting);
  waiting = setTimeout(() => show(address, { keep: true }), 100);
}

function set_slider(form) {
  const slider = document.getElementById("slider");
  const day = form.elements.as_of.value;
  slider.value = month_of(day) - month_of(form.dataset.first);
  slider.setAttribute("aria-valuetext", `tháng ${Number(day.slice(5, 7))} năm ${day.slice(0, 4)}`);
}

function prepare() {
  const form = document.querySelector(".time");
  if (form) {
    for (const one of form.querySelectorAll("[hidden]")) one.hidden = false;
    form.querySelector("[data-plain]").hidden = true; // a day that is chosen is shown at once
    set_slider(form);
  }
  for (const one of document.querySelectorAll(".filter, [data-print]")) one.hidden = false;
  follow();
}

const plain = (text) =>
  text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("đ", "d");

document.addEventListener("input", ({ target }) => {
  if (target.id === "slider") {
    const form = target.form;
    move(form, month_of(form.dataset.first) + Number(target.value));
  } else if (target.dataset.filter) {
    const sought = plain(target.value).split(/\s+/);
    for (const row of document.querySelectorAll(`#${target.dataset.filter} tbody tr`)) {
      const text = plain(row.textContent);
      row.hidden = !sought.every((word) => text.includes(word));
    }
  }
});

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const target = event.target.closest("a[data-go], button");
  if (!target) return;
  if (target.matches("a")) {
    event.preventDefault();
    go(target.href);
  } else if (target.dataset.step) {
    const form = target.form;
    move(form, month_of(form.elements.as_of.value) + Number(target.dataset.step));
  } else if ("print" in target.dataset) {
    print();
  } else if ("again" in target.dataset) {
    show(wanted);
  }
});

document.addEventListener("change", ({ target }) => {
  if (!["as-of", "known-on"].includes(target.id) || !target.form.checkValidity()) return;
  pass(target.form, target.form.elements.as_of.value);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".time")) return;
  event.preventDefault();
  go(address_of(event.target, event.target.elements.as_of.value));
});

// The map is one picture; what it shows at a point stands in the table behind it.
function pointed({ target, clientX, clientY }) {
  const map = target.closest?.(".cells");
  if (!map) return null;
  const rows = document.querySelectorAll("#cells-table tbody tr");
  const { left, top, width, height } = map.getBoundingClientRect();
  const row = rows[Math.floor(((clientY - top) / height) * rows.length)];
  const column = Math.floor(((clientX - left) / width) * map.viewBox.baseVal.width) + 1;
  return row && row.cells[column] ? { row, column } : null;
}

document.addEventListener("pointermove", (event) => {
  const at = pointed(event);
  const told = document.querySelector(".pointed");
  if (!told) return;
  const month = at && document.querySelector("#cells-table thead tr").cells[at.column].textContent;
  told.textContent = at
    ? `${at.row.cells[0].textContent.trim()}, tháng ${month}: ${at.row.cells[at.column].textContent || "không phải họp"}`
    : "\u00a0";
});

document.addEventListener("click", (event) => {
  const at = pointed(event);
  if (at) go(at.row.querySelector("a").href);
});

// Today's figures change while they are looked at: the service tells up to which event it has counted, and the page is
// asked for anew where that is not what it shows.
const PAUSE = 5000;
let live = null;

function follow() {
  const form = document.querySelector(".time");
  const asked = new URLSearchParams({ measures: "members" });
  if (form?.elements.unit) asked.set("unit", form.elements.unit.value);
  const is_now = form && form.elements.as_of.value === form.dataset.today && !form.elements.known_on.value;
  const address = is_now ? `/v1/live?${asked}` : null;
  if ((live?.address ?? null) === address) return;
  live?.source.close();
  live = address && { address, source: new EventSource(address), next: 0 };
  const mine = live;
  mine?.source.addEventListener("figures", ({ data }) => {
    const wait = mine.next - Date.now();
    if (wait > PAUSE || is_shown(JSON.parse(data).up_to)) return; // is asked for already, or need not be
    mine.next = Date.now() + Math.max(wait, 0) + PAUSE;
    setTimeout(() => mine === live && show(location.href, { keep: true }), Math.max(wait, 0));
  });
}

function is_shown(counted) {
  const marks = (up_to) =>
    JSON.stringify(Object.keys(up_to).sort().map((topic) => [topic, Object.entries(up_to[topic]).sort()]));
  return marks(counted) === marks(JSON.parse(document.querySelector("[data-up-to]")?.dataset.upTo ?? "{}"));
}

addEventListener("popstate", () => {
  sliding = false;
  show(location.href);
});
prepare();
