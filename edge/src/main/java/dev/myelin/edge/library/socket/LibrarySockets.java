package dev.myelin.edge.library.socket;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.fanout.FanOut;
import dev.myelin.edge.library.DocumentReader;
import dev.myelin.edge.library.LibraryIds;
import dev.myelin.edge.socket.SocketListener;
import dev.myelin.edge.socket.WebSocketChannel;
import dev.myelin.library.LibraryService;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.SpaceId;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final FanOut fanOut;

  /// How many sockets are open, or on their way in.
  private final Map<SpaceId, Integer> sockets = new ConcurrentHashMap<>();

  /// @param fanOut tells of what happens in libraries
  /// @param blocking runs what may block, a virtual thread each
  public LibrarySockets(
      LibraryService libraries,
      DocumentReader reader,
      KeyWatch keys,
      FanOut fanOut,
      Executor blocking) {
    this.libraries = libraries;
    this.reader = reader;
    this.keys = keys;
    this.fanOut = fanOut;
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
    return new Entry(library, principal, libraries.feed().end(library));
  }

  /// A place for one socket.
  public final class Entry implements Function<WebSocketChannel, SocketListener> {
    private final SpaceId library;
    private final Principal principal;
    private final long end;
    private final AtomicBoolean left = new AtomicBoolean();

    private Entry(SpaceId library, Principal principal, long end) {
      this.library = library;
      this.principal = principal;
      this.end = end;
      sockets.merge(library, 1, Integer::sum);
    }

    /// Opens the socket, on its event loop.
    @Override
    public SocketListener apply(WebSocketChannel channel) {
      LibrarySocket socket =
          new LibrarySocket(
              channel,
              new LibrarySocket.Place(library, fanOut, this),
              libraries,
              new SocketActions(libraries, reader, principal, library),
              blocking);
      socket.open(end);
      socket.watch(keys, principal);
      return socket;
    }

    /// Gives the place up; more than once is as good as once.
    public void leave() {
      if (left.compareAndSet(false, true)) {
        sockets.computeIfPresent(library, (_, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /// How many sockets are open now, by the name of their library: of those that somebody may read.
  public SortedMap<String, Integer> open(Principal principal) {
    SortedMap<String, Integer> open = new TreeMap<>();
    sockets.forEach((library, count) -> {
      if (principal.may(Scope.READ, library)) {
        open.put(library.name(), count);
      }
    });
    return open;
  }
}
