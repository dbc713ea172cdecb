/// The commands about tenants and API keys.
@NullMarked
package dev.myelin.server.admin;

import org.jspecify.annotations.NullMarked;
