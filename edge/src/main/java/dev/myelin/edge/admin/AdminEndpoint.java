package dev.myelin.edge.admin;

import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestSurface;
import dev.myelin.edge.web.Answers;
import dev.myelin.live.access.AccessRegistry;
import dev.myelin.live.access.ApiKey;
import dev.myelin.live.access.ApiKeys;
import dev.myelin.live.access.Issued;
import dev.myelin.live.access.NewKey;
import dev.myelin.live.access.Tenant;
import dev.myelin.live.access.Tenants;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/v1/admin/tenants` and `/v1/admin/keys`.
///
/// Tenants are for whoever runs the server. Keys are also for who may administer all libraries of a
/// tenant: such a principal sees and changes the keys of its own tenant, and there are no others.
public final class AdminEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(AdminEndpoint.class);
  private static final String TENANTS = "/v1/admin/tenants";
  private static final String KEYS = "/v1/admin/keys";
  private static final String ROTATE = "/rotate";
  private static final int MAX_BODY = 64 * 1024;

  private final Executor blocking;
  private final Tenants tenants;
  private final ApiKeys keys;
  private final InstantSource clock;

  /// @param blocking runs what may block
  public AdminEndpoint(Executor blocking, AccessRegistry access, InstantSource clock) {
    this.blocking = blocking;
    this.tenants = access.tenants();
    this.keys = access.keys();
    this.clock = clock;
  }

  /// Whether a path is this endpoint's.
  public static boolean matches(String path) {
    return isBelow(path, TENANTS) || isBelow(path, KEYS);
  }

  private static boolean isBelow(String path, String root) {
    return path.equals(root) || path.startsWith(root + "/");
  }

  /// One request, its body read.
  private record Asked(
      String method, String path, @Nullable String tenant, Principal principal, Buffer body) {
    /// The id in the path, null if it names none.
    @Nullable String id(String root) {
      String rest = path.substring(root.length());
      return rest.isEmpty()
          ? null
          : rest.endsWith(ROTATE)
              ? rest.substring(1, rest.length() - ROTATE.length())
              : rest.substring(1);
    }

    boolean rotates() {
      return path.endsWith(ROTATE);
    }
  }

  /// An answer: a status, and a body unless there is none.
  private record Answer(int status, Answers.@Nullable Body body) {}

  /// Answers a request for one of its paths; on the request's event loop.
  public void handle(HttpServerRequest request, String path, Principal principal) {
    Buffer body = Buffer.buffer();
    request.handler(chunk -> {
      if (body.length() <= MAX_BODY) {
        body.appendBuffer(chunk);
      }
    });
    String tenant = request.getParam("tenant_id");
    String method = request.method().name();
    request.endHandler(_ ->
        blocking.execute(() -> answer(request, new Asked(method, path, tenant, principal, body))));
  }

  private void answer(HttpServerRequest request, Asked asked) {
    HttpServerResponse response = request.response();
    try {
      Answer answer = answer(asked);
      if (answer.body() == null) {
        response.setStatusCode(answer.status()).end();
      } else {
        Answers.send(response, answer.status(), answer.body());
      }
    } catch (RuntimeException e) {
      RestSurface.fail(request, RestSurface.problemOf(e));
    }
  }

  private Answer answer(Asked asked) {
    if (asked.body().length() > MAX_BODY) {
      throw RestException.of(
          413, ErrorCode.MESSAGE_TOO_LARGE, "The body has more than " + MAX_BODY + " bytes.");
    }
    return isBelow(asked.path(), TENANTS) ? aboutTenants(asked) : aboutKeys(asked);
  }

  // -- tenants ---------------------------------------------------------------------------------

  private Answer aboutTenants(Asked asked) {
    if (!asked.principal().isRoot()) {
      throw RestException.of(
          403,
          ErrorCode.PERMISSION_DENIED,
          "Tenants are for whoever runs the server. Send the server's own key.");
    }
    String id = asked.id(TENANTS);
    if (id == null) {
      return switch (asked.method()) {
        case "GET" -> new Answer(200, json -> AdminForms.tenants(json, tenants.list()));
        case "POST" -> create(asked);
        default -> throw otherMethod("GET and POST");
      };
    }
    if (asked.rotates()) {
      return rotateTenant(asked, id);
    }
    return switch (asked.method()) {
      case "GET" -> {
        Tenant tenant = tenants.find(id).orElseThrow(() -> unknownTenant(id));
        yield new Answer(200, json -> AdminForms.tenant(json, tenant));
      }
      case "DELETE" -> {
        tenants.deactivate(id);
        log(asked, "a tenant was deactivated", id);
        yield new Answer(204, null);
      }
      default -> throw otherMethod("GET and DELETE");
    };
  }

  private Answer create(Asked asked) {
    Issued<Tenant> made = tenants.create(AdminBody.parse(asked.body()).tenant());
    log(asked, "a tenant was made", made.issued().id());
    return new Answer(201, json -> AdminForms.created(json, made));
  }

  private Answer rotateTenant(Asked asked, String id) {
    requirePost(asked);
    Issued<Tenant> rotated = tenants.rotate(id);
    log(asked, "the key of a tenant was rotated", id);
    return new Answer(200, json -> AdminForms.rotated(json, rotated, clock.instant()));
  }

  private static RestException unknownTenant(String id) {
    return RestException.of(404, ErrorCode.NOT_FOUND, "There is no tenant " + Excerpt.of(id) + ".");
  }

  // -- keys ------------------------------------------------------------------------------------

  private Answer aboutKeys(Asked asked) {
    Principal principal = asked.principal();
    principal.requireEverywhere(Scope.ADMIN);
    Predicate<ApiKey> own = key -> principal.isRoot() || key.tenant().equals(principal.tenant());
    String id = asked.id(KEYS);
    if (id == null) {
      return switch (asked.method()) {
        case "GET" -> list(asked);
        case "POST" -> createKey(asked);
        default -> throw otherMethod("GET and POST");
      };
    }
    if (asked.rotates()) {
      requirePost(asked);
      Issued<ApiKey> rotated = keys.rotate(id, own);
      log(asked, "a key was rotated", id);
      return new Answer(200, json -> AdminForms.issued(json, rotated));
    }
    if (!asked.method().equals("DELETE")) {
      throw otherMethod("DELETE");
    }
    keys.revoke(id, own);
    log(asked, "a key was revoked", id);
    return new Answer(204, null);
  }

  private Answer list(Asked asked) {
    List<ApiKey> found =
        asked.tenant() == null && asked.principal().isRoot()
            ? keys.list()
            : keys.list(tenant(asked, asked.tenant()));
    return new Answer(200, json -> AdminForms.keys(json, found));
  }

  private Answer createKey(Asked asked) {
    NewKey wanted = AdminBody.parse(asked.body()).key(asked.principal());
    tenant(asked, wanted.tenant());
    Issued<ApiKey> made = keys.create(wanted);
    log(asked, "a key was made", made.issued().id());
    return new Answer(201, json -> AdminForms.issued(json, made));
  }

  /// The tenant that is meant: to a tenant, there are no others.
  private static String tenant(Asked asked, @Nullable String id) {
    String own = asked.principal().tenant();
    if (id == null || id.equals(own)) {
      return own;
    }
    if (!asked.principal().isRoot()) {
      throw unknownTenant(id);
    }
    return id;
  }

  private static void requirePost(Asked asked) {
    if (!asked.method().equals("POST")) {
      throw otherMethod("POST");
    }
  }

  private static RestException otherMethod(String expected) {
    return RestException.of(
        405,
        ErrorCode.UNSUPPORTED,
        "The method is not for this path (expected: " + expected + ").");
  }

  private static void log(Asked asked, String what, String id) {
    LOG.atInfo().addKeyValue("id", id).addKeyValue("by", asked.principal().keyId()).log(what);
  }
}
