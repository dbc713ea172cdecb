export function element(id, type) {
    const found = document.getElementById(id);
    if (found instanceof type)
        return found;
    throw new Error(`#${id}: ${String(found)} (expected: ${type.name})`);
}
export function create(name, className, text = "") {
    const made = document.createElement(name);
    if (className !== "")
        made.className = className;
    made.textContent = text;
    return made;
}
const whole = new Intl.NumberFormat("en");
export function count(value) {
    return whole.format(Math.round(value));
}
export function milliseconds(value) {
    if (value === undefined)
        return "–";
    if (value < 10)
        return `${value.toFixed(1)} ms`;
    return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
}
const STEPS = [
    [60, "second"],
    [60, "minute"],
    [24, "hour"],
    [30, "day"],
    [12, "month"],
    [Infinity, "year"],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
export function ago(time, now = Date.now()) {
    let value = (time.getTime() - now) / 1000;
    for (const [size, unit] of STEPS) {
        if (Math.abs(value) < size)
            return relative.format(Math.round(value), unit);
        value /= size;
    }
    return time.toISOString();
}
export function perFrame(task) {
    let asked = false;
    return () => {
        if (asked)
            return;
        asked = true;
        requestAnimationFrame(() => {
            asked = false;
            task();
        });
    };
}
