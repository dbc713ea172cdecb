import { isObject, list, number, text } from "./envelope.js";
export class Roster {
    #members = new Map();
    #version;
    #counts = { users: 0, connections: 0 };
    get members() {
        return [...this.#members.values()];
    }
    get counts() {
        return this.#counts;
    }
    get(userId) {
        return this.#members.get(userId);
    }
    clear() {
        this.#members.clear();
        this.#version = undefined;
        this.#counts = { users: 0, connections: 0 };
    }
    apply({ payload }) {
        const version = number(payload["version"]);
        const kind = text(payload["kind"]);
        if (kind === "diff" && version !== undefined) {
            if (this.#version === undefined || version > this.#version + 1)
                return "gap";
            if (version <= this.#version)
                return "repeat";
        }
        this.#version = version;
        this.#count(payload["counts"]);
        const change = kind === "snapshot" ? this.#replace(payload) : kind === "diff" ? this.#merge(payload) : this.#only();
        if (!isObject(payload["counts"]))
            this.#counts = { users: this.#members.size, connections: 0 };
        return { ...change, members: this.members, counts: this.#counts };
    }
    #replace(payload) {
        const before = new Map(this.#members);
        this.#members.clear();
        const [joined, updated] = [[], []];
        for (const member of members(payload["users"])) {
            this.#members.set(member.id, member);
            const old = before.get(member.id);
            before.delete(member.id);
            if (old === undefined)
                joined.push(member);
            else if (JSON.stringify(old) !== JSON.stringify(member))
                updated.push(member);
        }
        return { joined: joined, left: [...before.values()], updated: updated };
    }
    #merge(payload) {
        const joined = members(payload["joined"]);
        const updated = members(payload["updated"]);
        const left = members(payload["left"]);
        for (const member of [...joined, ...updated])
            this.#members.set(member.id, member);
        for (const member of left)
            this.#members.delete(member.id);
        return { joined, left, updated };
    }
    #only() {
        this.#members.clear();
        return { joined: [], left: [], updated: [] };
    }
    #count(given) {
        if (!isObject(given))
            return;
        this.#counts = { users: number(given["users"]) ?? 0, connections: number(given["connections"]) ?? 0 };
    }
}
function members(given) {
    return list(given).flatMap((member) => {
        if (typeof member === "string")
            return { id: member, status: "offline" };
        return isObject(member) && typeof member["id"] === "string" ? member : [];
    });
}
