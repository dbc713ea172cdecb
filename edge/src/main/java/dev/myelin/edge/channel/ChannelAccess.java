package dev.myelin.edge.channel;

import dev.myelin.live.channel.ChannelSource;
import dev.myelin.model.ChannelAction;
import dev.myelin.model.ChannelId;
import dev.myelin.model.ChannelType;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;

/// Who may hear and who may say something on a channel. A channel that may not be heard is as one
/// that does not exist.
public final class ChannelAccess {
  private ChannelAccess() {}

  /// A channel to be heard.
  ///
  /// @throws ServiceException NOT_FOUND if the principal may not, or there is no such library
  public static ChannelId heard(Principal principal, ChannelSource source, ChannelId channel) {
    boolean missing = channel.type() == ChannelType.LIBRARY && !source.exists(channel);
    if (missing || !principal.may(ChannelAction.READ, channel)) {
      throw unknown(channel);
    }
    return channel;
  }

  /// A channel on which an event of a type is to be said. Who runs a tenant alone speaks to all of
  /// it.
  ///
  /// @throws ServiceException NOT_FOUND if the principal may neither hear it nor say that there,
  ///   PERMISSION_DENIED if it may hear it only, UNSUPPORTED if it is a library's
  public static ChannelId said(
      Principal principal, ChannelSource source, ChannelId channel, String type) {
    if (channel.type() == ChannelType.LIBRARY) {
      var _ = heard(principal, source, channel);
      throw new ServiceException(
          ErrorCode.UNSUPPORTED,
          channel.name()
              + " tells what changes in the library, and nothing else. Change the library, or"
              + " publish on another channel.");
    }
    if (may(principal, channel, type)) {
      return channel;
    }
    if (!principal.may(ChannelAction.READ, channel)) {
      throw unknown(channel);
    }
    throw new ServiceException(
        ErrorCode.PERMISSION_DENIED,
        "This credential may not publish "
            + type
            + " on "
            + channel.name()
            + " (expected: the permission "
            + required(channel, type)
            + "). Use another credential, or ask whoever administers them.");
  }

  private static boolean may(Principal principal, ChannelId channel, String type) {
    return principal.maySend(type, channel)
        && (!channel.type().isGlobal() || principal.may(ChannelAction.MODERATE, channel));
  }

  private static String required(ChannelId channel, String type) {
    if (channel.type().isGlobal()) {
      return channel.name() + ":admin";
    }
    return channel.name() + ":" + ChannelAction.ofEvent(type).word();
  }

  private static ServiceException unknown(ChannelId channel) {
    return new ServiceException(
        ErrorCode.NOT_FOUND,
        "There is no channel "
            + channel.name()
            + " here. Check its name, and that the credential is for this tenant and channel.");
  }
}
