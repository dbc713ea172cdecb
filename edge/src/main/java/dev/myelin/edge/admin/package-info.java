/// `/v1/admin`: tenants, keys and backups.
@NullMarked
package dev.myelin.edge.admin;

import org.jspecify.annotations.NullMarked;
