package dev.myelin.live.access;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/// A tenant as the journal keeps it.
///
/// @param keyId the key that it was made with
record TenantRow(Tenant tenant, String keyId) {
  private static final byte VERSION = 1;

  TenantRow with(Tenant other) {
    return new TenantRow(other, keyId);
  }

  byte[] encode() {
    return Rows.encode(this::write);
  }

  private void write(DataOutputStream out) throws IOException {
    out.writeByte(VERSION);
    out.writeUTF(tenant.id());
    out.writeUTF(tenant.name());
    Rows.text(out, tenant.metadata());
    Rows.time(out, tenant.createdAt());
    Rows.time(out, tenant.expiresAt());
    out.writeBoolean(tenant.active());
    Rows.usage(out, tenant.usage());
    out.writeUTF(keyId);
  }

  static TenantRow decode(byte[] row) {
    return Rows.decode("tenant", VERSION, row, TenantRow::read);
  }

  private static TenantRow read(DataInputStream in) throws IOException {
    Tenant tenant =
        new Tenant(
            in.readUTF(),
            in.readUTF(),
            Rows.text(in),
            Rows.requiredTime(in),
            Rows.time(in),
            in.readBoolean(),
            Rows.usage(in));
    return new TenantRow(tenant, in.readUTF());
  }
}
