import { isObject, list, number, text } from "./envelope.js";
const MAX_MESSAGES = 64;
export class Fragments {
    #messages = new Map();
    textOf(messageId) {
        const message = this.#messages.get(messageId);
        if (message === undefined)
            return undefined;
        const blocks = [...message.blocks].sort(([a], [b]) => a - b);
        return blocks.map(([, block]) => block).join("");
    }
    live() {
        return Array.from(this.#messages, ([message_id, { seq, blocks }]) => {
            const length = [...blocks.values()].reduce((sum, block) => sum + block.length, 0);
            return { message_id, seq, length };
        });
    }
    apply(envelope) {
        const id = text(envelope.payload["message_id"]);
        if (id === undefined || !envelope.type.startsWith("assistant."))
            return envelope;
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
                if (envelope.payload["will_retry"] !== true)
                    this.#messages.delete(id);
                return envelope;
            default:
                return envelope;
        }
    }
    #piece(id, envelope) {
        const { payload } = envelope;
        const content = text(payload["content"]) ?? "";
        const message = this.#message(id);
        const block = number(payload["block_index"]) ?? 0;
        const before = message.blocks.get(block) ?? "";
        const at = number(payload["at"]) ?? before.length;
        if (at > before.length)
            return "gap";
        message.seq = Math.max(message.seq, number(payload["seq"]) ?? message.seq);
        const added = content.slice(before.length - at);
        if (added === "" && content !== "")
            return undefined;
        message.blocks.set(block, before + added);
        return { ...envelope, payload: { ...payload, content: added, at: before.length } };
    }
    #replace(id, payload) {
        const message = this.#message(id);
        message.seq = number(payload["seq"]) ?? message.seq;
        message.blocks.clear();
        list(payload["blocks"]).forEach((block, index) => {
            if (!isObject(block))
                return;
            const content = text(block["content"]) ?? text(block["text"]) ?? "";
            message.blocks.set(number(block["block_index"]) ?? index, content);
        });
    }
    #reset(id, from) {
        const { blocks } = this.#message(id);
        for (const index of [...blocks.keys()])
            if (index >= from)
                blocks.delete(index);
    }
    #message(id) {
        let message = this.#messages.get(id);
        if (message === undefined) {
            message = { blocks: new Map(), seq: -1 };
            this.#messages.set(id, message);
            const [oldest] = this.#messages.keys();
            if (this.#messages.size > MAX_MESSAGES && oldest !== undefined)
                this.#messages.delete(oldest);
        }
        return message;
    }
}
