package dev.myelin.edge.gateway;

import dev.myelin.model.Excerpt;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What is switched off for whom: the gateway for a tenant, or one of its capabilities.
///
/// @param off `acme` for the gateway, `acme:presence` for a capability; `*` stands for every tenant
public record Switches(Set<String> off) {
  public static final Switches ALL_ON = new Switches(Set.of());

  /// What can be switched by itself.
  public static final List<String> CAPABILITIES =
      List.of("batch", "flow", "history", "presence", "resume");

  /// What those are told for whom the gateway is off.
  public static final String CLOSED =
      "The gateway is switched off for this tenant. Read /v1/channels/{type}/{id}/events as"
          + " text/event-stream, or with wait=30s, and post to it.";

  private static final Pattern ENTRY =
      Pattern.compile("(\\*|[a-z0-9_-]{1,64})(:(" + String.join("|", CAPABILITIES) + "))?");

  public Switches {
    for (String entry : off) {
      if (!ENTRY.matcher(entry).matches()) {
        throw new IllegalArgumentException(
            "gateway.off: "
                + Excerpt.of(entry)
                + " (expected: a tenant such as acme, or one with a capability such as"
                + " acme:presence; * is every tenant; capabilities are "
                + String.join(", ", CAPABILITIES)
                + ")");
      }
    }
    off = Set.copyOf(off);
  }

  /// Whether a tenant's clients may connect.
  public boolean isOn(String tenant) {
    return !off.contains(tenant) && !off.contains("*");
  }

  /// Whether a tenant's clients may use a capability.
  public boolean isOn(String tenant, String capability) {
    return !off.contains(tenant + ":" + capability) && !off.contains("*:" + capability);
  }
}
