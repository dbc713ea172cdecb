package dev.myelin.edge.webhook;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.myelin.edge.rest.RestAnswer;
import dev.myelin.edge.rest.RestException;
import dev.myelin.edge.rest.RestRequest;
import dev.myelin.edge.rest.Route;
import dev.myelin.edge.rest.json.JsonObject;
import dev.myelin.library.webhook.WebhookService;
import dev.myelin.library.webhook.ledger.Delivery;
import dev.myelin.library.webhook.ledger.DeliveryPage;
import dev.myelin.library.webhook.ledger.DeliveryStatus;
import dev.myelin.library.webhook.registration.Issued;
import dev.myelin.library.webhook.registration.NewWebhook;
import dev.myelin.library.webhook.registration.Webhook;
import dev.myelin.library.webhook.registration.WebhookStatus;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Excerpt;
import dev.myelin.model.Principal;
import dev.myelin.model.Scope;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `/v1/webhooks`. Who may administer a library manages its webhooks, who may administer all of a
/// tenant those of all; to anybody else they are not there.
public final class WebhookRoutes {
  private static final String ALL = "/v1/webhooks";
  private static final String ONE = ALL + "/{webhook_id}";
  private static final int MAX_PAGE = 1_000_000;
  private static final int MAX_PAGE_SIZE = 100;
  private static final int PAGE_SIZE = 50;

  private final WebhookService webhooks;

  public WebhookRoutes(WebhookService webhooks) {
    this.webhooks = webhooks;
  }

  public List<Route> routes() {
    return List.of(
        Route.of("POST", ALL, this::create),
        Route.of("GET", ALL, this::list),
        Route.of("GET", ONE, request -> answer(present(request))),
        Route.of("PATCH", ONE, this::update),
        Route.of("DELETE", ONE, this::delete),
        Route.of("POST", ONE + "/rotate", this::rotate),
        Route.of("GET", ONE + "/deliveries", this::deliveries),
        Route.of("GET", ONE + "/stats", this::statistics),
        Route.of("POST", ONE + "/test", this::test));
  }

  // ---- who may

  private static boolean may(Principal principal, Webhook webhook) {
    return principal.tenant().equals(webhook.tenant())
        && (webhook.library() == null
            ? principal.mayEverywhere(Scope.ADMIN)
            : principal.may(Scope.ADMIN, new SpaceId(webhook.tenant(), webhook.library())));
  }

  private static void require(Principal principal, @Nullable String library) {
    if (library == null) {
      principal.requireEverywhere(Scope.ADMIN);
    } else if (SpaceId.isName(library)) { // else it is refused as none
      var _ = principal.require(Scope.ADMIN, principal.space(library));
    }
  }

  /// The webhook of the path.
  ///
  /// @throws ServiceException NOT_FOUND, also if it is not the principal's to manage
  private Webhook present(RestRequest request) {
    String id = request.value("webhook_id");
    return webhooks
        .find(id)
        .filter(webhook -> may(request.principal(), webhook))
        .orElseThrow(() ->
            new ServiceException(
                ErrorCode.NOT_FOUND,
                "There is no webhook "
                    + Excerpt.of(id)
                    + ". GET /v1/webhooks lists those there are."));
  }

  // ---- webhooks

  private RestAnswer create(RestRequest request) {
    NewWebhook wanted = WebhookReader.webhook(request.json());
    require(request.principal(), wanted.library());
    String id = request.idOf(0);
    Issued made =
        id == null
            ? webhooks.create(request.tenant(), wanted)
            : webhooks.create(id, request.tenant(), wanted);
    return issued(201, made).withHeader("location", ALL + "/" + made.webhook().id());
  }

  private RestAnswer issued(int status, Issued issued) {
    return RestAnswer.json(status, json -> form(json, issued.webhook(), issued.secret()));
  }

  private RestAnswer answer(Webhook webhook) {
    return RestAnswer.ok(json -> form(json, webhook, null));
  }

  private void form(JsonGenerator json, Webhook webhook, @Nullable String secret)
      throws IOException {
    WebhookJson.webhook(json, webhook, webhooks.figures(webhook.id()), secret);
  }

  private RestAnswer list(RestRequest request) {
    WebhookStatus status = choice(request, WebhookStatus.values());
    List<Webhook> found =
        webhooks.list(request.tenant()).stream()
            .filter(webhook -> may(request.principal(), webhook))
            .filter(webhook -> status == null || webhook.status() == status)
            .toList();
    int page = page(request);
    int size = pageSize(request);
    int from = (int) Math.min((page - 1L) * size, found.size());
    List<Webhook> shown = found.subList(from, Math.min(from + size, found.size()));
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("webhooks");
      for (Webhook webhook : shown) {
        form(json, webhook, null);
      }
      json.writeEndArray();
      paging(json, found.size(), page, size);
      json.writeEndObject();
    });
  }

  private static int page(RestRequest request) {
    return (int) request.number("page", 1, MAX_PAGE, 1);
  }

  private static int pageSize(RestRequest request) {
    return (int) request.number("page_size", 1, MAX_PAGE_SIZE, PAGE_SIZE);
  }

  private static void paging(JsonGenerator json, int total, int page, int size) throws IOException {
    json.writeNumberField("total", total);
    json.writeNumberField("page", page);
    json.writeNumberField("page_size", size);
  }

  /// The query parameter `status`, null if there is none.
  private static <E extends Enum<E>> @Nullable E choice(RestRequest request, E[] values) {
    String name = request.parameter("status");
    if (name == null || name.isEmpty()) {
      return null;
    }
    for (E value : values) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    String expected = String.join(", ", List.of(values).stream().map(WebhookRoutes::word).toList());
    throw RestException.invalid("status", "is none (expected: " + expected + ").");
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private RestAnswer update(RestRequest request) {
    Webhook webhook = present(request);
    return answer(webhooks.update(webhook.id(), WebhookReader.patch(request.json())));
  }

  private RestAnswer delete(RestRequest request) {
    webhooks.delete(present(request).id());
    return RestAnswer.noContent();
  }

  private RestAnswer rotate(RestRequest request) {
    Webhook webhook = present(request);
    JsonObject wanted = request.jsonOrEmpty();
    return issued(200, webhooks.rotate(webhook.id(), WebhookReader.secret(wanted)));
  }

  // ---- deliveries

  private RestAnswer deliveries(RestRequest request) {
    Webhook webhook = present(request);
    DeliveryStatus status = choice(request, DeliveryStatus.values());
    int page = page(request);
    int size = pageSize(request);
    DeliveryPage found = webhooks.deliveries(webhook.id(), status, page, size);
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("deliveries");
      for (Delivery delivery : found.deliveries()) {
        WebhookJson.delivery(json, webhook, delivery);
      }
      json.writeEndArray();
      paging(json, found.total(), page, size);
      json.writeEndObject();
    });
  }

  private RestAnswer statistics(RestRequest request) {
    Webhook webhook = present(request);
    return RestAnswer.ok(
        json -> WebhookJson.statistics(json, webhook, webhooks.figures(webhook.id())));
  }

  private RestAnswer test(RestRequest request) {
    Webhook webhook = present(request);
    Delivery delivery;
    try {
      delivery = webhooks.test(webhook.id());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new ServiceException(
          ErrorCode.SHUTTING_DOWN, "The server is shutting down. Try again in a moment.");
    }
    return RestAnswer.ok(json -> {
      json.writeStartObject();
      json.writeBooleanField("success", delivery.status() == DeliveryStatus.SUCCESS);
      json.writeFieldName("delivery");
      WebhookJson.delivery(json, webhook, delivery);
      json.writeEndObject();
    });
  }
}
