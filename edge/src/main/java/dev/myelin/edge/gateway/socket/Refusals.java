package dev.myelin.edge.gateway.socket;

import dev.myelin.model.ChannelId;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.ServiceException;

/// What clients are told of channels that are not theirs: that there are none.
final class Refusals {
  private Refusals() {}

  static ServiceException noSuch(ChannelId channel) {
    return new ServiceException(
        ErrorCode.INVALID_CHANNEL,
        "There is no channel "
            + channel.name()
            + " that you may hear. Ask for it with its full name, or for permission.");
  }
}
