/// `WS /v1/stream`: JSON text frames and binary protobuf frames to observation sessions and back.
@NullMarked
package dev.myelin.edge.stream;

import org.jspecify.annotations.NullMarked;
