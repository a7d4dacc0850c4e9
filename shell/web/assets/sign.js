// A signature drawn by finger, stylus or mouse. Without this file the frame stays hidden, and the typed name
// stands alone. What is sent is the pad's size and the strokes: "600x200 10,20,14,22 5,5".
(() => {
  "use strict";
  const WIDTH = 600;
  const HEIGHT = 200;
  const MOST_POINTS = 4000;
  // Nearer than this, a point adds nothing to the line.
  const STEP = 3;

  for (const part of document.querySelectorAll("[data-pad]")) {
    const pad = part.querySelector("svg");
    const field = part.querySelector("input");
    let strokes = [];
    let pen = null;
    // A browser may bring back what somebody drew before.
    field.value = "";
    pad.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    part.hidden = false;

    const at = (event) => {
      const box = pad.getBoundingClientRect();
      const within = (value, most) => Math.round(Math.min(Math.max(value, 0), 1) * most);
      return [within((event.clientX - box.left) / box.width, WIDTH), within((event.clientY - box.top) / box.height, HEIGHT)];
    };
    const points = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    const draw = () => {
      const data = strokes.map((stroke) => (stroke.length === 1 ? `M${stroke[0].join(" ")}h0` : `M${stroke.map((point) => point.join(" ")).join("L")}`));
      let path = pad.querySelector("path");
      if (!path) {
        path = document.createElementNS("http://www.w3.org/2000/svg", "path");
        pad.append(path);
      }
      path.setAttribute("d", data.join(""));
      field.value = strokes.length === 0 ? "" : `${WIDTH}x${HEIGHT} ${strokes.map((stroke) => stroke.flat().join(",")).join(" ")}`;
    };

    pad.addEventListener("pointerdown", (event) => {
      if (pen !== null || points() >= MOST_POINTS) return;
      event.preventDefault();
      pen = event.pointerId;
      pad.setPointerCapture(pen);
      strokes.push([at(event)]);
      draw();
    });
    pad.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pen || points() >= MOST_POINTS) return;
      const stroke = strokes[strokes.length - 1];
      const [x, y] = at(event);
      const [lastX, lastY] = stroke[stroke.length - 1];
      if (Math.hypot(x - lastX, y - lastY) < STEP) return;
      stroke.push([x, y]);
      draw();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      pad.addEventListener(end, (event) => {
        if (event.pointerId === pen) pen = null;
      });
    }
    part.querySelector("[data-clear]").addEventListener("click", () => {
      strokes = [];
      draw();
    });
  }
})();
