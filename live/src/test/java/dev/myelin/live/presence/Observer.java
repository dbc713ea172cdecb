package dev.myelin.live.presence;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A client that keeps a roster as the contract says: a snapshot, and every later diff in turn.
final class Observer {
  private static final Pattern USER = Pattern.compile("\\{\"id\":\"([^\"]+)\",\"name\"[^{}]*\\}");

  final List<String> joins = new ArrayList<>();
  final List<String> lefts = new ArrayList<>();
  long version;
  int gaps;
  private Map<String, String> roster = new TreeMap<>();
  private int heard;

  void take(String snapshot) {
    version = PresenceWorld.version(snapshot);
    roster = rosterOf(snapshot);
  }

  /// Hears what it has not heard yet.
  void hear(List<String> told) {
    for (String each : told.subList(Math.min(heard, told.size()), told.size())) {
      hear(each);
    }
    heard = told.size();
  }

  private void hear(String payload) {
    long next = PresenceWorld.version(payload);
    if (next <= version) {
      return;
    }
    gaps += next == version + 1 ? 0 : 1;
    version = next;
    if (payload.contains("\"kind\":\"snapshot\"")) {
      roster = rosterOf(payload);
    } else if (payload.contains("\"kind\":\"diff\"")) {
      Map<String, String> joined = users(list(payload, "joined"));
      Map<String, String> left = users(list(payload, "left"));
      roster.putAll(joined);
      roster.putAll(users(list(payload, "updated")));
      roster.keySet().removeAll(left.keySet());
      joins.addAll(joined.keySet());
      lefts.addAll(left.keySet());
    }
  }

  Map<String, String> roster() {
    return roster;
  }

  /// Users by id, without the time of their last input: that alone is no news.
  static Map<String, String> rosterOf(String snapshot) {
    return users(list(snapshot, "users"));
  }

  private static String list(String payload, String field) {
    int start = payload.indexOf("\"" + field + "\":[");
    return start < 0 ? "" : payload.substring(start, payload.indexOf(']', start));
  }

  private static Map<String, String> users(String list) {
    Map<String, String> users = new TreeMap<>();
    Matcher user = USER.matcher(list);
    while (user.find()) {
      users.put(user.group(1), user.group().replaceAll(",\"last_active_at\":\"[^\"]*\"", ""));
    }
    return users;
  }
}
