package dev.myelin.live.token;

import dev.myelin.live.access.Rows;
import dev.myelin.live.token.Revocation.Kind;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// A revocation as the journal keeps it.
final class RevocationRow {
  private static final byte VERSION = 1;

  private RevocationRow() {}

  static byte[] encode(Revocation revocation) {
    return Rows.encode(out -> write(out, revocation));
  }

  private static void write(DataOutputStream out, Revocation revocation) throws IOException {
    out.writeByte(VERSION);
    out.writeUTF(revocation.id());
    out.writeUTF(revocation.tenant());
    out.writeUTF(revocation.kind().word());
    out.writeUTF(revocation.value());
    Rows.time(out, revocation.at());
    Rows.time(out, revocation.until());
    out.writeUTF(revocation.by());
  }

  static Revocation decode(byte[] row) {
    return Rows.decode("revoked token", VERSION, row, RevocationRow::read);
  }

  private static Revocation read(DataInputStream in) throws IOException {
    return new Revocation(
        in.readUTF(),
        in.readUTF(),
        kind(in.readUTF()),
        in.readUTF(),
        Rows.requiredTime(in),
        Rows.requiredTime(in),
        in.readUTF());
  }

  private static Kind kind(String word) throws IOException {
    for (Kind kind : Kind.values()) {
      if (kind.word().equals(word)) {
        return kind;
      }
    }
    throw new IOException("kind");
  }
}
