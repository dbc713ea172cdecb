package dev.myelin.edge.gateway.connection;

import dev.myelin.live.connection.Place;
import dev.myelin.model.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a connection said of itself before it was one.
///
/// @param principal whose credential it showed, or everybody where none is needed; null if it has
///   to show one yet
/// @param clientId from the query; null if it named none
/// @param sessionId of the session that it wants to go on with; null for a new one
/// @param listensOnly whether it takes no commands
/// @param channels to listen to
/// @param place what it counts for
public record Handshake(
    @Nullable Principal principal,
    @Nullable String clientId,
    @Nullable String sessionId,
    boolean listensOnly,
    List<String> channels,
    String address,
    Place place) {}
