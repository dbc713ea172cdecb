package dev.myelin.edge.rest;

import dev.myelin.edge.auth.KeyWatch;
import dev.myelin.edge.rest.Router.Match;
import dev.myelin.edge.rest.Router.Nothing;
import dev.myelin.edge.rest.Router.OtherMethods;
import dev.myelin.edge.rest.json.JsonFailure;
import dev.myelin.model.ErrorCode;
import dev.myelin.model.Principal;
import dev.myelin.model.ServiceException;
import dev.myelin.model.SpaceId;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers HTTP requests by its routes.
///
/// **Bounds.** Bodies are counted while they are read and while they are inflated; so many requests
/// are at work at the same time, the others are told to come again. **Rights.** Who may not do what
/// a route is for in the library that the path names is refused, whether it is there or not; what
/// lasts is cut when its key dies. **Threads.** Requests come on event loops, handlers run on
/// virtual threads.
public final class RestSurface {
  private static final Logger LOG = LoggerFactory.getLogger(RestSurface.class);
  private static final String LIBRARY = "library_id";
  private static final Pattern REQUEST_ID = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final Router router;
  private final RestOptions options;
  private final Executor blocking;
  private final IdempotencyKeys repeats;
  private final KeyWatch keys;
  private final Semaphore atWork;
  private final Semaphore streams;
  private final HeldBytes held;

  /// @param blocking runs handlers, a virtual thread each
  public RestSurface(
      Router router,
      RestOptions options,
      Executor blocking,
      IdempotencyKeys repeats,
      KeyWatch keys) {
    this.router = router;
    this.options = options;
    this.blocking = blocking;
    this.repeats = repeats;
    this.keys = keys;
    this.atWork = new Semaphore(options.maxRequests());
    this.streams = new Semaphore(options.maxStreams());
    this.held = new HeldBytes(options.maxBodyBytesHeld());
  }

  /// Who answers what.
  public Router router() {
    return router;
  }

  /// What is known of a request before a handler has seen it.
  private record Call(
      HttpServerRequest request,
      String path,
      Context loop,
      String id,
      long began,
      Principal principal) {}

  /// Answers a request; call it on its event loop.
  ///
  /// @param principal on whose behalf it is made
  public void handle(HttpServerRequest request, String path, Principal principal) {
    Context loop = Objects.requireNonNull(Vertx.currentContext(), "on an event loop");
    Call call = new Call(request, path, loop, requestId(request), System.nanoTime(), principal);
    String method = request.method().name();
    AnswerWriter writer = writer(call);
    String allowed = method.equals("OPTIONS") ? router.allowed(path) : null;
    if (allowed != null) {
      writer.send(RestAnswer.noContent().withHeader("allow", allowed));
      return;
    }
    switch (router.find(method, path)) {
      case Match match -> begin(call, match, writer);
      case OtherMethods others ->
          writer.send(
              problem(
                  call,
                  RestException.of(
                          405,
                          ErrorCode.UNSUPPORTED,
                          method + " does nothing here (expected: " + others.allowed() + ").")
                      .withHeader("allow", others.allowed())));
      case Nothing _ ->
          writer.send(
              problem(
                  call,
                  RestException.of(
                      404,
                      ErrorCode.NOT_FOUND,
                      "There is nothing here. /openapi.json tells what there is.")));
    }
  }

  /// The name of a request: the client's, if it gave one.
  public static String requestId(HttpServerRequest request) {
    String id = request.getHeader("x-request-id");
    return id != null && REQUEST_ID.matcher(id).matches() ? id : UUID.randomUUID().toString();
  }

  private AnswerWriter writer(Call call) {
    return new AnswerWriter(
        call.request(), call.loop(), call.id(), call.began(), options.writeTimeout());
  }

  private void begin(Call call, Match match, AnswerWriter writer) {
    HttpServerRequest request = call.request();
    try {
      admit(call.principal(), match);
    } catch (ServiceException e) {
      writer.send(problem(call, e));
      return;
    }
    boolean whole = match.route().kind() != Route.Kind.STREAMED;
    if (whole && announced(request) > options.maxBodyBytes()) {
      writer.send(problem(call, RestException.tooLarge(options.maxBodyBytes())));
      return;
    }
    BodyPipe pipe =
        BodyPipe.open(
            request,
            call.loop(),
            whole ? options.maxBodyBytes() : Long.MAX_VALUE,
            options.readTimeout());
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      request.response().writeContinue();
    }
    blocking.execute(() -> run(call, match, pipe, writer));
  }

  /// @throws ServiceException PERMISSION_DENIED if the principal may not do this there
  private static void admit(Principal principal, Match match) {
    String library = match.values().get(LIBRARY);
    if (library != null && SpaceId.isName(library)) { // else there is none
      var _ = principal.require(match.route().scope(), principal.space(library));
    }
  }

  private static long announced(HttpServerRequest request) {
    try {
      String length = request.getHeader("content-length");
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /// A whole request from here on, on its virtual thread.
  private void run(Call call, Match match, BodyPipe pipe, AnswerWriter writer) {
    try {
      if (match.route().kind() == Route.Kind.STREAMED) {
        stream(call, match, pipe, writer);
      } else {
        whole(call, match, pipe, writer);
      }
    } catch (RuntimeException e) {
      writer.send(problem(call, e));
    } finally {
      writer.done(pipe);
    }
  }

  private void stream(Call call, Match match, BodyPipe pipe, AnswerWriter writer) {
    permit(streams, "There are more than " + options.maxStreams() + " long requests.");
    try (KeyWatch.Watched _ = keys.watch(call.principal(), writer::abort)) {
      InputStream body =
          Bodies.open(pipe, call.request().getHeader("content-encoding"), Long.MAX_VALUE);
      writer.send(match.route().handler().handle(request(call, match, body, writer)));
    } finally {
      streams.release();
    }
  }

  private void whole(Call call, Match match, BodyPipe pipe, AnswerWriter writer) {
    try (HeldBytes.Share share = held.share()) {
      String encoding = call.request().getHeader("content-encoding");
      byte[] body = share.read(Bodies.open(pipe, encoding, options.maxBodyBytes()));
      permit(atWork, "There are more than " + options.maxRequests() + " requests at work.");
      try {
        RestRequest request =
            request(call, match, InputStream.nullInputStream(), writer).withBody(body);
        RestAnswer answer =
            match.route().kind() == Route.Kind.WHOLE_ONCE
                ? answer(call, match, request)
                : repeats.answer(request, call.path(), body, named -> answer(call, match, named));
        writer.send(Conditional.answer(request, answer));
      } finally {
        atWork.release();
      }
    }
  }

  /// Failures are answers too: whoever repeats a request gets the same one.
  private RestAnswer answer(Call call, Match match, RestRequest request) {
    try {
      return match.route().handler().handle(request);
    } catch (RuntimeException e) {
      return problem(call, e);
    }
  }

  private static void permit(Semaphore permits, String text) {
    if (!permits.tryAcquire()) {
      throw RestException.of(503, ErrorCode.OVERLOADED, text + " Try again in a moment.");
    }
  }

  private static RestRequest request(
      Call call, Match match, InputStream body, AnswerWriter writer) {
    HttpServerRequest request = call.request();
    return new RestRequest(
        call.id(),
        request.method().name(),
        call.principal(),
        match.values(),
        request.params(),
        request.headers(),
        body,
        null,
        writer.gone());
  }

  private static RestAnswer problem(Call call, RuntimeException e) {
    return problemOf(e).answer(call.path(), call.id());
  }

  /// What a client is told of a failure.
  public static Problem problemOf(RuntimeException e) {
    return switch (e) {
      case ServiceException failure -> Problem.of(failure);
      case RestException failure -> Problem.of(failure);
      case JsonFailure failure -> Problem.of(ofJson(failure.field(), failure.text()));
      default -> {
        String correlation = UUID.randomUUID().toString();
        LOG.atError().setCause(e).addKeyValue("correlation", correlation).log("a request failed");
        yield Problem.of(500, ErrorCode.INTERNAL, "Internal error " + correlation + ". Try again.");
      }
    };
  }

  private static RestException ofJson(@Nullable String field, String text) {
    return field == null ? RestException.malformed(text) : RestException.invalidField(field, text);
  }

  /// Sends a failure where there is no route.
  public static void fail(HttpServerRequest request, Problem problem) {
    problem.send(request.response(), String.valueOf(request.path()), requestId(request));
  }
}
