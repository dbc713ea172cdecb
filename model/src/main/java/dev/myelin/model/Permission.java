package dev.myelin.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What a holder may do with what, written `type:id:action[:event]`, such as `team:core:write`,
/// `library:*:read` or `agent:*:invoke:agent.invoke`.
///
/// Each part is a text, or `*` for all; an id and an event may end in `*` for all that begin so.
/// Parts that are missing at the end mean `*`, so `team:core` is all of that team and `*` is
/// everything; for `system` and `notifications`, which have no id, `system:read` is
/// `system:*:read`. The action is `read`, `write`, `invoke`, `moderate`, or `admin`, which holds
/// the others. An id may have colons in it.
///
/// A library is a memory space, and there `write` holds `read`. In the other channels nothing but
/// `admin` holds anything else.
///
/// @param type of a channel, or `library`
/// @param event the events of the action it is for
public record Permission(String type, String id, String action, String event) {
  /// The text of a permission for everything.
  public static final String EVERYTHING = "*";

  private static final int MAX_CHARACTERS = 512;
  private static final String LIBRARY = "library";
  private static final String ADMIN = "admin";
  private static final Set<String> WITHOUT_ID = Set.of("system", "notifications");
  private static final Set<String> ACTIONS =
      Set.of(EVERYTHING, "read", "write", "invoke", "moderate", ADMIN);

  public Permission {
    if (!ACTIONS.contains(action)) {
      throw invalid(type + ":" + id + ":" + action);
    }
  }

  /// The permission in a text.
  ///
  /// @throws ServiceException INVALID_REQUEST if it is none
  public static Permission parse(String text) {
    if (text.length() > MAX_CHARACTERS || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw invalid(text);
    }
    List<String> parts = List.of(text.split(":", -1));
    if (parts.stream().anyMatch(String::isEmpty)) {
      throw invalid(text);
    }
    int last = parts.size() - 1;
    if (last < 2) {
      return ofFew(parts.get(0), last == 1 ? parts.get(1) : EVERYTHING);
    }
    boolean namesEvent = last >= 3 && ACTIONS.contains(parts.get(last - 1));
    int action = namesEvent ? last - 1 : last;
    return new Permission(
        parts.get(0),
        String.join(":", parts.subList(1, action)),
        parts.get(action),
        namesEvent ? parts.get(last) : EVERYTHING);
  }

  private static Permission ofFew(String type, String second) {
    return WITHOUT_ID.contains(type) && ACTIONS.contains(second)
        ? new Permission(type, EVERYTHING, second, EVERYTHING)
        : new Permission(type, second, EVERYTHING, EVERYTHING);
  }

  /// What the scopes of a key permit: in all of the tenant, its channels too.
  public static List<Permission> of(List<Grant> grants) {
    List<Permission> all = new ArrayList<>();
    for (Grant grant : grants) {
      if (grant.space() != null) {
        all.add(new Permission(LIBRARY, grant.space(), grant.scope().word(), EVERYTHING));
        continue;
      }
      switch (grant.scope()) {
        case READ -> all.add(everywhere("read"));
        case WRITE -> {
          all.add(everywhere("read"));
          all.add(everywhere("write"));
          all.add(everywhere("invoke"));
        }
        case ADMIN -> all.add(everywhere(EVERYTHING));
      }
    }
    return List.copyOf(all);
  }

  private static Permission everywhere(String action) {
    return new Permission(EVERYTHING, EVERYTHING, action, EVERYTHING);
  }

  /// Whether it lets its holder do so in a channel, with any event at least. To read, which is
  /// always all of a channel, takes a permission for all events.
  ///
  /// @param channelType how the type is written
  boolean allows(ChannelAction wanted, String channelType, String channelId) {
    return covers(channelType, channelId)
        && holds(wanted.word(), channelType)
        && (wanted != ChannelAction.READ || event.equals(EVERYTHING));
  }

  /// Whether it lets its holder send an event of that type to a channel.
  boolean allowsEvent(String eventType, String channelType, String channelId) {
    return covers(channelType, channelId)
        && holds(ChannelAction.ofEvent(eventType).word(), channelType)
        && matches(event, eventType);
  }

  boolean allows(Scope wanted, String space) {
    return covers(LIBRARY, space) && holdsScope(wanted);
  }

  /// Whether it is for all libraries, also for those to come.
  boolean allowsEverywhere(Scope wanted) {
    return id.equals(EVERYTHING) && isFor(LIBRARY) && holdsScope(wanted);
  }

  private boolean holdsScope(Scope wanted) {
    boolean everyEvent = event.equals(EVERYTHING);
    return everyEvent
        && (action.equals(EVERYTHING)
            || Scope.parse(action).filter(scope -> scope.holds(wanted)).isPresent());
  }

  private boolean covers(String channelType, String channelId) {
    return isFor(channelType) && matches(id, channelId);
  }

  private boolean isFor(String channelType) {
    return type.equals(EVERYTHING) || type.equals(channelType);
  }

  private boolean holds(String wanted, String channelType) {
    return action.equals(wanted)
        || action.equals(EVERYTHING)
        || action.equals(ADMIN)
        || (channelType.equals(LIBRARY) && action.equals("write") && wanted.equals("read"));
  }

  private static boolean matches(String pattern, String text) {
    return pattern.endsWith(EVERYTHING)
        ? text.startsWith(pattern.substring(0, pattern.length() - 1))
        : pattern.equals(text);
  }

  private static ServiceException invalid(String text) {
    return new ServiceException(
        ErrorCode.INVALID_REQUEST,
        "Invalid permission: "
            + Excerpt.of(text)
            + " (expected: type:id:action or type:id:action:event, each part a text or *, with the"
            + " action read, write, invoke, moderate or admin; such as team:core:write).");
  }

  @Override
  public String toString() {
    if (!event.equals(EVERYTHING)) {
      return type + ":" + id + ":" + action + ":" + event;
    }
    if (type.equals(EVERYTHING) && id.equals(EVERYTHING) && action.equals(EVERYTHING)) {
      return EVERYTHING;
    }
    return type + ":" + id + ":" + action;
  }
}
