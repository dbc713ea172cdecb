/// `/v1/admin`: tenants and keys.
@NullMarked
package dev.myelin.edge.admin;

import org.jspecify.annotations.NullMarked;
