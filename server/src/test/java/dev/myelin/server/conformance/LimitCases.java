package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Group 9: long messages and many of them, and what is one byte too long.
final class LimitCases {
  private static final int KIB = 1_024;
  private static final int[] LENGTHS = {64 * KIB, 256 * KIB, 1_024 * KIB};
  private static final int[] PIECES = {64, 1_000, 64 * KIB};

  private LimitCases() {}

  /// @param most how long a message may be
  static List<Case> all(int most) {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      int length = Math.min(most, LENGTHS[i]);
      cases.add(
          Case.of(
              "9.1." + (i + 1),
              "a text of " + length + " bytes",
              peer -> {
                String id = peer.nextId();
                peer.frame(RawSocket.TEXT, true, peer.surface().question(id, length));
                peer.answered(id);
              }));
      cases.add(
          Case.of(
              "9.2." + (i + 1),
              "a binary of " + length + " bytes",
              peer -> {
                peer.frame(RawSocket.BINARY, true, new byte[length]);
                peer.lives();
              }));
    }
    for (int i = 0; i < PIECES.length; i++) {
      int piece = PIECES[i];
      int length = Math.min(most, 512 * KIB);
      cases.add(
          Case.of(
              "9.3." + (i + 1),
              length + " bytes of text in frames of " + piece,
              peer -> {
                String id = peer.nextId();
                peer.fragments(RawSocket.TEXT, peer.surface().question(id, length), piece);
                peer.answered(id);
              }));
      cases.add(
          Case.of(
              "9.5." + (i + 1),
              length + " bytes of text, " + piece + " at a time",
              peer -> {
                String id = peer.nextId();
                byte[] question = peer.surface().question(id, length);
                peer.chopped(peer.socket().encode(RawSocket.TEXT, true, question, true), piece);
                peer.answered(id);
              }));
    }
    cases.add(
        Case.of(
            "9.7.1",
            "200 questions, each after the answer to the last",
            peer -> {
              for (int i = 0; i < 200; i++) {
                peer.lives();
              }
            }));
    cases.add(
        Case.of(
            "9.7.2",
            "200 questions at once",
            peer -> {
              for (int i = 1; i <= 200; i++) {
                peer.frame(RawSocket.TEXT, true, peer.surface().question("at-once-" + i, 125));
              }
              peer.answeredAll("at-once-", 200);
            }));
    cases.addAll(atTheLimit(most));
    return cases;
  }

  private static List<Case> atTheLimit(int most) {
    return List.of(
        Case.of(
            "9.9.1",
            "a text as long as is allowed",
            peer -> {
              String id = peer.nextId();
              peer.frame(RawSocket.TEXT, true, peer.surface().question(id, most));
              peer.answered(id);
            }),
        Case.of(
            "9.9.2",
            "the same in two frames",
            peer -> {
              String id = peer.nextId();
              peer.fragments(RawSocket.TEXT, peer.surface().question(id, most), most / 2 + 1);
              peer.answered(id);
            }),
        Case.of(
            "9.9.3",
            "a frame that says it is 2^62 bytes long",
            peer -> {
              ByteBuffer head = ByteBuffer.allocate(14).put((byte) 0x82).put((byte) 0xff);
              peer.socket().send(head.putLong(1L << 62).array());
              peer.failed(1009);
            }),
        Case.of(
            "9.9.4",
            "a message that gets too long in its third frame",
            peer -> {
              byte[] half = new byte[most / 2];
              peer.frame(RawSocket.BINARY, false, half);
              peer.frame(RawSocket.CONTINUATION, false, half);
              peer.frame(RawSocket.CONTINUATION, true, new byte[2]);
              tooLong(peer);
            }),
        Case.of(
            "9.9.5",
            "a text that is one byte too long",
            peer -> {
              peer.frame(RawSocket.TEXT, true, peer.surface().question(peer.nextId(), most + 1));
              tooLong(peer);
            }));
  }

  /// Either the connection is closed with 1009, or the message is passed over and the connection
  /// lives.
  private static void tooLong(Peer peer) throws Exception {
    if (peer.surface().passesOver()) {
      peer.lives();
    } else {
      peer.failed(1009);
    }
  }
}
