package dev.myelin.edge.grpc.call;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The forms in which a call travels, by its content type.
public enum WireForm {
  /// gRPC over HTTP/2, status in trailers.
  HTTP2("application/grpc"),
  /// gRPC-Web, status in a last frame of the body.
  WEB("application/grpc-web"),
  /// gRPC-Web with the body in base64.
  WEB_TEXT("application/grpc-web-text");

  private final String mediaType;

  WireForm(String mediaType) {
    this.mediaType = mediaType;
  }

  /// The content type of answers.
  String contentType() {
    return this == HTTP2 ? mediaType : mediaType + "+proto";
  }

  /// The form of that content type, or empty if it is none of gRPC with protobuf.
  public static Optional<WireForm> of(@Nullable String contentType) {
    if (contentType == null) {
      return Optional.empty();
    }
    int semicolon = contentType.indexOf(';');
    String type =
        (semicolon < 0 ? contentType : contentType.substring(0, semicolon))
            .strip()
            .toLowerCase(Locale.ROOT);
    for (WireForm form : values()) {
      if (type.equals(form.mediaType) || type.equals(form.mediaType + "+proto")) {
        return Optional.of(form);
      }
    }
    return Optional.empty();
  }
}
