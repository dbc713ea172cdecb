import type { MyelinError, Verdict } from "../client/index.js";
import { create, element } from "./page.js";

const MOST = 100;

interface Entry {
  readonly sequence: number | undefined;
  readonly line: string;
  readonly outcome: string;
  readonly detail: string;
}

/** The newest verdicts, newest first; the page holds no more than a hundred. */
export class AckLog {
  readonly #list = element("acks", HTMLOListElement);
  #fresh: Entry[] = [];

  add(verdict: Verdict, line: string): void {
    const detail =
      verdict.status === "rejected" ? `${verdict.code}: ${verdict.reason}` : verdict.memoryId;
    this.#push({ sequence: verdict.sequence, line, outcome: verdict.status, detail });
  }

  failed(error: MyelinError, line: string): void {
    this.#push({ sequence: error.sequence, line, outcome: "failed", detail: error.message });
  }

  clear(): void {
    this.#fresh = [];
    this.#list.replaceChildren(create("li", "empty", "Nothing yet."));
  }

  render(): void {
    if (this.#fresh.length === 0) return;
    this.#list.querySelector(".empty")?.remove();
    this.#list.prepend(...this.#fresh.reverse().map(row));
    this.#fresh = [];
    while (this.#list.childElementCount > MOST) this.#list.lastElementChild?.remove();
  }

  #push(entry: Entry): void {
    this.#fresh.push(entry);
    if (this.#fresh.length > MOST) this.#fresh.shift();
  }
}

function row(entry: Entry): HTMLElement {
  const item = create("li", "");
  const line = create("span", "line", entry.line);
  line.title = entry.line;
  const bad = entry.outcome === "rejected" || entry.outcome === "failed";
  const outcome = create("span", `outcome ${bad ? "rejected" : "accepted"}`, entry.outcome);
  outcome.title = entry.detail;
  item.append(create("span", "sequence", entry.sequence?.toString() ?? "–"), line, outcome);
  return item;
}
