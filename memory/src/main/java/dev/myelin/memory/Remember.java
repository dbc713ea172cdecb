package dev.myelin.memory;

import dev.myelin.journal.Lane;
import dev.myelin.model.Episode;
import dev.myelin.model.SpaceId;

/// A request to commit one episode to a space.
public record Remember(SpaceId space, Episode episode, Lane lane) {}
