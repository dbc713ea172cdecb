import { MyelinError } from "../client/errors.js";
import { AckLog } from "./acks.js";
import { draw } from "./chart.js";
import { linesOf, linesOfFile, SAMPLE } from "./lines.js";
import { Meter } from "./meter.js";
import { count, element, milliseconds, perFrame } from "./page.js";
const WINDOW = 500;
export class StreamPanel {
    #panel = element("stream", HTMLElement);
    #lines = element("lines", HTMLTextAreaElement);
    #file = element("file", HTMLInputElement);
    #pause = element("pause", HTMLButtonElement);
    #progress = element("progress", HTMLElement);
    #bar = element("progress-bar", HTMLProgressElement);
    #name = element("progress-name", HTMLElement);
    #chart = element("chart", HTMLCanvasElement);
    #acks = new AckLog();
    #show = perFrame(() => this.#render());
    #meter = new Meter();
    #client;
    #waiting = 0;
    #stop = new AbortController();
    constructor() {
        const form = element("observe", HTMLFormElement);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.#observeText();
        });
        this.#lines.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing)
                return;
            event.preventDefault();
            this.#observeText();
        });
        element("sample", HTMLButtonElement).addEventListener("click", () => {
            this.#lines.value = SAMPLE;
            this.#lines.focus();
        });
        this.#file.addEventListener("change", () => {
            const file = this.#file.files?.[0];
            this.#file.value = "";
            if (file !== undefined)
                void this.#observeFile(file);
        });
        element("stop", HTMLButtonElement).addEventListener("click", () => this.#stop.abort());
        this.#pause.addEventListener("click", () => this.#togglePause());
        this.#acceptDrops();
        setInterval(this.#show, 500);
    }
    use(client) {
        this.#stop.abort();
        this.#client = client;
        this.#meter = new Meter();
        this.#waiting = 0;
        this.#acks.clear();
        this.#pause.setAttribute("aria-pressed", "false");
        this.#show();
    }
    #observeText() {
        const text = this.#lines.value;
        if (text.trim() === "")
            return;
        this.#lines.value = "";
        void this.#observe(linesOf(text), new AbortController().signal);
    }
    async #observeFile(file) {
        this.#stop.abort();
        const stop = (this.#stop = new AbortController());
        this.#progress.hidden = false;
        this.#name.textContent = file.name;
        this.#bar.max = Math.max(1, file.size);
        this.#bar.value = 0;
        const lines = linesOfFile(file, (bytes) => {
            this.#bar.value = bytes;
        });
        await this.#observe(lines, stop.signal);
        if (this.#stop === stop)
            this.#progress.hidden = true;
    }
    async #observe(lines, stop) {
        const client = this.#client;
        if (client === undefined)
            return;
        try {
            for await (const line of lines) {
                while (client.unacknowledged >= WINDOW && !stop.aborted)
                    await client.once("verdict");
                if (stop.aborted || client !== this.#client)
                    return;
                await client.ready();
                this.#follow(client, line);
            }
        }
        catch (error) {
            if (!(error instanceof MyelinError))
                throw error;
        }
    }
    #follow(client, line) {
        const meter = this.#meter;
        const begun = performance.now();
        this.#waiting++;
        client
            .observe(line)
            .then((verdict) => {
            const now = performance.now();
            meter.record(verdict, now - begun, now);
            if (meter === this.#meter)
                this.#acks.add(verdict, line);
        }, (error) => {
            if (meter === this.#meter)
                this.#acks.failed(error, line);
        })
            .finally(() => {
            if (meter === this.#meter)
                this.#waiting--;
            this.#show();
        });
        this.#show();
    }
    #togglePause() {
        const paused = this.#pause.getAttribute("aria-pressed") !== "true";
        this.#pause.setAttribute("aria-pressed", String(paused));
        this.#pause.textContent = paused ? "Resume" : "Pause";
        const done = paused ? this.#client?.pause() : this.#client?.resume();
        done?.catch(() => undefined);
    }
    #acceptDrops() {
        this.#panel.addEventListener("dragover", (event) => {
            event.preventDefault();
            this.#panel.classList.add("dropping");
        });
        for (const type of ["dragleave", "drop"]) {
            this.#panel.addEventListener(type, () => this.#panel.classList.remove("dropping"));
        }
        this.#panel.addEventListener("drop", (event) => {
            event.preventDefault();
            const file = event.dataTransfer?.files[0];
            if (file !== undefined)
                void this.#observeFile(file);
            else
                this.#lines.value = event.dataTransfer?.getData("text/plain") ?? "";
        });
    }
    #render() {
        const now = performance.now();
        const rejected = element("rejected", HTMLElement);
        element("acknowledged", HTMLElement).textContent = count(this.#meter.acknowledged);
        element("waiting", HTMLElement).textContent = count(this.#waiting);
        element("rate", HTMLElement).textContent = count(this.#meter.rate(now));
        element("median", HTMLElement).textContent = milliseconds(this.#meter.latency(0.5));
        element("p99", HTMLElement).textContent = milliseconds(this.#meter.latency(0.99));
        rejected.textContent = count(this.#meter.rejected);
        rejected.classList.toggle("bad", this.#meter.rejected > 0);
        draw(this.#chart, this.#meter.history(now));
        this.#acks.render();
    }
}
