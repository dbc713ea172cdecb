package dev.myelin.edge.gateway.subscription;

import dev.myelin.edge.gateway.message.Payload;
import dev.myelin.live.session.PresenceDetail;
import dev.myelin.model.ChannelId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client wants of a channel.
///
/// @param epoch of the offset; null if it does not say
/// @param offset up to which it has everything; null for here and now
/// @param rewind how many of the newest events it wants anyway
/// @param types of events it wants; empty for all
/// @param presence how much it wants to know of who is there
public record Wish(
    ChannelId channel,
    @Nullable String epoch,
    @Nullable Long offset,
    int rewind,
    List<String> types,
    PresenceDetail presence) {

  /// The same from where a client says that it is.
  public Wish at(Payload position) {
    Long said = position.number("offset");
    String of = position.text("epoch");
    return new Wish(
        channel, of == null ? epoch : of, said == null ? offset : said, rewind, types, presence);
  }

  public static Wish from(ChannelId channel, @Nullable String epoch, @Nullable Long offset) {
    return new Wish(channel, epoch, offset, 0, List.of(), PresenceDetail.NONE);
  }
}
