/// Channels over plain HTTP, for back ends and for networks that hold WebSockets back: publishing,
/// history, server-sent events and long polls, with the events and offsets of the sockets.
///
/// `/v1/channels/{channel_type}/{channel_id}/events` is a channel; `system` and `notifications`, of
/// which a tenant has one each, are `/v1/channels/{channel_type}/events`.
@NullMarked
package dev.myelin.edge.channel;

import org.jspecify.annotations.NullMarked;
