/// HTTP with JSON: who answers which path, bodies with a bound, failures as problem documents.
///
/// A surface is a list of [dev.myelin.edge.rest.Route]s: a method, a path template such as
/// `/v1/libraries/{library_id}`, and a [dev.myelin.edge.rest.RestHandler], which runs on a virtual
/// thread and may block. It takes a [dev.myelin.edge.rest.RestRequest] and gives a
/// [dev.myelin.edge.rest.RestAnswer], or throws [dev.myelin.model.ServiceException] or
/// [dev.myelin.edge.rest.RestException]. To add one, make a list of routes from the services it
/// needs, and name it beside the others in `dev.myelin.edge.Rooms`; whatever is served is described
/// in `/api/openapi.yaml`, or a test fails. Reading of bodies, compression, idempotency keys,
/// conditional requests, HEAD, OPTIONS and request ids are the surface's work, not the handler's.
@NullMarked
package dev.myelin.edge.rest;

import org.jspecify.annotations.NullMarked;
