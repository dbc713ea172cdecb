/// Tenants and API keys: for whoever runs a server.
@NullMarked
package dev.myelin.client.admin;

import org.jspecify.annotations.NullMarked;
