package dev.myelin.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// On whose behalf something is asked, on every surface: who that is, what it may, and what it
/// showed.
///
/// A principal sees its own tenant only; of others, not even that they exist.
///
/// @param subject the user of a token, the id of a key, `root` or `anonymous`; not empty and such
///   that [ChannelId#ofUser] has a channel for it
/// @param name for people
/// @param roles what a token says of its user; nothing is decided by them
public record Principal(
    String tenant,
    String subject,
    String name,
    List<String> roles,
    List<Permission> permissions,
    Proof proof) {
  private static final String ROOT_KEY = "root";
  private static final List<Permission> EVERYTHING =
      List.of(Permission.parse(Permission.EVERYTHING));

  /// Who runs the server: everything in the default tenant, and the tenants themselves.
  public static final Principal ROOT = server(ROOT_KEY);

  /// Everybody, where no key is needed: as [#ROOT].
  public static final Principal ANONYMOUS = server("anonymous");

  /// Who showed no key where one is needed: may nothing.
  public static final Principal NOBODY =
      new Principal(
          SpaceId.DEFAULT_TENANT, "nobody", "nobody", List.of(), List.of(), new Proof.Nothing());

  /// What was shown.
  public sealed interface Proof {
    /// The server's own key, or nothing where nothing is needed.
    record Server() implements Proof {}

    /// Nothing.
    record Nothing() implements Proof {}

    /// A key that was made here.
    ///
    /// @param generation how often its secret had been changed
    record Key(String id, int generation) implements Proof {}

    /// A token that somebody signed who may.
    ///
    /// @param id `jti`, null if it has none
    /// @param session `session_id`, null if it has none
    record Token(@Nullable String id, Instant issuedAt, Instant expiresAt, @Nullable String session)
        implements Proof {}
  }

  public Principal {
    var _ = ChannelId.ofUser(tenant, subject);
    roles = List.copyOf(roles);
    permissions = List.copyOf(permissions);
  }

  /// Who holds a key that was made here.
  public Principal(String tenant, String keyId, int generation, String name, List<Grant> grants) {
    this(tenant, keyId, name, List.of(), Permission.of(grants), new Proof.Key(keyId, generation));
  }

  private static Principal server(String subject) {
    return new Principal(
        SpaceId.DEFAULT_TENANT, subject, subject, List.of(), EVERYTHING, new Proof.Server());
  }

  /// Whether this is who runs the server, the only one who manages tenants.
  public boolean isRoot() {
    return proof instanceof Proof.Server;
  }

  /// Whether a key or a token was shown, which can expire and be revoked.
  public boolean hasKey() {
    return proof instanceof Proof.Key || proof instanceof Proof.Token;
  }

  /// What one holder is told apart from another by inside a tenant: the same for all tokens of a
  /// user, and never the same for a user and a key.
  public String keyId() {
    return switch (proof) {
      case Proof.Server _ -> ROOT_KEY;
      case Proof.Nothing _ -> subject;
      case Proof.Key key -> key.id();
      case Proof.Token _ -> "user:" + subject;
    };
  }

  /// When the token ends that was shown, null if it was none.
  public @Nullable Instant expiresAt() {
    return proof instanceof Proof.Token token ? token.expiresAt() : null;
  }

  /// The id of the token that was shown, null if it was none or has none.
  public @Nullable String tokenId() {
    return proof instanceof Proof.Token token ? token.id() : null;
  }

  /// The space of that name in the principal's tenant; the empty text names the default space.
  ///
  /// @throws ServiceException INVALID_SPACE if the text is not a space name
  public SpaceId space(String name) {
    return SpaceId.of(tenant, name);
  }

  public boolean may(Scope scope, SpaceId space) {
    return space.tenant().equals(tenant)
        && permissions.stream().anyMatch(permission -> permission.allows(scope, space.name()));
  }

  /// Whether it may do so in every space of its tenant, also in those to come.
  public boolean mayEverywhere(Scope scope) {
    return permissions.stream().anyMatch(permission -> permission.allowsEverywhere(scope));
  }

  /// Gives the space back, if the principal may do so there.
  ///
  /// @throws ServiceException PERMISSION_DENIED if not, whether the space exists or not
  public SpaceId require(Scope scope, SpaceId space) {
    if (!may(scope, space)) {
      throw denied(scope, space.name());
    }
    return space;
  }

  /// Refuses a principal that may not do so in every space of its tenant.
  ///
  /// @throws ServiceException PERMISSION_DENIED if it may not
  public void requireEverywhere(Scope scope) {
    if (!mayEverywhere(scope)) {
      throw denied(scope, "all libraries");
    }
  }

  /// Whether it may do so in a channel, with events of some type at least. Everybody reads their
  /// own `user` channel.
  public boolean may(ChannelAction action, ChannelId channel) {
    if (!channel.tenant().equals(tenant)) {
      return false;
    }
    return (action == ChannelAction.READ && isOwn(channel))
        || permissions.stream()
            .anyMatch(permission -> permission.allows(action, channel.type().word(), channel.id()));
  }

  /// Whether it may send an event of that type to a channel.
  public boolean maySend(String eventType, ChannelId channel) {
    return channel.tenant().equals(tenant)
        && permissions.stream()
            .anyMatch(permission ->
                permission.allowsEvent(eventType, channel.type().word(), channel.id()));
  }

  /// The `user` channel of its own.
  public ChannelId ownChannel() {
    return ChannelId.ofUser(tenant, subject);
  }

  private boolean isOwn(ChannelId channel) {
    return channel.type() == ChannelType.USER
        && !(proof instanceof Proof.Nothing)
        && channel.equals(ownChannel());
  }

  /// Names what the principal may, so that a change of it is noticed: 16 hexadecimal digits of the
  /// SHA-256 of its roles and permissions, in any order.
  public String permissionsHash() {
    Stream<String> all =
        Stream.concat(
            roles.stream().map(role -> "role " + role),
            permissions.stream().map(permission -> "may " + permission));
    String text = String.join("\n", all.sorted().distinct().toList());
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static ServiceException denied(Scope scope, String where) {
    return new ServiceException(
        ErrorCode.PERMISSION_DENIED,
        "This key may not "
            + scope.word()
            + " "
            + where
            + " (expected: a key with the scope "
            + scope.word()
            + " for it, or a token with that permission). Use another one, or ask whoever"
            + " administers them.");
  }
}
