import { channelName } from "./envelope.js";
export function eventOf(envelope) {
    const { id, type, offset, epoch, correlation_id, sender, payload } = envelope;
    return {
        id,
        type,
        channel: channelName(envelope.channel ?? payload["channel"]),
        offset,
        epoch,
        timestamp: envelope.timestamp === undefined ? undefined : new Date(envelope.timestamp),
        correlationId: correlation_id,
        sender,
        replayed: envelope.replayed === true,
        payload,
    };
}
