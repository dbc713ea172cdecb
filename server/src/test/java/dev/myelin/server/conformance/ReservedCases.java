package dev.myelin.server.conformance;

import dev.myelin.server.RawSocket;
import java.util.ArrayList;
import java.util.List;

/// Groups 3 and 4: bits and opcodes that mean nothing yet (section 5.2).
final class ReservedCases {
  private static final int[] OPCODES = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15};

  private ReservedCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (int bits = 1; bits <= 7; bits++) {
      int reserved = bits;
      cases.add(
          Case.of(
              "3." + bits,
              "a text with the reserved bits " + Integer.toBinaryString(bits),
              peer -> frame(peer, RawSocket.TEXT | reserved << 4)));
    }
    cases.add(
        Case.of("3.8", "a ping with a reserved bit", peer -> frame(peer, RawSocket.PING | 0x40)));
    cases.add(
        Case.of(
            "3.9",
            "a close with a reserved bit",
            peer -> {
              peer.frame(RawSocket.CLOSE | 0x20, true, new byte[] {3, (byte) 0xe8});
              peer.failed(1002);
            }));
    cases.add(
        Case.of(
            "3.10",
            "a good text, then one with a reserved bit",
            peer -> {
              peer.lives();
              frame(peer, RawSocket.TEXT | 0x10);
            }));
    for (int i = 0; i < OPCODES.length; i++) {
      int opcode = OPCODES[i];
      String id = "4." + (opcode < 8 ? "1." + (i + 1) : "2." + (i - 4));
      cases.add(Case.of(id, "a frame with opcode " + opcode, peer -> frame(peer, opcode)));
    }
    return cases;
  }

  private static void frame(Peer peer, int first) throws Exception {
    byte[] payload =
        (first & 8) == 0 ? peer.surface().question(peer.nextId(), 0) : new byte[] {1, 2};
    peer.frame(first, true, payload);
    peer.failed(1002);
  }
}
