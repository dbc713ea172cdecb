package dev.myelin.edge.wire;

import java.util.AbstractList;
import java.util.RandomAccess;

/// A float array as the list that protobuf builders take.
final class FloatView extends AbstractList<Float> implements RandomAccess {
  private final float[] values;

  FloatView(float[] values) {
    this.values = values;
  }

  @Override
  public Float get(int index) {
    return values[index];
  }

  @Override
  public int size() {
    return values.length;
  }
}
