package dev.myelin.edge.rest;

import dev.myelin.edge.rest.RestAnswer.Empty;
import dev.myelin.model.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Conditional requests (RFC 9110, section 13) on versions, whose tags are numbers in quotes.
public final class Conditional {
  private Conditional() {}

  /// The `ETag` of a version.
  public static String tag(long version) {
    return "\"" + version + "\"";
  }

  /// An answer that the client has already becomes 304.
  static RestAnswer answer(RestRequest request, RestAnswer answer) {
    String tag = answer.headers().get("etag");
    String known = request.header("if-none-match");
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!reads || answer.status() != 200 || tag == null || known == null) {
      return answer;
    }
    boolean same = known.strip().equals("*") || tags(known.replace("W/", "")).contains(tag);
    return same ? new RestAnswer(304, Map.of("etag", tag), new Empty()) : answer;
  }

  private static List<String> tags(String header) {
    List<String> tags = new ArrayList<>();
    for (String tag : header.split(",", -1)) {
      tags.add(tag.strip());
    }
    return tags;
  }

  /// Whether `If-Match` names versions, so that the present one has to be looked up.
  public static boolean isWanted(RestRequest request) {
    String header = request.header("if-match");
    return header != null && !header.strip().equals("*");
  }

  /// The version that a change is meant for, null for any.
  ///
  /// @param present the version that there is
  /// @throws RestException 412 if the client's `If-Match` does not name it
  public static @Nullable Long required(RestRequest request, long present) {
    String header = request.header("if-match");
    if (header == null || header.strip().equals("*")) {
      return null;
    }
    if (tags(header).contains(tag(present))) {
      return present;
    }
    throw RestException.of(
        412,
        ErrorCode.PRECONDITION_FAILED,
        "It has changed since: its ETag is "
            + tag(present)
            + ", not "
            + header
            + ". Read it again, then decide.");
  }
}
