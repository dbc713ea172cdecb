package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import java.util.ArrayList;
import java.util.List;

/// Group 1: messages of one frame, of the lengths at which the header changes (section 5.2).
final class FramingCases {
  private static final int[] LENGTHS = {0, 125, 126, 127, 128, 65_535, 65_536};
  private static final int CHOP = 997;

  private FramingCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < LENGTHS.length; i++) {
      int length = LENGTHS[i];
      cases.add(
          Case.of("1.1." + (i + 1), "a text of " + length + " bytes", peer -> text(peer, length)));
      cases.add(
          Case.of(
              "1.2." + (i + 1), "a binary of " + length + " bytes", peer -> binary(peer, length)));
    }
    cases.add(
        Case.of(
            "1.1.8",
            "a text of 65536 bytes, " + CHOP + " bytes at a time",
            peer -> {
              String id = peer.nextId();
              byte[] question = peer.surface().question(id, 65_536);
              peer.chopped(peer.socket().encode(RawSocket.TEXT, true, question, true), CHOP);
              peer.answered(id);
            }));
    cases.add(
        Case.of(
            "1.2.8",
            "a binary of 65536 bytes, " + CHOP + " bytes at a time",
            peer -> {
              byte[] frame = peer.socket().encode(RawSocket.BINARY, true, new byte[65_536], true);
              peer.chopped(frame, CHOP);
              peer.lives();
            }));
    cases.add(
        Case.of(
            "1.3.1",
            "a text of 200 bytes whose length has 8 bytes",
            peer -> nonMinimal(peer, 127, new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) 200})));
    cases.add(
        Case.of(
            "1.3.2",
            "a text of 100 bytes whose length has 2 bytes",
            peer -> nonMinimal(peer, 126, new byte[] {0, 100})));
    cases.add(
        Case.of(
            "1.3.3",
            "a length whose highest bit is set",
            peer -> {
              byte[] head = {
                (byte) 0x81, (byte) 0xff, (byte) 0x80, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0
              };
              peer.socket().send(head);
              peer.failed(1002);
            }));
    cases.add(
        Case.of(
            "1.4.1",
            "a frame that is not masked",
            peer -> {
              byte[] question = peer.surface().question(peer.nextId(), 0);
              peer.socket().send(peer.socket().encode(RawSocket.TEXT, true, question, false));
              peer.failed(1002);
            }));
    return cases;
  }

  private static void text(Peer peer, int length) throws Exception {
    if (length == 0) {
      peer.text("");
      peer.lives();
    } else {
      String id = peer.nextId();
      peer.frame(RawSocket.TEXT, true, peer.surface().question(id, length));
      peer.answered(id);
    }
  }

  private static void binary(Peer peer, int length) throws Exception {
    peer.frame(RawSocket.BINARY, true, new byte[length]);
    peer.lives();
  }

  /// The shortest form of a length is what has to be sent (section 5.2).
  private static void nonMinimal(Peer peer, int mark, byte[] length) throws Exception {
    peer.socket().send(new byte[] {(byte) 0x81, (byte) (0x80 | mark)});
    peer.socket().send(length);
    peer.socket().send(new byte[4]);
    peer.failed(1002);
  }
}
