package dev.myelin.server.config;

import dev.myelin.edge.EdgeOptions.Access;
import dev.myelin.live.token.TokenConfig;
import org.jspecify.annotations.Nullable;

/// Who is let in: `auth` and the origins of web pages.
final class AuthSection {
  private AuthSection() {}

  static Access read(Values values, Access otherwise) {
    return new Access(
        orNull(values.secret("auth.api-key", "MYELIN_API_KEY")),
        values.texts("server.allowed-origins", otherwise.allowedOrigins()),
        tokens(values),
        values.flag("auth.query-token", otherwise.queryToken()));
  }

  /// What tokens are checked by, and may be made with.
  static TokenConfig tokens(Values values) {
    return new TokenConfig(
        orNull(values.secret("auth.jwt.secret", null)),
        orNull(values.text("auth.jwt.jwks", "")),
        orNull(values.text("auth.jwt.issuer", "")),
        orNull(values.text("auth.jwt.audience", "")));
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
