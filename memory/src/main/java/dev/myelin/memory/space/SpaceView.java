package dev.myelin.memory.space;

import dev.myelin.memory.index.Hidden;
import dev.myelin.memory.index.IndexSnapshot;
import dev.myelin.memory.tail.TailView;

/// A space as it was at one moment: the index, and the tail after it. Nothing acknowledged before
/// is missing, and nothing is in both.
///
/// @param index what is indexed; closed with the view
/// @param tail what is not
public record SpaceView(IndexSnapshot index, TailView tail) implements AutoCloseable {

  /// The view of now. The tail is looked at first: an index that moved on meanwhile covers more of
  /// it.
  static SpaceView of(OpenSpace space) {
    TailView tail = space.tail().view();
    IndexSnapshot index = space.index().snapshot();
    return new SpaceView(index, tail.after(index.covered()));
  }

  /// The offset of the newest record that it sees.
  public long end() {
    return tail.end();
  }

  /// What the index has and the tail took away.
  public Hidden hidden() {
    int deaths = tail.deaths();
    return deaths == 0 ? Hidden.NONE : new Hidden(tail::isDead, deaths);
  }

  /// How many memories can be recalled.
  public long memories() {
    long[] sum = {index.memories()};
    tail.each(_ -> sum[0]++);
    tail.eachForeignDeath(memory -> sum[0] -= index.contains(memory) ? 1 : 0);
    return sum[0];
  }

  @Override
  public void close() {
    index.close();
  }
}
