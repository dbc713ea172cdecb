package dev.myelin.edge.stream;

/// The JSON codec of all streams of one event loop: its scratch space is used by one message at a
/// time.
record TextCodec(TextDecoder decoder, TextEncoder encoder) {
  TextCodec() {
    this(new TextDecoder(), new TextEncoder());
  }
}
