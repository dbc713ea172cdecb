import { Timer } from "./timer.js";
const WRITE_EVERY_MS = 250;
const MAX_TOLD = 1_000;
export class Positions {
    #saved;
    #timer;
    #positions;
    #begun = new Map();
    constructor(saved, clock) {
        this.#saved = saved;
        this.#timer = new Timer(clock);
        this.#positions = new Map(saved.positions);
        saved.positions = this.#positions;
    }
    get(channel) {
        return this.#positions.get(channel);
    }
    set(channel, position) {
        this.#positions.set(channel, position);
        this.#changed();
    }
    begin(channel, epoch) {
        this.remove(channel);
        this.#begun.set(channel, epoch);
    }
    remove(channel) {
        this.#begun.delete(channel);
        if (this.#positions.delete(channel))
            this.#changed();
    }
    clear() {
        this.#begun.clear();
        this.#positions.clear();
        this.#changed();
    }
    names() {
        return [...this.#positions.keys()];
    }
    list() {
        const all = Array.from(this.#positions, ([channel, position]) => ({ channel, ...position }));
        return all.filter(({ epoch }) => epoch !== "").slice(0, MAX_TOLD);
    }
    take(channel, { offset = 0, previous_offset, epoch }, dense) {
        const last = this.#positions.get(channel);
        if (last === undefined) {
            this.set(channel, { epoch: epoch ?? this.#begun.get(channel) ?? "", offset });
            this.#begun.delete(channel);
            return "next";
        }
        if (epoch !== undefined && last.epoch !== "" && epoch !== last.epoch)
            return "gap";
        if (offset <= last.offset)
            return "repeat";
        if (dense && (previous_offset ?? offset - 1) > last.offset)
            return "gap";
        this.set(channel, { epoch: last.epoch === "" ? (epoch ?? "") : last.epoch, offset });
        return "next";
    }
    flush() {
        if (!this.#timer.isSet)
            return;
        this.#timer.stop();
        this.#saved.write();
    }
    #changed() {
        if (!this.#timer.isSet)
            this.#timer.set(WRITE_EVERY_MS, () => this.#saved.write());
    }
}
