package dev.myelin.client.admin;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The API keys of a tenant. Any thread; calls block, and throw a
/// [dev.myelin.client.model.MyelinException]. What makes a key is sent once, however it ends.
public final class Keys {
  private static final String ALL = "/v1/admin/keys";

  private final Http http;

  public Keys(Http http) {
    this.http = http;
  }

  private static String one(String id) {
    return ALL + Call.path(id);
  }

  public IssuedKey create(NewKey key) {
    return AdminForms.issuedKey(http.send(Call.post(ALL, AdminForms.of(key))).json());
  }

  /// The keys of the own tenant; to whoever runs the server, all keys.
  public List<ApiKey> list() {
    return list(null);
  }

  /// The keys of a tenant; null for [#list()].
  public List<ApiKey> list(@Nullable String tenantId) {
    Call call = Call.get(ALL).with("tenant_id", tenantId);
    return http.send(call).array().stream().map(AdminForms::key).toList();
  }

  /// Makes a key anew with the same scopes; the old one is dead at once.
  public IssuedKey rotate(String id) {
    return AdminForms.issuedKey(http.send(Call.post(one(id) + "/rotate")).json());
  }

  /// Ends a key at once, and the connections that it opened.
  public void revoke(String id) {
    var _ = http.send(Call.delete(one(id)));
  }
}
