package dev.myelin.edge.token;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.live.token.Revocation;
import dev.myelin.live.token.Revocation.Kind;
import dev.myelin.live.token.Revocation.Wanted;
import dev.myelin.live.token.Revocations;
import dev.myelin.live.token.Ticket;
import dev.myelin.live.token.Tickets;
import dev.myelin.live.token.Tokens;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/v1/tickets`, for everybody, and `/v1/tokens`, for who may administer a tenant. Who runs the
/// server may name any tenant; to all others there is only their own.
public final class TokenRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(TokenRoutes.class);
  private static final String REVOKED = "/v1/tokens/revoked";
  private static final Duration USUALLY = Duration.ofDays(30);
  private static final Duration AT_MOST = Duration.ofDays(3_650);
  private static final int MAX_TEXT = 512;

  private final Tickets tickets;
  private final Revocations revocations;
  private final InstantSource clock;

  public TokenRoutes(Tokens tokens, InstantSource clock) {
    this.tickets = tokens.tickets();
    this.revocations = tokens.revocations();
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", "/v1/tickets", this::ticket),
        Route.of("POST", "/v1/tokens/revoke", this::revoke),
        Route.of("GET", REVOKED, this::list),
        Route.of("DELETE", REVOKED + "/{revocation_id}", this::delete));
  }

  private RestAnswer ticket(RestRequest request) {
    Ticket made = tickets.issue(request.principal());
    return RestAnswer.json(
            201,
            json -> {
              json.writeStartObject();
              json.writeStringField("ticket", made.secret());
              json.writeStringField("expires_at", made.expiresAt().toString());
              json.writeNumberField("expires_in", Tickets.LIFETIME.toSeconds());
              json.writeEndObject();
            })
        .withHeader("cache-control", "no-store");
  }

  private RestAnswer revoke(RestRequest request) {
    JsonObject body = request.json();
    String tenant = tenant(request.principal(), body.textOrNull("tenant_id", 1, MAX_TEXT));
    @Nullable String token = body.textOrNull("token_id", 1, MAX_TEXT);
    @Nullable String subject = body.textOrNull("subject", 1, MAX_TEXT);
    if ((token == null) == (subject == null)) {
      throw body.invalid("token_id", "is needed, or subject, and not both.");
    }
    Revocation made =
        revocations.revoke(
            new Wanted(
                tenant,
                token == null ? Kind.SUBJECT : Kind.TOKEN,
                token == null ? String.valueOf(subject) : token,
                until(body),
                request.principal().keyId()));
    LOG.atInfo()
        .addKeyValue("id", made.id())
        .addKeyValue("tenant", tenant)
        .addKeyValue("by", made.by())
        .log("tokens were revoked");
    return RestAnswer.ok(json -> write(json, made));
  }

  private Instant until(JsonObject body) {
    Instant now = clock.instant();
    @Nullable String text = body.textOrNull("until", 1, MAX_TEXT);
    if (text == null) {
      return now.plus(USUALLY);
    }
    try {
      Instant until = Instant.parse(text);
      if (until.isAfter(now) && until.isBefore(now.plus(AT_MOST))) {
        return until;
      }
    } catch (DateTimeParseException _) {
      // Said below.
    }
    throw body.invalid(
        "until",
        "is no time in the "
            + AT_MOST.toDays()
            + " days to come (expected: when the last token that is meant has expired, such as "
            + now.plus(USUALLY)
            + ").");
  }

  private RestAnswer list(RestRequest request) {
    String tenant = tenant(request.principal(), request.parameter("tenant_id"));
    List<Revocation> found = revocations.list(tenant);
    return RestAnswer.ok(json -> {
      json.writeStartArray();
      for (Revocation revocation : found) {
        write(json, revocation);
      }
      json.writeEndArray();
    });
  }

  private RestAnswer delete(RestRequest request) {
    String tenant = tenant(request.principal(), request.parameter("tenant_id"));
    String id = request.value("revocation_id");
    revocations.delete(tenant, id);
    LOG.atInfo()
        .addKeyValue("id", id)
        .addKeyValue("tenant", tenant)
        .addKeyValue("by", request.principal().keyId())
        .log("a revocation was taken back");
    return RestAnswer.noContent();
  }

  /// The tenant that is meant.
  private static String tenant(Principal principal, @Nullable String named) {
    principal.requireEverywhere(Scope.ADMIN);
    if (named == null || named.equals(principal.tenant())) {
      return principal.tenant();
    }
    if (!principal.isRoot() || !SpaceId.isTenant(named)) {
      throw new ServiceException(
          ErrorCode.NOT_FOUND, "There is no such tenant. Leave tenant_id out for your own.");
    }
    return named;
  }

  private static void write(JsonGenerator json, Revocation revocation) throws IOException {
    json.writeStartObject();
    json.writeStringField("revocation_id", revocation.id());
    json.writeStringField("tenant_id", revocation.tenant());
    boolean one = revocation.kind() == Kind.TOKEN;
    json.writeStringField("token_id", one ? revocation.value() : null);
    json.writeStringField("subject", one ? null : revocation.value());
    json.writeStringField("revoked_at", revocation.at().toString());
    json.writeStringField("until", revocation.until().toString());
    json.writeStringField("revoked_by", revocation.by());
    json.writeEndObject();
  }
}
