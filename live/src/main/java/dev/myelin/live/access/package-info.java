/// Tenants and their API keys: who may use the server, and for what.
///
/// The door is [AccessRegistry].
@NullMarked
package dev.myelin.live.access;

import org.jspecify.annotations.NullMarked;
