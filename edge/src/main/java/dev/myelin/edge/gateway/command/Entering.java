package dev.myelin.edge.gateway.command;

import dev.myelin.edge.gateway.subscription.Opening;
import dev.myelin.model.Principal;
import java.util.List;

/// Somebody on the way in.
///
/// @param status that he will be told
/// @param openings what he hears again
record Entering(Principal principal, String client, String status, List<Opening> openings) {}
