// Pictures at the desk: files dropped or pasted on the page that takes them; the point of a picture that stays in sight.

// Taking files

const input = document.querySelector(".desk-upload [type=file]");

function take(files) {
  if (!files.length) return;
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  name();
}

function name() {
  const names = [...input.files].map((file) => file.name).join("、");
  document.querySelector(".desk-chosen-files").textContent = names;
}

if (input) {
  input.addEventListener("change", name);
  document.addEventListener("paste", (event) => take(event.clipboardData?.files ?? []));
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("is-dropping");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("is-dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("is-dropping");
    take(event.dataTransfer.files);
  });
}

// The point that stays in sight

const frame = document.querySelector(".desk-focal");
const across = document.querySelector("#id_focal_x");
const down = document.querySelector("#id_focal_y");
const STEP = 0.02; // of a side, for a press of an arrow key
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const within = (share) => Math.min(1, Math.max(0, Math.round(share * 100) / 100));

function set(x, y) {
  across.value = within(x);
  down.value = within(y);
  place();
}

const point = document.createElement("button");
function place() {
  point.style.insetInlineStart = `${across.value * 100}%`;
  point.style.top = `${down.value * 100}%`;
  point.setAttribute("aria-label", interpolate(gettext("Stays in sight: %s %% from the left, %s %% from the top"), [Math.round(across.value * 100), Math.round(down.value * 100)]).replaceAll("%%", "%"));
}

if (frame && across && down) {
  point.type = "button";
  point.className = "desk-focal-point";
  frame.append(point);
  place();
  frame.querySelector("img").addEventListener("click", (event) => {
    const box = event.target.getBoundingClientRect();
    set((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    point.focus();
  });
  point.addEventListener("keydown", (event) => {
    const [x, y] = ARROWS[event.key] ?? [];
    if (x === undefined) return;
    event.preventDefault();
    set(Number(across.value) + x, Number(down.value) + y);
  });
  [across, down].forEach((field) => field.addEventListener("input", place));
}
