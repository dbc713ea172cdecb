import { channelName, errorOf, isError, isOwn, text } from "./envelope.js";
import { GatewayError } from "./errors.js";
import { eventOf } from "./events.js";
export class Receiver {
    #parts;
    #user;
    constructor(parts, user) {
        this.#parts = parts;
        this.#user = user;
    }
    receive(envelope) {
        const { type, payload } = envelope;
        if (isError(envelope)) {
            this.#failed(envelope);
            return;
        }
        const answered = envelope.reply_to !== undefined && this.#parts.outbox.replied(envelope);
        if (answered && (type === "ack" || type === "channel.history"))
            return;
        const channel = channelName(envelope.channel ?? payload["channel"]) ?? "";
        switch (type) {
            case "connection.goaway":
                this.#parts.link.leaveAfter(Number(payload["after_ms"] ?? 0));
                break;
            case "connection.token_expiring":
                this.#parts.refresh.now();
                break;
            case "channel.subscribed":
                this.#parts.subscriptions.subscribed(payload);
                break;
            case "channel.unsubscribed":
                this.#unsubscribed(channel, payload);
                break;
            case "channel.presence":
                this.#parts.channels.get(channel)?.tellPresence(envelope);
                break;
            default:
                this.#take(envelope);
                return;
        }
        this.tell(envelope);
    }
    tell(envelope) {
        if (!envelope.type.includes("."))
            return;
        const event = eventOf(envelope);
        if (event.channel !== undefined)
            this.#parts.channels.get(event.channel)?.tell(event);
        this.#user.tell(event);
    }
    #take(envelope) {
        const { positions, subscriptions, fragments } = this.#parts;
        const { channel, offset, ephemeral } = envelope;
        if (channel !== undefined && !isOwn(channel) && !subscriptions.has(channel))
            return;
        if (channel !== undefined && offset !== undefined && ephemeral !== true) {
            const verdict = positions.take(channel, envelope, subscriptions.isDense(channel));
            if (verdict === "gap")
                this.#mend(channel);
            if (verdict !== "next")
                return;
            subscriptions.followed(channel);
        }
        const piece = fragments.apply(envelope);
        if (piece === "gap")
            this.#mend(channel ?? "");
        else if (piece !== undefined)
            this.tell(piece);
    }
    #mend(channel) {
        const { subscriptions } = this.#parts;
        if (isOwn(channel) && !subscriptions.has(channel))
            void subscriptions.want(channel, {});
        else
            subscriptions.mend(channel);
    }
    #failed(envelope) {
        const { refresh, subscriptions, outbox } = this.#parts;
        const error = errorOf(envelope);
        if (error.code === 4002)
            refresh.now();
        const refused = subscriptions.refused(error);
        if (!refused && !outbox.replied(envelope))
            this.#user.failed(error);
    }
    #unsubscribed(channel, payload) {
        const { subscriptions, positions, channels } = this.#parts;
        const reason = text(payload["reason"]) ?? "unknown";
        if (payload["resubscribe"] === true) {
            subscriptions.again(channel);
            return;
        }
        if (reason === "client" && subscriptions.has(channel))
            return;
        const left = new GatewayError(0, "CLOSED", `${channel} was unsubscribed: ${reason}.`, { channel });
        subscriptions.drop(channel, left);
        positions.remove(channel);
        channels.get(channel)?.tellUnsubscribed(reason, undefined);
    }
}
