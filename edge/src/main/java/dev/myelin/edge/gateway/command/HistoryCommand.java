package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.Envelopes;
import dev.myelin.edge.gateway.GatewayError;
import dev.myelin.edge.gateway.connection.GatewaySocket;
import dev.myelin.edge.gateway.message.Inbound;
import dev.myelin.edge.gateway.message.Names;
import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.edge.gateway.message.Words;
import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.live.channel.ChannelEnd;
import dev.myelin.live.channel.ChannelEvent;
import dev.myelin.live.channel.ChannelPage;
import dev.myelin.model.ChannelId;
import java.util.List;

/// Tells what was said on a channel.
final class HistoryCommand {
  private static final int MAX = 200;
  private static final int USUAL = 50;

  void history(GatewaySocket socket, Inbound command) {
    ChannelId channel = Names.readable(socket.visitor().known(), command.about());
    Payload wanted = command.payload();
    GatewayError tooFast = socket.desk().limits().refuse(socket, command, 1);
    if (tooFast != null) {
      socket.faults().refuse(command, tooFast);
      return;
    }
    int limit = Math.clamp(wanted.number("limit", USUAL), 1, MAX);
    Long before = wanted.number("before");
    Long after = wanted.number("after");
    socket
        .tasks()
        .offLoop(
            command,
            () -> {
              ChannelEnd end = socket.ground().source().end(channel);
              long top = before == null ? end.offset() + 1 : before;
              long from = after != null ? after : Math.max(end.oldest(), top - 1 - limit);
              ChannelPage page =
                  from >= end.offset()
                      ? new ChannelPage(end.epoch(), List.of(), from, false)
                      : socket.ground().source().read(channel, from, limit);
              List<ChannelEvent> events =
                  page.events().stream()
                      .filter(event -> before == null || event.offset() < before)
                      .toList();
              boolean more = after != null ? page.more() : from > end.oldest();
              return () ->
                  socket
                      .out()
                      .reply(
                          command,
                          Words.reply(
                              command,
                              "channel.history",
                              json -> {
                                json.writeStartObject();
                                Opening.channel(json, "channel", channel);
                                json.writeStringField("epoch", page.epoch());
                                json.writeBooleanField("has_more", more);
                                json.writeArrayFieldStart("events");
                                for (ChannelEvent event : events) {
                                  Envelopes.event(json, event, command.dialect().form(), true);
                                }
                                json.writeEndArray();
                                json.writeEndObject();
                              }));
            });
  }
}
