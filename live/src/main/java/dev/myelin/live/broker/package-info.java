/// Who publishes and who hears: the one fan-out engine of the server,
/// [dev.myelin.live.broker.Broker].
@NullMarked
package dev.myelin.live.broker;

import org.jspecify.annotations.NullMarked;
