import { isObject, list, number, text, type Envelope, type Json } from "./envelope.js";

/** Messages being written at a time that are followed; of more, the oldest are let go of. */
const MAX_MESSAGES = 64;

interface Message {
  readonly blocks: Map<number, string>;
  seq: number;
}

/**
 * The text of messages that are still being written. A piece says where it begins, so that one that is told
 * twice, as after a resume, adds nothing, and one that is missing is noticed.
 */
export class Fragments {
  readonly #messages = new Map<string, Message>();

  /** The text so far; undefined of a message that is not being written. */
  textOf(messageId: string): string | undefined {
    const message = this.#messages.get(messageId);
    if (message === undefined) return undefined;
    const blocks = [...message.blocks].sort(([a], [b]) => a - b);
    return blocks.map(([, block]) => block).join("");
  }

  /** What is held, for the server to go on from. */
  live(): { message_id: string; seq: number; length: number }[] {
    return Array.from(this.#messages, ([message_id, { seq, blocks }]) => {
      const length = [...blocks.values()].reduce((sum, block) => sum + block.length, 0);
      return { message_id, seq, length };
    });
  }

  /**
   * Takes an event of a message over.
   *
   * @returns the event, without the part of its text that is here already; undefined if that is all of it;
   *   `gap` if text before it is missing
   */
  apply(envelope: Envelope): Envelope | "gap" | undefined {
    const id = text(envelope.payload["message_id"]);
    if (id === undefined || !envelope.type.startsWith("assistant.")) return envelope;
    switch (envelope.type) {
      case "assistant.content":
      case "assistant.delta":
        return this.#piece(id, envelope);
      case "assistant.snapshot":
        this.#replace(id, envelope.payload);
        return envelope;
      case "assistant.reset":
        this.#reset(id, number(envelope.payload["from_block"]) ?? 0);
        return envelope;
      case "assistant.complete":
      case "assistant.cancelled":
      case "assistant.error":
        if (envelope.payload["will_retry"] !== true) this.#messages.delete(id);
        return envelope;
      default:
        return envelope;
    }
  }

  #piece(id: string, envelope: Envelope): Envelope | "gap" | undefined {
    const { payload } = envelope;
    const content = text(payload["content"]) ?? "";
    const message = this.#message(id);
    const block = number(payload["block_index"]) ?? 0;
    const before = message.blocks.get(block) ?? "";
    const at = number(payload["at"]) ?? before.length;
    if (at > before.length) return "gap";
    message.seq = Math.max(message.seq, number(payload["seq"]) ?? message.seq);
    const added = content.slice(before.length - at);
    if (added === "" && content !== "") return undefined;
    message.blocks.set(block, before + added);
    return { ...envelope, payload: { ...payload, content: added, at: before.length } };
  }

  #replace(id: string, payload: Json): void {
    const message = this.#message(id);
    message.seq = number(payload["seq"]) ?? message.seq;
    message.blocks.clear();
    list(payload["blocks"]).forEach((block, index) => {
      if (!isObject(block)) return;
      const content = text(block["content"]) ?? text(block["text"]) ?? "";
      message.blocks.set(number(block["block_index"]) ?? index, content);
    });
  }

  #reset(id: string, from: number): void {
    const { blocks } = this.#message(id);
    for (const index of [...blocks.keys()]) if (index >= from) blocks.delete(index);
  }

  #message(id: string): Message {
    let message = this.#messages.get(id);
    if (message === undefined) {
      message = { blocks: new Map(), seq: -1 };
      this.#messages.set(id, message);
      const [oldest] = this.#messages.keys();
      if (this.#messages.size > MAX_MESSAGES && oldest !== undefined) this.#messages.delete(oldest);
    }
    return message;
  }
}
