package dev.myelin.stream;

import dev.myelin.model.SessionId;
import dev.myelin.model.SpaceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All open sessions and who owns them, under one lock that is held for moments only.
final class SessionTable {
  /// A session that was claimed, and the connection it was taken from.
  record Claim(Session session, @Nullable ObservationConnection previous) {}

  private final int maxSessions;
  private final Map<SessionId, Session> sessions = new HashMap<>();

  /// Sessions without a connection and since when, the longest first.
  private final LinkedHashMap<Session, Instant> unattended = new LinkedHashMap<>();

  SessionTable(int maxSessions) {
    this.maxSessions = maxSessions;
  }

  /// Adds a session without a connection.
  synchronized void restore(Session session, Instant now) {
    sessions.put(session.id, session);
    unattended.put(session, now);
  }

  /// Adds a session with its owner; whether there was room.
  synchronized boolean add(Session session, ObservationConnection owner) {
    if (sessions.size() >= maxSessions) {
      return false;
    }
    session.ownedBy(owner);
    sessions.put(session.id, session);
    return true;
  }

  /// Makes a connection the owner of a session, or null if there is no such session for that space.
  ///
  /// Who asks for the default space gets the session whatever its space: it may have named none.
  /// Who may not even read there is told nothing of it.
  synchronized @Nullable Claim claim(SessionId id, SpaceId space, ObservationConnection owner) {
    Session session = sessions.get(id);
    if (session == null || !isFor(session, space) || !owner.mayEnter(session.space)) {
      return null;
    }
    ObservationConnection previous = session.owner();
    session.ownedBy(owner);
    unattended.remove(session);
    return new Claim(session, previous);
  }

  private static boolean isFor(Session session, SpaceId space) {
    return session.space.equals(space)
        || (space.name().equals(SpaceId.DEFAULT.name())
            && space.tenant().equals(session.space.tenant()));
  }

  /// A connection is gone; its session, if it still is the owner, waits to be resumed.
  synchronized void release(Session session, ObservationConnection connection, Instant now) {
    if (session.owner() == connection) {
      session.ownedBy(null);
      unattended.put(session, now);
    }
  }

  /// Ends a session, if that connection still owns it; whether it did.
  synchronized boolean end(Session session, ObservationConnection connection) {
    if (session.owner() != connection) {
      return false;
    }
    session.ownedBy(null);
    sessions.remove(session.id);
    return true;
  }

  /// Ends the sessions without a connection since a time, some at once.
  synchronized List<Session> expire(Instant since, int max) {
    List<Session> expired = new ArrayList<>();
    Iterator<Map.Entry<Session, Instant>> longest = unattended.entrySet().iterator();
    while (expired.size() < max && longest.hasNext()) {
      Map.Entry<Session, Instant> entry = longest.next();
      if (entry.getValue().isAfter(since)) {
        break;
      }
      longest.remove();
      sessions.remove(entry.getKey().id);
      expired.add(entry.getKey());
    }
    return expired;
  }

  synchronized List<Session> unsettled() {
    return sessions.values().stream().filter(session -> !session.isSettled()).toList();
  }

  synchronized int size() {
    return sessions.size();
  }
}
