package dev.myelin.edge.rest;

import dev.myelin.edge.rest.RestAnswer.Bytes;
import dev.myelin.edge.rest.RestAnswer.Empty;
import dev.myelin.model.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Lets a client send a POST again without doing it twice: who sends the same `Idempotency-Key` and
/// API key with the same request gets the first answer again, for a day.
///
/// The answer is kept before it is sent, in a write after that of what was asked for. A server that
/// is killed between the two gets the request again, under the same name: what it makes gets its id
/// from that ([RestRequest#idOf(int)]) and is made once. Only successes are kept. Any thread.
public final class IdempotencyKeys {
  private static final int MAX_KEY = 255;
  static final String REPLAYED = "idempotency-replayed";

  private final IdempotencyStore store;
  private final Set<String> inFlight = ConcurrentHashMap.newKeySet();

  public IdempotencyKeys(IdempotencyStore store) {
    this.store = store;
  }

  RestAnswer answer(
      RestRequest request, String path, byte[] body, Function<RestRequest, RestAnswer> work) {
    String key = request.header("idempotency-key");
    if (key == null || !request.method().equals("POST")) {
      return work.apply(request);
    }
    if (key.isEmpty() || key.length() > MAX_KEY) {
      throw RestException.invalid(
          "Idempotency-Key",
          "has " + key.length() + " characters (expected: 1 to " + MAX_KEY + ").");
    }
    String name = request.tenant() + "\n" + request.principal().keyId() + "\n" + key;
    if (!inFlight.add(name)) {
      throw RestException.of(
          409,
          ErrorCode.CONFLICT,
          "A request with this Idempotency-Key is being worked on. Wait for its answer.");
    }
    try {
      byte[] hash = hash(path, request.query().toString(), body);
      Optional<KeptAnswer> kept = store.find(name);
      if (kept.isPresent()) {
        return again(kept.get(), hash);
      }
      RestRequest named = request.named(name + "\n" + HexFormat.of().formatHex(hash));
      return first(name, hash, work.apply(named));
    } finally {
      inFlight.remove(name);
    }
  }

  private static RestAnswer again(KeptAnswer kept, byte[] hash) {
    if (!MessageDigest.isEqual(kept.requestHash(), hash)) {
      throw RestException.invalid(
          "Idempotency-Key", "was used for another request. Choose a new key for a new request.");
    }
    RestAnswer answer =
        kept.type().isEmpty()
            ? new RestAnswer(kept.status(), Map.of(), new Empty())
            : new RestAnswer(kept.status(), Map.of(), new Bytes(kept.type(), kept.body()));
    return answer.withHeader(REPLAYED, "true");
  }

  private RestAnswer first(String name, byte[] hash, RestAnswer answer) {
    if (answer.status() / 100 == 2) {
      switch (answer.content()) {
        case Bytes bytes ->
            store.keep(name, new KeptAnswer(hash, answer.status(), bytes.type(), bytes.bytes()));
        case Empty _ -> store.keep(name, new KeptAnswer(hash, answer.status(), "", new byte[0]));
        case RestAnswer.Stream _ -> {
          // Nobody could tell it again.
        }
      }
    }
    return answer;
  }

  private static byte[] hash(String path, String query, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((path + "\n" + query + "\n").getBytes(StandardCharsets.UTF_8));
      return digest.digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
