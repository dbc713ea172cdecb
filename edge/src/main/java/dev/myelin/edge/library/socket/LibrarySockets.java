package dev.myelin.edge.library.socket;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.LibraryIds;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.LibraryService;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The sockets of all libraries. Any thread.
public final class LibrarySockets {
  private static final String PREFIX = "/v1/libraries/";
  private static final String SUFFIX = "/ws";

  private final LibraryService libraries;
  private final DocumentReader reader;
  private final KeyWatch keys;
  private final Executor blocking;
  private final Map<Executor, LoopMailbox> mailboxes = new ConcurrentHashMap<>();

  /// Rooms with how many sockets are in them, or on their way in. Guarded by itself.
  private final Map<SpaceId, Room> rooms = new HashMap<>();

  private static final class Room {
    final LibraryRoom room;
    int sockets;

    Room(LibraryRoom room) {
      this.room = room;
    }
  }

  /// @param blocking runs what may block, a virtual thread each
  public LibrarySockets(
      LibraryService libraries, DocumentReader reader, KeyWatch keys, Executor blocking) {
    this.libraries = libraries;
    this.reader = reader;
    this.keys = keys;
    this.blocking = blocking;
  }

  /// The library whose socket a path is, or null.
  public static @Nullable String libraryOf(String path) {
    if (!path.startsWith(PREFIX) || !path.endsWith(SUFFIX)) {
      return null;
    }
    int end = path.length() - SUFFIX.length();
    String name = end <= PREFIX.length() ? "" : path.substring(PREFIX.length(), end);
    return name.isEmpty() || name.indexOf('/') >= 0 ? null : name;
  }

  /// A place for one socket in a library, taken before the handshake. Blocks.
  ///
  /// @throws dev.myelin.model.ServiceException LIBRARY_NOT_FOUND, PERMISSION_DENIED if the
  ///   principal may not even read there
  public Entry enter(Principal principal, String name) {
    SpaceId wanted = principal.require(Scope.READ, LibraryIds.of(principal.tenant(), name));
    SpaceId library = LibraryIds.info(libraries, wanted).id();
    LibraryRoom room;
    synchronized (rooms) {
      Room known =
          rooms.computeIfAbsent(library, id -> new Room(new LibraryRoom(id, libraries.feed())));
      known.sockets++;
      room = known.room;
    }
    Entry entry = new Entry(room, principal, libraries.feed().end(library));
    try {
      room.open();
      return entry;
    } catch (RuntimeException e) {
      entry.leave();
      throw e;
    }
  }

  /// A place for one socket.
  public final class Entry implements Function<WebSocketChannel, SocketListener> {
    private final LibraryRoom room;
    private final Principal principal;
    private final long end;
    private boolean left;

    private Entry(LibraryRoom room, Principal principal, long end) {
      this.room = room;
      this.principal = principal;
      this.end = end;
    }

    /// Opens the socket, on its event loop.
    @Override
    public SocketListener apply(WebSocketChannel channel) {
      LoopMailbox mailbox = mailboxes.computeIfAbsent(channel.loop(), LoopMailbox::new);
      LibrarySocket socket =
          new LibrarySocket(
              channel,
              new LibrarySocket.Place(room, mailbox, this),
              libraries,
              new SocketActions(libraries, reader, principal, room.library()),
              blocking);
      socket.open(end);
      socket.watch(keys, principal);
      return socket;
    }

    /// Gives the place up; more than once is as good as once.
    public void leave() {
      synchronized (rooms) {
        Room known = rooms.get(room.library());
        if (left || known == null) {
          return;
        }
        left = true;
        if (--known.sockets == 0) {
          rooms.remove(room.library());
          room.close();
        }
      }
    }
  }

  /// How many sockets are open now, by the name of their library: of those that somebody may read.
  public SortedMap<String, Integer> open(Principal principal) {
    SortedMap<String, Integer> open = new TreeMap<>();
    synchronized (rooms) {
      rooms.forEach((library, room) -> {
        if (principal.may(Scope.READ, library)) {
          open.put(library.name(), room.sockets);
        }
      });
    }
    return open;
  }
}
