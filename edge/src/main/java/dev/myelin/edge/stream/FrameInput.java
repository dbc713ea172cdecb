package dev.myelin.edge.stream;

import java.io.InputStream;

/// Hands a text frame to a JSON parser piece by piece, so that it can be stopped before an
/// embedding.
///
/// A piece ends after each `"embedding":[`, white space allowed. A parser that has just seen that
/// bracket has therefore taken nothing of the array, and [#skipTo(int)] may go on after it. Whether
/// the bracket is really the embedding's is for the parser's user to know; a piece more or less
/// does no harm.
///
/// One thread; one frame after the other.
final class FrameInput extends InputStream {
  private static final byte[] KEY = {'"', 'e', 'm', 'b', 'e', 'd', 'd', 'i', 'n', 'g', '"'};

  private byte[] frame = new byte[0];
  private int length;
  private int position;
  private int endOfPiece;
  private long handedOut;

  /// Begins a frame, which must not change while it is read.
  void begin(byte[] bytes, int size) {
    frame = bytes;
    length = size;
    position = 0;
    endOfPiece = 0;
    handedOut = 0;
  }

  /// The bytes of the frame.
  byte[] frame() {
    return frame;
  }

  int length() {
    return length;
  }

  /// How many bytes of the frame were handed out or skipped.
  int position() {
    return position;
  }

  /// Whether a reader that has taken so many bytes stands before the values of an array.
  boolean standsBeforeValues(long taken) {
    return taken == handedOut && position > 0 && frame[position - 1] == '[';
  }

  /// Where in the frame the byte is that was the reader's n-th, from 0; n lies in the last piece.
  long positionOf(long nth) {
    return Math.max(0, position - (handedOut - nth));
  }

  /// Goes on at a later byte of the frame.
  void skipTo(int next) {
    position = next;
    endOfPiece = next;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int wanted) {
    if (position == length) {
      return -1;
    }
    if (position == endOfPiece) {
      endOfPiece = endOfNextPiece();
    }
    int size = Math.min(wanted, endOfPiece - position);
    System.arraycopy(frame, position, target, offset, size);
    position += size;
    handedOut += size;
    return size;
  }

  private int endOfNextPiece() {
    for (int at = position; at + KEY.length < length; at++) {
      if (frame[at] == '"' && isKey(at)) {
        int colon = afterSpace(at + KEY.length);
        if (colon < length && frame[colon] == ':') {
          int bracket = afterSpace(colon + 1);
          if (bracket < length && frame[bracket] == '[') {
            return bracket + 1;
          }
        }
      }
    }
    return length;
  }

  private boolean isKey(int at) {
    for (int i = 1; i < KEY.length; i++) {
      if (frame[at + i] != KEY[i]) {
        return false;
      }
    }
    return true;
  }

  private int afterSpace(int from) {
    int at = from;
    while (at < length
        && (frame[at] == ' ' || frame[at] == '\n' || frame[at] == '\r' || frame[at] == '\t')) {
      at++;
    }
    return at;
  }
}
