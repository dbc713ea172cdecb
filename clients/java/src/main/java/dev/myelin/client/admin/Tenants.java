package dev.myelin.client.admin;

import dev.myelin.client.http.Call;
import dev.myelin.client.http.Http;
import java.util.List;

/// The tenants of a server: for whoever runs it. Any thread; calls block, and throw a
/// [dev.myelin.client.model.MyelinException]. What makes a key is sent once, however it ends.
public final class Tenants {
  private static final String ALL = "/v1/admin/tenants";

  private final Http http;

  public Tenants(Http http) {
    this.http = http;
  }

  private static String one(String id) {
    return ALL + Call.path(id);
  }

  /// Makes a tenant with its first key, which may do everything that is the tenant's.
  public IssuedTenant create(NewTenant tenant) {
    return AdminForms.issuedTenant(http.send(Call.post(ALL, AdminForms.of(tenant))).json());
  }

  public List<Tenant> list() {
    return http.send(Call.get(ALL)).array().stream().map(AdminForms::tenant).toList();
  }

  /// A tenant; status 404 if there is none.
  public Tenant get(String id) {
    return AdminForms.tenant(http.send(Call.get(one(id))).json());
  }

  /// Makes the tenant's first key anew; the old one is dead at once.
  ///
  /// @return the new key, told this once only
  public String rotate(String id) {
    return http.send(Call.post(one(id) + "/rotate")).json().text("new_api_key");
  }

  /// Ends a tenant: its keys are dead at once, what it has is kept.
  public void deactivate(String id) {
    var _ = http.send(Call.delete(one(id)));
  }
}
