package dev.myelin.edge.auth;

import dev.myelin.live.access.ApiKeys;
import dev.myelin.live.token.TokenException;
import dev.myelin.live.token.TokenException.Reason;
import dev.myelin.live.token.TokenVerifier;
import dev.myelin.live.token.Tokens;
import dev.myelin.model.Principal;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tells whom a credential stands for, the same on every surface: the server's own key, a key that
/// was made here, a token, or a ticket. Any thread; never blocks.
public final class Credentials {
  private final @Nullable ApiKey rootKey;
  private final boolean tokensAreTaken;
  private final boolean loopback;
  private final AtomicReference<@Nullable Opened> opened = new AtomicReference<>();

  private record Opened(ApiKeys keys, Tokens tokens) {}

  /// @param rootKey whoever shows it runs the server; null if none is configured
  /// @param tokensAreTaken whether tokens are configured
  /// @param loopback whether the server can be reached from this machine only: then, with nothing
  ///   configured, who shows nothing runs it too
  public Credentials(@Nullable ApiKey rootKey, boolean tokensAreTaken, boolean loopback) {
    this.rootKey = rootKey;
    this.tokensAreTaken = tokensAreTaken;
    this.loopback = loopback;
  }

  /// Lets those in whose keys were made here, and who have tokens.
  public void open(ApiKeys keys, Tokens tokens) {
    opened.set(new Opened(keys, tokens));
  }

  /// Whether who shows nothing may do nothing. If not, they are [Principal#ANONYMOUS] and run the
  /// server; beyond this machine that is so only as long as no key was made.
  public boolean required() {
    if (rootKey != null || tokensAreTaken) {
      return true;
    }
    Opened open = opened.get();
    return !loopback && open != null && !open.keys().isEmpty();
  }

  /// Whom a key or token stands for. It must be right, also where none is needed.
  ///
  /// @throws TokenException if it opens nothing, and why
  public Principal of(String keyOrToken) throws TokenException {
    if (rootKey != null && rootKey.matches(keyOrToken)) {
      return Principal.ROOT;
    }
    Opened open = requireOpen();
    if (open.tokens().areOn() && TokenVerifier.isToken(keyOrToken)) {
      return open.tokens().verify(keyOrToken);
    }
    return open.keys()
        .authenticate(keyOrToken)
        .orElseThrow(() -> new TokenException(Reason.INVALID, AccessControl.WRONG));
  }

  /// Whom a ticket stands for, which is used up by asking. What it was made with must still be
  /// good.
  ///
  /// @throws TokenException if it opens nothing, and why
  public Principal ofTicket(String ticket) throws TokenException {
    Opened open = requireOpen();
    Principal principal = open.tokens().redeem(ticket);
    if (!open.keys().isAlive(principal) || !open.tokens().isAlive(principal)) {
      throw new TokenException(
          Reason.REVOKED, "What the ticket was made with was revoked or has expired.");
    }
    return principal;
  }

  private Opened requireOpen() throws TokenException {
    Opened open = opened.get();
    if (open == null) {
      throw new TokenException(
          Reason.UNAVAILABLE, "The server is starting. Try again in a moment.");
    }
    return open;
  }
}
