package dev.myelin.live.access;

import dev.myelin.model.Grant;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A key as the journal keeps it.
///
/// @param hash of its secret, see [Secrets#hash]
record KeyRow(ApiKey key, String hash) {
  private static final byte VERSION = 1;

  KeyRow with(ApiKey other) {
    return new KeyRow(other, hash);
  }

  byte[] encode() {
    return Rows.encode(this::write);
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeByte(VERSION);
    out.writeUTF(key.id());
    out.writeUTF(key.tenant());
    out.writeUTF(key.name());
    out.writeShort(key.grants().size());
    for (Grant grant : key.grants()) {
      out.writeUTF(grant.toString());
    }
    out.writeInt(key.generation());
    Rows.time(out, key.createdAt());
    Rows.time(out, key.expiresAt());
    Rows.usage(out, key.usage());
    out.writeUTF(hash);
  }

  static KeyRow decode(byte[] row) {
    return Rows.decode("API key", VERSION, row, KeyRow::read);
  }

  private static KeyRow read(DataInputStream in) throws IOException {
    ApiKey key =
        new ApiKey(
            in.readUTF(),
            in.readUTF(),
            in.readUTF(),
            grants(in),
            in.readInt(),
            Rows.requiredTime(in),
            Rows.time(in),
            Rows.usage(in));
    return new KeyRow(key, in.readUTF());
  }

  private static List<Grant> grants(DataInputStream in) throws IOException {
    int number = in.readUnsignedShort();
    List<Grant> grants = new ArrayList<>(number);
    for (int i = 0; i < number; i++) {
      grants.add(Grant.parse(in.readUTF()));
    }
    return grants;
  }
}
