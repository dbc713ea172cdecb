package dev.myelin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What every engine does with tables.
public abstract class TableContract extends JournalFixture {
  @Test
  void deletesAllPairsOfAPrefixAndNoOthers() {
    Change.of(
            batch -> {
              for (String key : List.of("a", "s1", "s1/1", "s1/2", "s2", "t")) {
                batch.put(TABLE, bytes(key), bytes("v"));
                batch.put(OTHER_TABLE, bytes(key), bytes("v"));
              }
              batch.put(TABLE, new byte[] {(byte) 0xff}, bytes("v"));
              batch.put(TABLE, new byte[] {(byte) 0xff, 1}, bytes("v"));
            })
        .submitTo(journal)
        .join();
    List<@Nullable String> seen = new ArrayList<>();
    Change within =
        Change.of(batch -> {
          batch.put(TABLE, bytes("s1/3"), bytes("v"));
          batch.deleteAll(TABLE, bytes("s1"));
          seen.add(text(batch.get(TABLE, bytes("s1/1"))));
          seen.add(text(batch.get(TABLE, bytes("s1/3"))));
          batch.put(TABLE, bytes("s1/4"), bytes("new"));
          batch.deleteAll(TABLE, new byte[] {(byte) 0xff});
        });
    Change later =
        Change.of(batch -> {
          seen.add(text(batch.get(TABLE, bytes("s1/2"))));
          seen.add(text(batch.get(TABLE, bytes("s1/4"))));
        });
    inOneBatch(within, later);
    later.join();

    assertThat(seen).containsExactly(null, null, null, "new");
    assertThat(pairs(TABLE, "").keySet()).containsExactly("a", "s1/4", "s2", "t");
    assertThat(pairs(OTHER_TABLE, "").keySet())
        .containsExactly("a", "s1", "s1/1", "s1/2", "s2", "t");
  }

  @Test
  void scansAPrefixInOrderOfKeyUntilTold() {
    Change.of(
            batch -> {
              for (int i = 0; i < 10; i++) {
                batch.put(TABLE, bytes("k" + i), bytes("v" + i));
              }
              batch.put(TABLE, bytes("j"), bytes("v"));
              batch.put(TABLE, bytes("l"), bytes("v"));
              batch.put(OTHER_TABLE, bytes("k"), bytes("v"));
            })
        .submitTo(journal)
        .join();

    List<String> keys = new ArrayList<>();
    journal.scan(
        TABLE,
        bytes("k"),
        (key, value) -> {
          keys.add(text(key));
          return keys.size() < 4;
        });

    assertThat(keys).containsExactly("k0", "k1", "k2", "k3");
    assertThat(pairs(TABLE, "k")).hasSize(10);
    assertThat(pairs(OTHER_TABLE, "")).hasSize(1);
  }

  @Test
  void scansAPrefixFromAKeyOn() {
    Change.of(
            batch -> {
              for (String key : List.of("j", "k1", "k3", "k5", "l")) {
                batch.put(TABLE, bytes(key), bytes("v"));
              }
            })
        .submitTo(journal)
        .join();

    assertThat(keysFrom("k", "k3")).containsExactly("k3", "k5");
    assertThat(keysFrom("k", "k4")).containsExactly("k5");
    assertThat(keysFrom("k", "k")).containsExactly("k1", "k3", "k5");
    assertThat(keysFrom("k", "a")).containsExactly("k1", "k3", "k5");
    assertThat(keysFrom("k", "k9")).isEmpty();
    assertThat(keysFrom("k", "l")).isEmpty();
  }

  private List<String> keysFrom(String prefix, String from) {
    List<String> keys = new ArrayList<>();
    journal.scan(TABLE, bytes(prefix), bytes(from), (key, _) -> keys.add(text(key)));
    return keys;
  }
}
