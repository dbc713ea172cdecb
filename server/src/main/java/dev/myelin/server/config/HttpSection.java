package dev.myelin.server.config;

import dev.myelin.edge.rest.RestOptions;

/// The keys under `http`.
final class HttpSection {
  private HttpSection() {}

  static RestOptions read(Values values, RestOptions otherwise) {
    return new RestOptions(
        values.bytes("http.max-body-bytes", otherwise.maxBodyBytes()),
        values.bytes("http.max-body-bytes-held", otherwise.maxBodyBytesHeld()),
        values.integer("http.max-requests", otherwise.maxRequests()),
        values.integer("http.max-streams", otherwise.maxStreams()),
        values.duration("http.read-timeout", otherwise.readTimeout()),
        values.duration("http.write-timeout", otherwise.writeTimeout()),
        values.duration("http.comment-interval", otherwise.commentInterval()),
        values.integer("http.max-idempotency-keys", otherwise.maxIdempotencyKeys()));
  }
}
