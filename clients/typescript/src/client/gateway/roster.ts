import { isObject, list, number, text, type Envelope, type Json } from "./envelope.js";
import type { PresenceCounts, PresenceMember } from "./payloads.js";

/** Who came, went or changed, and who is there now. */
export interface PresenceChange {
  readonly joined: readonly PresenceMember[];
  readonly left: readonly PresenceMember[];
  readonly updated: readonly PresenceMember[];
  readonly members: readonly PresenceMember[];
  readonly counts: PresenceCounts;
}

/**
 * Who is on a channel. A break of the own connection leaves it as it was, until the server tells anew. Channels
 * with many members tell counts only.
 */
export class Roster {
  readonly #members = new Map<string, PresenceMember>();
  #version: number | undefined;
  #counts: PresenceCounts = { users: 0, connections: 0 };

  get members(): PresenceMember[] {
    return [...this.#members.values()];
  }

  get counts(): PresenceCounts {
    return this.#counts;
  }

  get(userId: string): PresenceMember | undefined {
    return this.#members.get(userId);
  }

  clear(): void {
    this.#members.clear();
    this.#version = undefined;
    this.#counts = { users: 0, connections: 0 };
  }

  /** Takes a `channel.presence` over: what changed, nothing new, or that something is missing before it. */
  apply({ payload }: Envelope): PresenceChange | "repeat" | "gap" {
    const version = number(payload["version"]);
    const kind = text(payload["kind"]);
    if (kind === "diff" && version !== undefined) {
      if (this.#version === undefined || version > this.#version + 1) return "gap";
      if (version <= this.#version) return "repeat";
    }
    this.#version = version;
    this.#count(payload["counts"]);
    const change =
      kind === "snapshot" ? this.#replace(payload) : kind === "diff" ? this.#merge(payload) : this.#only();
    if (!isObject(payload["counts"])) this.#counts = { users: this.#members.size, connections: 0 };
    return { ...change, members: this.members, counts: this.#counts };
  }

  #replace(payload: Json): Changed {
    const before = new Map(this.#members);
    this.#members.clear();
    const [joined, updated]: PresenceMember[][] = [[], []];
    for (const member of members(payload["users"])) {
      this.#members.set(member.id, member);
      const old = before.get(member.id);
      before.delete(member.id);
      if (old === undefined) joined!.push(member);
      else if (JSON.stringify(old) !== JSON.stringify(member)) updated!.push(member);
    }
    return { joined: joined!, left: [...before.values()], updated: updated! };
  }

  #merge(payload: Json): Changed {
    const joined = members(payload["joined"]);
    const updated = members(payload["updated"]);
    const left = members(payload["left"]);
    for (const member of [...joined, ...updated]) this.#members.set(member.id, member);
    for (const member of left) this.#members.delete(member.id);
    return { joined, left, updated };
  }

  /** Only counts are told: nobody is known by name any more. */
  #only(): Changed {
    this.#members.clear();
    return { joined: [], left: [], updated: [] };
  }

  #count(given: unknown): void {
    if (!isObject(given)) return;
    this.#counts = { users: number(given["users"]) ?? 0, connections: number(given["connections"]) ?? 0 };
  }
}

type Changed = Pick<PresenceChange, "joined" | "left" | "updated">;

/** Members are objects; who left may be told by id alone. */
function members(given: unknown): PresenceMember[] {
  return list(given).flatMap((member) => {
    if (typeof member === "string") return { id: member, status: "offline" as const };
    return isObject(member) && typeof member["id"] === "string" ? (member as unknown as PresenceMember) : [];
  });
}
