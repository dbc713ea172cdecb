/** Draws counts as bars, the newest at the right. */
export function draw(canvas: HTMLCanvasElement, values: readonly number[]): void {
  const scale = window.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  if (context === null) return;
  const style = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  context.fillStyle = style.getPropertyValue("--line");
  context.fillRect(0, height - scale, width, scale);
  context.fillStyle = style.getPropertyValue("--accent");
  const highest = Math.max(1, ...values);
  const step = width / values.length;
  values.forEach((value, i) => {
    const bar = Math.round((value / highest) * (height - 2 * scale));
    context.fillRect(Math.round(i * step), height - scale - bar, Math.ceil(step - 2 * scale), bar);
  });
}
