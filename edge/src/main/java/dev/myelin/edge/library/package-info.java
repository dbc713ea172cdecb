/// Libraries over HTTP: documents, search, the change feed. Each `...Routes` class is a list of
/// routes over one service; `Rooms` puts them together. Other services of libraries (jobs,
/// webhooks) add theirs in the same way: a class with `List<Route> routes()`, named in `Rooms`, its
/// paths described in `/api/openapi.yaml`.
@NullMarked
package dev.myelin.edge.library;

import org.jspecify.annotations.NullMarked;
