package dev.myelin.server;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What several clients wrote to one register and read from it, and whether there is an order of
/// all that which keeps to each one's time and in which every read gives what was written last
/// (Wing and Gong, 1993; with the states that were seen kept, after Lowe, 2017).
final class RegisterHistory {
  private RegisterHistory() {}

  /// One call.
  ///
  /// @param value what was written or read; 0 is what was there before everything
  /// @param called on a clock that all clients share
  record Operation(boolean writes, long value, long called, long returned) {
    static Operation write(long value, long called, long returned) {
      return new Operation(true, value, called, returned);
    }

    static Operation read(long value, long called, long returned) {
      return new Operation(false, value, called, returned);
    }
  }

  private record State(BitSet done, long value) {}

  static boolean isLinearizable(List<Operation> given) {
    List<Operation> operations =
        given.stream().sorted(Comparator.comparingLong(Operation::called)).toList();
    Deque<State> open = new ArrayDeque<>();
    Set<State> seen = new HashSet<>();
    open.push(new State(new BitSet(), 0));
    while (!open.isEmpty()) {
      State state = open.pop();
      if (state.done.cardinality() == operations.size()) {
        return true;
      }
      long firstReturn = Long.MAX_VALUE;
      for (int i = state.done.nextClearBit(0); i < operations.size(); ) {
        Operation next = operations.get(i);
        if (next.called > firstReturn) {
          break; // it and all behind it were called after something else had returned
        }
        firstReturn = Math.min(firstReturn, next.returned);
        if (next.writes || next.value == state.value) {
          BitSet done = (BitSet) state.done.clone();
          done.set(i);
          State after = new State(done, next.value);
          if (seen.add(after)) {
            open.push(after);
          }
        }
        i = state.done.nextClearBit(i + 1);
      }
    }
    return false;
  }
}
