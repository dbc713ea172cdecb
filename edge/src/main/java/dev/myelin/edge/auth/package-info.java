/// Who may talk to the server: key, token or ticket, origin of a web page, name of the host.
@NullMarked
package dev.myelin.edge.auth;

import org.jspecify.annotations.NullMarked;
